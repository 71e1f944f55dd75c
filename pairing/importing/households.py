"""Households come in (党员联系户台账): found by pairing and house number, put on the list, their members named.

An empty cell takes nothing away, and a household that the file leaves out stays on the list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from lib.chinese.names import split_people
from lib.chinese.text import match_key
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Choice, DateValue
from pairing.actions.households import HouseholdFacts, tidy
from pairing.importing.household_sheet import HOUSEHOLDS
from pairing.importing.pairs import Pairs, find_pairings, is_within
from pairing.models import HouseholdContact, Pairing
from pairing.models.pairing import LIVE_STATES
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context, ImportKind
from units.importing.rows import Row

THIS_ROW, LEAVE, SAME = "this", "leave", "same"
_PHONE = re.compile(r"[0-9()\-+]{7,}")
_FIELDS = ("householder", "unit_member", "village_member", "notes")

Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of a household, and since when. ``covered_from``: None when it does not say."""

    facts: HouseholdFacts
    listed_on: date
    covered_from: date | None


class HouseholdLedger(ImportKind):
    """One row a household. Villages bring their own in, towns those of their villages, the county all of them."""

    code = "households"
    sheet: ClassVar[SheetKind] = HOUSEHOLDS
    aliases = ("household", "联系户", "党员联系户", "1+1+N", "党员联系户台账", "包户台账")
    whole_county = False
    households = True

    # -- matching ---------------------------------------------------------------------------
    def match(self, rows: Sequence[Row], context: Context) -> None:
        live = Pairing.objects.filter(state__in=LIVE_STATES).select_related("unit", "village__parent")
        pairs = Pairs.load(live.order_by("-programme__starts_on", "-programme_id", "id"))
        for row in rows:
            self._read(row, context, pairs)
        readable = [row for row in rows if "said" in row.found]
        stored = _stored({row.found["pairing"].pk for row in readable})
        first: dict[Place, Row] = {}
        for row in readable:
            self._settle_twin(row, first)
            self._compare(row, stored)

    def _read(self, row: Row, context: Context, pairs: Pairs) -> None:
        facts = tidy(
            HouseholdFacts(
                house_no=row.text("house_no") or row.text("address"),
                householder=row.text("householder"),
                unit_member=_member(row, "unit_member", context),
                village_member=_member(row, "village_member", context),
                notes=row.text("notes"),
            )
        )
        found = find_pairings(row, context, pairs)
        if not facts.house_no and facts.householder:
            # The village tells such households apart by group and householder, so does the list.
            mark = " ".join(part for part in (row.text("group"), facts.householder) if part)
            facts = replace(facts, house_no=mark[:40])
            row.note("house_no", "no_house_no", _("No house number: on the list it is called “%(name)s”.") % {"name": mark})
        row.values |= {name: getattr(facts, name) for name in ("house_no", *_FIELDS)}
        if not facts.house_no:
            row.error("house_no", "house_missing", _("Fill in the house number, or at least the householder."))
            return
        if not found:
            return
        pairing = found[0]
        if not is_within(pairing, context.reach):
            message = _("You bring in the households of your own villages only; this pairing is another's.")
            row.error("village", "not_yours", message)
            return
        said = _days(row, context, facts)
        if said is None:
            return
        row.found = {"pairing": pairing, "said": said, "stored": None}
        row.key = f"{pairing.uid}:{match_key(facts.house_no)}"[:64]
        if isinstance(row.read("delisted_on"), DateValue):
            row.note("delisted_on", "off_the_list", _("It has left the list: the row is passed over. Take it off on its page."))
            row.found["left_out"] = True

    def _settle_twin(self, row: Row, first: dict[Place, Row]) -> None:
        """Rows of the file about one household: imported once when they agree, asked about when they do not."""
        said: Said = row.found["said"]
        place = (row.found["pairing"].pk, match_key(said.facts.house_no))
        earlier = first.setdefault(place, row)
        if earlier is row or row.found.get("left_out"):
            return
        where = {"row": earlier.reading.row, "sheet": earlier.reading.sheet, "house": said.facts.house_no}
        if earlier.found["said"].facts == said.facts:
            message = _("The same stands in row %(row)d of sheet %(sheet)s, in the same words: it is imported once.")
            row.note("", "same_twice", message % where)
            row.found["left_out"] = True
            return
        answer = row.asked("twice", "house_no", row.key, per_cell=True)
        if answer == LEAVE:
            row.found["left_out"] = True
        elif answer == THIS_ROW:
            earlier.give_way(row, _("Row %(row)d of sheet %(sheet)s holds, as somebody answered."))
            first[place] = row
        else:
            message = _("%(house)s stands in row %(row)d of sheet %(sheet)s too, with other people. Which row holds?")
            choices = (Choice(THIS_ROW, _("This row")), Choice(LEAVE, _("Row %(row)d; leave this one out") % where))
            row.ask("twice", "house_no", row.key, message % where, choices, per_cell=True)

    def _compare(self, row: Row, stored: dict[Place, HouseholdContact]) -> None:
        """The household on the list that the row is; a question when another householder stands there."""
        said: Said = row.found["said"]
        held = stored.get((row.found["pairing"].pk, match_key(said.facts.house_no)))
        row.found["stored"] = held
        if held is None or not held.householder or not said.facts.householder or row.found.get("left_out"):
            return
        if match_key(held.householder) == match_key(said.facts.householder):
            return
        answer = row.asked("other_householder", "householder", row.key, per_cell=True)
        if answer == LEAVE:
            row.found["left_out"] = True
        elif answer != SAME:
            told = {"house": held.house_no, "held": held.householder, "said": said.facts.householder}
            message = _("%(house)s is on the list as the household of %(held)s; the row says %(said)s. Is it the same one?")
            choices = (
                Choice(SAME, _("The same one: %(said)s is householder now") % told),
                Choice(LEAVE, _("Another one: leave this row out and give it a number of its own")),
            )
            row.ask("other_householder", "householder", row.key, message % told, choices, per_cell=True)

    # -- planning ---------------------------------------------------------------------------
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        for row in rows:
            row.effect = "same"
            if row.found.get("left_out"):
                continue
            held: HouseholdContact | None = row.found["stored"]
            if held is None:
                row.effect = "add"
                plan.add(row, Wave.LEDGER, _new(row, context))
            else:
                self._change(row, held, context, plan)

    @staticmethod
    def _change(row: Row, held: HouseholdContact, context: Context, plan: Plan) -> None:
        said: Said = row.found["said"]
        row.effect = "change"
        changed = False
        for name in _FIELDS:
            value = getattr(said.facts, name)
            if value:
                changed |= plan.change(row, held, name, value, label=_label(name))
        both = bool(held.unit_member and held.village_member)
        if both and held.covered_from is None:
            since = max(said.covered_from or _stated_on(context), held.listed_on)
            changed |= plan.change(row, held, "covered_from", since, label=_label("covered_from"))
        if not changed:
            row.effect = "same"

    def information(self, rows: Sequence[Row], context: Context) -> list[str]:
        """Listed and covered by pairing, as they will stand: the figures of line B1."""
        ok = [row for row in rows if row.is_ok and not row.found.get("left_out")]
        by_pairing: dict[int, list[Row]] = defaultdict(list)
        for row in ok:
            by_pairing[row.found["pairing"].pk].append(row)
        n_new = sum(row.effect == "add" for row in ok)
        n_covered = sum(bool(row.values["unit_member"] and row.values["village_member"]) for row in ok)
        if not ok:
            return []
        told = {"n": len(ok), "pairings": len(by_pairing), "new": n_new, "covered": n_covered}
        return [_("%(n)d households of %(pairings)d pairings: %(new)d new, %(covered)d with both members named.") % told]


def _stored(pairings: set[int]) -> dict[Place, HouseholdContact]:
    """Households on these lists by how their numbers are written."""
    rows = HouseholdContact.objects.filter(pairing__in=pairings, delisted_on=None).order_by("-id")
    return {(row.pairing_id, match_key(row.house_no)): row for row in rows}


def _new(row: Row, context: Context) -> HouseholdContact:
    said: Said = row.found["said"]
    facts = said.facts
    both = bool(facts.unit_member and facts.village_member)
    return new(
        HouseholdContact,
        tenant=context.tenant,
        pairing=row.found["pairing"],
        house_no=facts.house_no,
        listed_on=said.listed_on,
        covered_from=max(said.covered_from or said.listed_on, said.listed_on) if both else None,
        delisted_on=None,
        **{name: getattr(facts, name) for name in _FIELDS},
    )


def _days(row: Row, context: Context, facts: HouseholdFacts) -> Said | None:
    """Since when the household is listed and covered. None with an error on the row for a day to come.

    Only the county says so for a past day: a score counts what stood at the year's end.
    """
    days: dict[str, date | None] = {}
    for column in ("listed_on", "covered_from"):
        value = row.read(column)
        days[column] = value.start if isinstance(value, DateValue) else None
        if isinstance(value, DateValue) and value.start > context.today:
            row.error(column, "in_future", _("The day cannot lie in the future."))
            return None
    listed, covered = days["listed_on"], days["covered_from"]
    if context.reach is not None:
        if any(day is not None and day < context.today for day in days.values()):
            row.note("", "from_today", _("A new entry counts from today: the county enters earlier days."))
        return Said(facts, context.today, None)
    # On the list at the latest when somebody looks after it.
    return Said(facts, listed or covered or _stated_on(context), covered)


def _stated_on(context: Context) -> date:
    """The day for which the file speaks; today for those who enter for themselves."""
    return context.stated_on if context.reach is None else context.today


def _member(row: Row, column: str, context: Context) -> str:
    """The name in a cell that may hold unit and telephone too: 党员甲,市林业局,139….  Of several people, all names."""
    parts = split_people(_PHONE.sub("", row.text(column)).replace("（", "(").replace("(", ",").rstrip(")）"))
    if len(parts) < 2:
        return "".join(parts)
    names = [part for part in parts if context.places.organisation(part).unit is None]
    return "、".join(names or parts)[:40]


def _label(name: str) -> Any:
    return HouseholdContact._meta.get_field(name).verbose_name  # type: ignore[union-attr]
