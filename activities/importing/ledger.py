"""The kind of import: what each row means, what it would write, and what follows from writing it and from undoing it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.importing import undoing, words, writing
from activities.importing.doubles import Doubles
from activities.importing.houses import Houses
from activities.importing.known import Known
from activities.importing.reading import check_numbers, persons, plain_yuan, said_by, with_household, yuan
from activities.importing.stored import key_of
from activities.ledgers import ACTIVITIES
from activities.models import ActivityType, Carrier
from activities.refusals import SENTENCES
from lib.periods import period_of
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Choice, DateValue
from pairing.models import Pairing
from tenancy.scope import Actor
from units.importing.asking import ask_which_unit, chosen_unit, find_unit, find_village
from units.importing.plan import Plan
from units.importing.registry import Context, ImportKind
from units.importing.rows import Row
from units.models import ImportBatch, ImportChange, Unit

_BETWEEN_UNITS = re.compile(r"[、,，;；]")


class ActivityLedger(ImportKind):
    """One row a record, submitted to the village for confirmation: by proxy when the county brings it in.

    A row is found again by its pairing, type, day and words; what has been confirmed is never changed by a file.
    """

    code = "activities"
    sheet: ClassVar[SheetKind] = ACTIVITIES
    aliases = ("activity", "records", "活动", "活动台账", "共建活动台账")
    whole_county = False

    # -- matching ---------------------------------------------------------------------------
    def match(self, rows: Sequence[Row], context: Context) -> None:
        known = Known.load(context.today)
        for row in rows:
            self._match(row, context, known)
        doubles = Doubles([row for row in rows if "said" in row.found])
        doubles.settle()
        Houses.load(rows).settle(rows)
        context.facts["doubles"] = doubles
        context.facts["unopened"] = known.unopened

    def _match(self, row: Row, context: Context, known: Known) -> None:
        units = self._units(row, context, known)
        paired = {village for unit in units for village in known.villages_of[unit.pk]}
        likely = [context.places.by_id[pk] for pk in sorted(paired) if pk in context.places.by_id]
        village = find_village(row, "village", "town", context, prefer=paired, likely=likely)
        day = row.read("occurred_on")
        span = day if isinstance(day, DateValue) else None
        pairings = self._pairings(row, units, village, span, known, context)
        one = self._type(row, pairings, known)
        check_numbers(row)
        row.values = self._plain(row, context, units, village, span, one or self._type_told(row, known))
        if span is None or one is None or not pairings:
            return
        self._check(row, span, pairings, known, context)
        said = said_by(row, span, one, pairings, known)
        row.key = key_of((str(p.uid) for p in pairings), one.code, span.start, said.facts.title, said.facts.text)
        row.found = {"said": said, "pairings": pairings, "type": one, "village": village}

    def _units(self, row: Row, context: Context, known: Known) -> list[Unit]:
        """The units that a cell names: one, or several that did it together. Asking offers those of the village first."""
        text = row.text("unit")
        parts = [part.strip() for part in _BETWEEN_UNITS.split(text) if part.strip()]
        if len(parts) < 2 or context.places.organisation(text).unit is not None or row.asked("unit_unknown", "unit", text):
            likely = known.units_of.get(_village_id(row, context), ()) if context.places.organisation(text).unit is None else ()
            unit = find_unit(
                row, "unit", context, likely=[context.places.by_id[pk] for pk in likely if pk in context.places.by_id]
            )
            return [unit] if unit is not None else []
        found = []
        for part in parts:
            place = context.places.organisation(part)
            unit = place.unit or chosen_unit(row, "unit", part, context)
            if unit is None:
                ask_which_unit(row, "unit", part, place.candidates)
            else:
                found.append(unit)
        return list(dict.fromkeys(found)) if len(found) == len(parts) else []

    def _pairings(
        self, row: Row, units: list[Unit], village: Unit | None, day: DateValue | None, known: Known, context: Context
    ) -> tuple[Pairing, ...]:
        """The pairings of the row's units with its village, all of one programme; those active on its day, if any were.

        Puts an error on the row when there are none.
        """
        if not units or village is None:
            return ()
        found = [known.pairings[unit.pk, village.pk] for unit in units]
        missing = [unit.name for unit, pairings in zip(units, found, strict=True) if not pairings]
        if missing:
            names = {"units": "、".join(missing), "village": village.name}
            row.error(
                "village", "not_paired", _("%(units)s and %(village)s are not paired. Correct the unit or the village.") % names
            )
            return ()
        programmes = [pairing.programme_id for pairing in found[0]]
        sets = [
            tuple(next((p for p in pairings if p.programme_id == programme), None) for pairings in found)
            for programme in dict.fromkeys(programmes)
        ]
        whole = [tuple(p for p in one if p is not None) for one in sets if None not in one]
        # A pairing that ended and began anew in one year stands there twice.
        single = [(pairing,) for pairing in found[0]] if len(found) == 1 else []
        choices: list[tuple[Pairing, ...]] = [*single, *whole]
        if day is not None:
            active = [one for one in choices if all(known.was_active(pairing, day.start) for pairing in one)]
            choices = active or choices
        if not choices:
            message = _(
                "The units named together are paired with the village in different programme years. Write a row for each."
            )
            row.error("unit", "two_programmes", message)
            return ()
        return choices[0]

    def _check(self, row: Row, day: DateValue, pairings: tuple[Pairing, ...], known: Known, context: Context) -> None:
        """What ``write_record`` refuses, said beforehand: future, outside the pairing's time, not one's own, locked."""
        if day.end > context.today:
            row.error("occurred_on", "in_future", str(SENTENCES["in_future"]))
            return
        if not all(known.was_active(pairing, day.start) for pairing in pairings):
            row.error("occurred_on", "not_active", str(SENTENCES["not_active"]) % {"day": day.start.isoformat()})
        if context.reach is None:
            return
        own = [pairing for pairing in pairings if {pairing.unit_id, pairing.party_org_id} & context.reach]
        if not own:
            row.error("unit", "not_yours", str(SENTENCES["not_yours"]))
            return
        for pairing in pairings:
            locked = known.locked_since(pairing, day.start, context.today)
            if locked is not None:
                told = {"month": period_of("month", day.start).code, "locked": locked.isoformat()}
                row.error("occurred_on", "period_locked", str(SENTENCES["period_locked"]) % told)
                return

    # -- types ------------------------------------------------------------------------------
    def _type(self, row: Row, pairings: tuple[Pairing, ...], known: Known) -> ActivityType | None:
        """The type that the row's word means in its programme year; asks when that is not plain."""
        text = row.text("type")
        if not text or not pairings:
            return None
        programme = pairings[0].programme
        types = known.types[programme.pk]
        code = known.code_of(programme.pk, words.type_spellings(text)) or row.asked("type_unknown", "type", text) or ""
        if code in types:
            return types[code]
        choices = tuple(Choice(one.code, one.name) for one in sorted(types.values(), key=lambda one: (one.position, one.pk)))
        message = _("“%(word)s” is no type of activity of the programme year %(year)d. Which one is meant?")
        row.ask("type_unknown", "type", text, message % {"word": text, "year": programme.year}, choices)
        return None

    def _type_told(self, row: Row, known: Known) -> str:
        """Code of the type as far as the word alone tells it, for a row that cannot be imported yet."""
        return known.code_anywhere(words.type_spellings(row.text("type")))

    def _plain(
        self,
        row: Row,
        context: Context,
        units: list[Unit],
        village: Unit | None,
        day: DateValue | None,
        one: ActivityType | str,
    ) -> dict[str, Any]:
        number, approx = persons(row)
        return {
            "occurred_on": day.start.isoformat() if day is not None else None,
            "ends_on": day.end.isoformat() if day is not None and day.end != day.start else None,
            "unit": "、".join(unit.name for unit in units) or row.text("unit"),
            "town": context.places.town_of(village) if village is not None else row.text("town"),
            "village": village.name if village is not None else row.text("village"),
            "type": one if isinstance(one, str) else one.code,
            "title": row.text("title"),
            "text": row.text("text"),
            "place": row.text("place"),
            "participants": row.text("participants"),
            "person_times": number,
            "approx": approx,
            "leader": row.text("leader"),
            "beneficiaries": row.text("beneficiaries"),
            "money_yuan": plain_yuan(yuan(row)[0]),
            "evidence": row.text("evidence"),
            "reporter": row.text("reporter"),
            "notes": row.text("notes"),
        }

    # -- planning ---------------------------------------------------------------------------
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        doubles: Doubles = context.facts["doubles"]
        is_proxy = context.reach is None
        for row in rows:
            stored = doubles.stored.get(id(row))
            if doubles.is_left_out(row):
                row.effect = "same"
            elif stored is None:
                row.effect = "add"
                said = row.found["said"].facts
                if row.found["type"].carrier == Carrier.COURTYARD:
                    said = with_household(said, row)
                plan.own.append(writing.Planned(row.reading.sheet, row.reading.row, said, is_proxy, context.reach))
            else:
                writing.plan_change(row, stored, plan)

    def information(self, rows: Sequence[Row], context: Context) -> list[str]:
        ok = [row for row in rows if row.is_ok]
        n_new = sum(row.effect == "add" for row in ok)
        unopened = {row.found["pairings"][0].programme_id for row in ok} & set(context.facts["unopened"])
        told = [writing.not_open(context.facts["unopened"][pk]) for pk in sorted(unopened)]
        if n_new and context.reach is None:
            message = ngettext(
                "%(n)d record would be written by proxy for its unit, and waits for its village to confirm it.",
                "%(n)d records would be written by proxy for their units, and wait for their villages to confirm them.",
                n_new,
            )
            told.append(message % {"n": n_new})
        n_marked = sum(_lacks_house(row) for row in ok if row.effect == "add")
        if n_marked:
            message = ngettext(
                "%(n)d courtyard names no house number: it is written down marked 待补, to be completed.",
                "%(n)d courtyards name no house number: they are written down marked 待补, to be completed.",
                n_marked,
            )
            told.append(message % {"n": n_marked})
        return told

    # -- writing and undoing ----------------------------------------------------------------
    def write(self, plan: Plan, batch: ImportBatch, who: Actor) -> int:
        return writing.write(plan, batch, who)

    def taking_back(self, changes: Sequence[ImportChange]) -> None:
        undoing.refuse_confirmed(changes)

    def undone(self, batch: ImportBatch, who: Actor) -> None:
        undoing.follow(batch, who)


def _village_id(row: Row, context: Context) -> int:
    """Id of the village that the row names plainly; 0 when it does not."""
    found = context.places.village(row.text("village"), row.text("town")).unit
    return found.pk if found is not None else 0


def _lacks_house(row: Row) -> bool:
    one = row.found.get("type")
    return one is not None and one.carrier == Carrier.COURTYARD and not row.found["said"].facts.house_no
