"""The kinds of import: which item each row is, what it would write, and what follows from undoing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.actions.claims import first_state_of
from activities.actions.facts import RecordFacts
from activities.households import house_key
from activities.importing import undoing
from activities.importing.known import Known
from activities.importing.things import sheets, writing
from activities.importing.things.places import pairings_of, unit_of, village_of
from activities.importing.things.reading import Said, said_by
from activities.importing.things.stored import FINISHING, Archive, Stored, best
from activities.importing.writing import not_open
from activities.models import ActivityType, Item, ItemKind, Step
from activities.refusals import SENTENCES
from lib.chinese.text import match_key
from lib.periods import period_of
from lib.sheets.columns import SheetKind
from lib.sheets.fingerprint import fingerprint
from lib.sheets.readings import Choice
from pairing.models import Pairing
from tenancy.scope import Actor
from units.importing.plan import Plan
from units.importing.registry import Context, ImportKind
from units.importing.rows import Row
from units.models import ImportBatch, ImportChange

ANOTHER, LEAVE, THIS_ONE = "another", "leave", "is:"
_LONGEST_SHEET = 10


class ItemLedger(ImportKind):
    """One row an item. Its days (begun, closed, built, awarded) are records, submitted to the village for confirmation.

    A row is found again by unit, village and name, a courtyard by its household; what has been confirmed is never
    changed by a file.
    """

    whole_county = False
    item: ClassVar[ItemKind]

    # -- matching ---------------------------------------------------------------------------
    def match(self, rows: Sequence[Row], context: Context) -> None:
        known = Known.load(context.today)
        for row in rows:
            self._read(row, context, known)
        readable = [row for row in rows if "said" in row.found]
        archive = Archive(self.item, {row.found["pairings"][0].village_id for row in readable})
        taken: set[int] = set()
        for row in readable:
            self._find(row, archive, taken)
        self._settle_twins(readable)
        for row in readable:
            if row.is_ok and row.found["stored"] is None and not row.found.get("left_out"):
                self._ask_about_alike(row, archive, taken)
            self._settle_steps(row, context, known)
        context.facts["unopened"] = known.unopened

    def _read(self, row: Row, context: Context, known: Known) -> None:
        unit = unit_of(row, context, known)
        village = village_of(row, unit, context, known)
        said = said_by(row, self.item)
        row.values = {
            "unit": unit.name if unit is not None else row.text("unit"),
            "village": village.name if village is not None else row.text("village"),
            "town": context.places.town_of(village) if village is not None else row.text("town"),
            **{name: _told(value) for name, value in (said.columns | said.details).items()},
            "completed_on": _told(said.finished_on),
            "awarded_on": _told(said.awarded_on),
        }
        pairings = pairings_of(row, unit, village, known)
        if not pairings:
            return
        household = house_key(said.columns.get("house_no", ""))
        if self.item == ItemKind.COURTYARD and not household and not said.columns.get("householder"):
            row.error("house_no", "item_missing", _("Fill in the house number, or at least the householder."))
            return
        if self.item != ItemKind.COURTYARD and "name" not in said.columns:
            return
        row.found = {"said": said, "pairings": pairings, "household": household, "stored": None}
        row.key = fingerprint(
            tuple(sorted(str(pairing.uid) for pairing in pairings)),
            household or match_key(said.columns.get("name") or said.columns["householder"]),
            None if household or self.item == ItemKind.PROJECT else said.finished_on or said.columns.get("raised_on"),
        )

    def _find(self, row: Row, archive: Archive, taken: set[int]) -> None:
        """Find the item that the row is: among those of its unit and village, or the household that somebody else holds."""
        said: Said = row.found["said"]
        pairings: Sequence[Pairing] = row.found["pairings"]
        found = archive.candidates(pairings, said, row.found["household"])
        own = {pairing.pk for pairing in pairings}
        stored = best([one for one in found if one.item.pairing_id in own], said, taken)
        foreign = next((one for one in found if one.item.pairing_id not in own), None)
        if stored is None and foreign is not None:
            day = foreign.finished_on or foreign.item.created_at.date()
            told = {"house": foreign.item.house_no, "unit": foreign.item.pairing.unit.name, "day": day.isoformat()}
            row.error("house_no", "duplicate_courtyard", str(SENTENCES["duplicate_courtyard"]) % told)
        if stored is not None:
            self._is(row, stored, taken)

    @staticmethod
    def _is(row: Row, stored: Stored, taken: set[int]) -> None:
        row.found["stored"] = stored
        taken.add(stored.item.pk)

    def _settle_twins(self, rows: Sequence[Row]) -> None:
        """Rows of the file in the same words: imported once, or asked about."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            earlier = groups[row.key]
            if row.found["stored"] is None and earlier:
                self._settle_twin(row, earlier)
            earlier.append(row)

    def _settle_twin(self, row: Row, earlier: list[Row]) -> None:
        equal = next((one for one in earlier if one.found["said"] == row.found["said"]), None)
        where = {"row": (equal or earlier[0]).reading.row, "sheet": (equal or earlier[0]).reading.sheet}
        if equal is not None:
            message = _("The same stands in row %(row)d of sheet %(sheet)s, in the same words: it is imported once.")
            row.note("", "same_twice", message % where)
            row.found["left_out"] = True
            return
        if row.found["household"]:
            house = {"house": row.found["said"].columns["house_no"], **where}
            message = _("%(house)s stands in row %(row)d of sheet %(sheet)s too. A household is new once a year.")
            row.error("house_no", "duplicate_courtyard", message % house)
            return
        answer = row.asked("twice", "", row.key, per_cell=True)
        if answer == LEAVE:
            row.found["left_out"] = True
        elif answer != ANOTHER:
            message = _("Row %(row)d of sheet %(sheet)s names the same unit, village and thing, with other values. Another one?")
            row.ask("twice", "", row.key, message % where, (_another(), _leave()), per_cell=True)

    def _ask_about_alike(self, row: Row, archive: Archive, taken: set[int]) -> None:
        found = archive.alike(row.found["pairings"], row.found["said"], taken)
        if found is None:
            return
        answer = row.asked("duplicate_item", "", row.key, per_cell=True) or ""
        if answer == ANOTHER:
            return
        if answer == LEAVE:
            row.found["left_out"] = True
            return
        named = archive.by_uid.get(answer.removeprefix(THIS_ONE))
        if named is not None and named.item.pk not in taken:
            self._is(row, named, taken)
            return
        message = (
            _("A household of this unit is still without its number: “%(name)s”. Is it this one?")
            if self.item == ItemKind.COURTYARD
            else _("Something very like it is there already: “%(name)s”. Is this the same, or another?")
        )
        choices = (Choice(f"{THIS_ONE}{found.item.uid}", _("The same one: correct it by this row")), _another(), _leave())
        row.ask("duplicate_item", "", row.key, message % {"name": found.item.name}, choices, per_cell=True)

    # -- what is reported of it ---------------------------------------------------------------
    def _settle_steps(self, row: Row, context: Context, known: Known) -> None:
        """The pairing that the row speaks for, and the steps it reports; errors for days on which nothing could be."""
        said: Said = row.found["said"]
        stored: Stored | None = row.found["stored"]
        pairings: Sequence[Pairing] = row.found["pairings"]
        if stored is not None:
            pairing = next((one for one in pairings if one.pk == stored.item.pairing_id), pairings[0])
        else:
            pairing = next((one for day in said.days for one in pairings if known.was_active(one, day)), pairings[0])
        row.found["pairing"] = pairing
        if context.reach is not None and not {pairing.unit_id, pairing.party_org_id} & context.reach:
            row.error("unit", "not_yours", str(SENTENCES["not_yours"]))
            return
        steps = []
        for step, column, day in self._steps(said, stored):
            if day > context.today:
                row.error(column, "in_future", str(SENTENCES["in_future"]))
            elif not known.was_active(pairing, day):
                if step == Step.STARTED:
                    message = _("It began on %(day)s, when the pairing was not active: no milestone is written for that.")
                    row.note(column, "began_before", message % {"day": day.isoformat()})
                else:
                    row.error(column, "not_active", str(SENTENCES["not_active"]) % {"day": day.isoformat()})
            elif (locked := known.locked_since(pairing, day, context.today)) is not None and context.reach is not None:
                told = {"month": period_of("month", day).code, "locked": locked.isoformat()}
                row.error(column, "period_locked", str(SENTENCES["period_locked"]) % told)
            else:
                steps.append((step, day))
        row.found["steps"] = steps
        if steps and self._type(pairing, known) is None:
            row.error("", "type_unknown", str(SENTENCES["type_unknown"]))

    def _steps(self, said: Said, stored: Stored | None) -> list[tuple[str, str, date]]:
        """(step, column, day) of what is not on record yet. What has begun long ago is told of new projects only."""
        told: list[tuple[str, str, date | None]] = [(FINISHING[self.item], "completed_on", said.finished_on)]
        if self.item == ItemKind.COURTYARD:
            told.append((Step.AWARDED, "awarded_on", said.awarded_on))
        if self.item == ItemKind.PROJECT and stored is None:
            told.insert(0, (Step.STARTED, "raised_on", said.started_on))
        known = stored.steps if stored is not None else {}
        return [(step, column, day) for step, column, day in told if day is not None and step not in known]

    def _type(self, pairing: Pairing, known: Known) -> ActivityType | None:
        """The type of the year by which such records are written: the first of its carrier."""
        types = sorted(known.types[pairing.programme_id].values(), key=lambda one: (one.position, one.pk or 0))
        return next((one for one in types if one.carrier == self.item), None)

    # -- planning ---------------------------------------------------------------------------
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        known = Known.load(context.today)
        for row in rows:
            stored: Stored | None = row.found["stored"]
            row.effect = "same"
            if row.found.get("left_out"):
                continue
            said: Said = row.found["said"]
            item = stored.item if stored is not None else self._new(row, context)
            facts = self._facts(row, item, known)
            if stored is None:
                row.effect = "add"
            else:
                self._plan_change(row, stored, said, plan)
                for each in facts:
                    row.tell(_("new record"), "", f"{Step(each.step).label} {each.occurred_on.isoformat()}")
                row.effect = "change" if row.changes else "same"
            if stored is None or facts:
                where = row.reading.sheet, row.reading.row
                plan.own.append(writing.Planned(*where, item, facts, context.reach is None, context.reach))

    def _plan_change(self, row: Row, stored: Stored, said: Said, plan: Plan) -> None:
        row.effect = "change"
        writing.plan_change(row, stored, said, plan)
        house_no = said.columns.get("house_no", "")
        if stored.is_marked and house_no and house_key(house_no) != stored.item.household:
            plan.change(row, stored.item, "house_no", house_no, label=_("House number"))
            plan.change(row, stored.item, "household", house_key(house_no))
        days = {FINISHING[self.item]: said.finished_on, Step.AWARDED: said.awarded_on}
        for step, reported in stored.steps.items():
            day = days.get(Step(step))
            if day is not None:
                writing.plan_day(row, reported, day, plan)

    def _new(self, row: Row, context: Context) -> Item:
        said: Said = row.found["said"]
        pairing: Pairing = row.found["pairing"]
        columns: Mapping[str, Any] = said.columns
        if self.item == ItemKind.COURTYARD:
            where = {"sheet": row.reading.sheet[:_LONGEST_SHEET], "row": row.reading.row, "mark": row.key[:8]}
            house_no = columns.get("house_no") or _("to be completed: %(sheet)s row %(row)d #%(mark)s") % where
            name = columns.get("householder") or house_no
            columns = {**columns, "house_no": house_no, "household": house_key(house_no), "name": name}
        return Item(
            tenant=context.tenant,
            kind=self.item,
            programme_id=pairing.programme_id,
            pairing=pairing,
            village_id=pairing.village_id,
            state=said.state or first_state_of(self.item),
            details=dict(said.details),
            **columns,
        )

    def _facts(self, row: Row, item: Item, known: Known) -> tuple[RecordFacts, ...]:
        said: Said = row.found["said"]
        pairing: Pairing = row.found["pairing"]
        one = self._type(pairing, known)
        if one is None:
            return ()
        text = said.outcome or said.details.get("stage", "") or item.description
        return tuple(
            RecordFacts(
                type=one.code,
                occurred_on=day,
                pairings=(pairing,),
                step=step,
                title=item.name,
                text=text,
                raised_on=item.raised_on if self.item == ItemKind.LIVELIHOOD else None,
                money_yuan=item.money_yuan if step == FINISHING[self.item] else None,
                beneficiaries=item.beneficiaries,
            )
            for step, day in row.found["steps"]
        )

    def information(self, rows: Sequence[Row], context: Context) -> list[str]:
        ok = [row for row in rows if row.is_ok and not row.found.get("left_out")]
        n_steps = sum(len(row.found["steps"]) for row in ok)
        unopened = {row.found["pairing"].programme_id for row in ok if row.found["steps"]} & set(context.facts["unopened"])
        told = [not_open(context.facts["unopened"][pk]) for pk in sorted(unopened)]
        if n_steps and context.reach is None:
            message = ngettext(
                "%(n)d record would be written by proxy for its unit, and waits for its village to confirm it.",
                "%(n)d records would be written by proxy for their units, and wait for their villages to confirm them.",
                n_steps,
            )
            told.append(message % {"n": n_steps})
        new = [row for row in ok if row.found["stored"] is None]
        n_marked = sum(self.item == ItemKind.COURTYARD and not row.found["household"] for row in new)
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
        # Nobody has confirmed a step that is taken back: it has moved no item.
        undoing.follow(batch, who, items=False)


class ProjectLedger(ItemLedger):
    """利民项目台账."""

    code = "projects"
    sheet: ClassVar[SheetKind] = sheets.PROJECTS
    aliases = ("project", "项目", "项目台账", "利民项目")
    item = ItemKind.PROJECT


class LivelihoodLedger(ItemLedger):
    """民生实事清单(台账)."""

    code = "livelihood"
    sheet: ClassVar[SheetKind] = sheets.LIVELIHOOD
    aliases = ("livelihood_item", "民生实事", "民生实事台账", "民生实事清单(台账)")
    item = ItemKind.LIVELIHOOD


class CourtyardLedger(ItemLedger):
    """美丽庭院台账."""

    code = "courtyards"
    sheet: ClassVar[SheetKind] = sheets.COURTYARDS
    aliases = ("courtyard", "庭院", "美丽庭院")
    item = ItemKind.COURTYARD


def _told(value: Any) -> Any:
    """A value as programs read it."""
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _another() -> Choice:
    return Choice(ANOTHER, _("Another one: import it too"))


def _leave() -> Choice:
    return Choice(LEAVE, _("Leave this row out"))
