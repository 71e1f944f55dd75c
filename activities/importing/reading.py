"""From the cells of a row to the facts of a record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from activities.actions.facts import RecordFacts
from activities.importing import words
from activities.importing.known import Known
from activities.ledgers import TEXTS
from activities.models import ActivityType, Carrier, Step
from lib.chinese.names import split_people
from lib.sheets.readings import DateValue, MoneyValue, NumberValue
from pairing.models import Pairing
from units.importing.rows import Row

# What the columns of a record can hold.
MOST_PERSONS = 2_147_483_647
MOST_YUAN = Decimal(10) ** 14
_CENT = Decimal("0.01")
_LONGEST_SHEET = 10


@dataclass(frozen=True, slots=True)
class Said:
    """A row that can be imported: its facts, and by the record's columns what it says."""

    facts: RecordFacts
    columns: dict[str, Any]


def check_numbers(row: Row) -> None:
    """Put an error on the row for numbers that cannot be, or be kept."""
    times, money = row.read("person_times"), row.read("money")
    if isinstance(times, NumberValue) and not 0 <= times.value <= MOST_PERSONS:
        row.error("person_times", "too_many", _("%(n)s person-times cannot be. Correct the number.") % {"n": times.value})
    if isinstance(money, MoneyValue) and not 0 <= money.yuan < MOST_YUAN:
        row.error("money", "too_much", _("%(n)s yuan cannot be. Correct the amount.") % {"n": money.yuan})


def persons(row: Row) -> tuple[int | None, bool]:
    """Person-times, and whether the cell says 约."""
    value = row.read("person_times")
    if not isinstance(value, NumberValue) or not 0 <= value.value <= MOST_PERSONS:
        return None, False
    return int(value.value), value.approx


def yuan(row: Row) -> tuple[Decimal | None, bool]:
    """Money in yuan, and whether the cell says 约."""
    value = row.read("money")
    if not isinstance(value, MoneyValue) or not 0 <= value.yuan < MOST_YUAN:
        return None, False
    return value.yuan.quantize(_CENT), value.approx


def plain_yuan(amount: Decimal | None) -> str | None:
    """An amount as programs read it: 14000, 350.5."""
    return None if amount is None else format(amount.normalize(), "f")


def said_by(row: Row, day: DateValue, one: ActivityType, pairings: tuple[Pairing, ...], known: Known) -> Said:
    """The facts that the row states."""
    number, persons_approx = persons(row)
    money, money_approx = yuan(row)
    texts = {name: row.text(column) for column, name in TEXTS.items()}
    leaders = split_people(texts["leader_name"])
    present = [known.leads(pairing, leaders, day.start) for pairing in pairings]
    columns: dict[str, Any] = {
        **texts,
        "ends_on": day.end if day.end != day.start else None,
        "person_times": number,
        "persons_approx": persons_approx,
        "money_yuan": money,
        "money_approx": money_approx,
        "leader_present": any(is_leader for is_leader, _is_principal in present),
        "principal_present": any(is_principal for _is_leader, is_principal in present),
    }
    reporter = row.text("reporter")
    facts = RecordFacts(
        type=one.code,
        occurred_on=day.start,
        pairings=pairings,
        place_kind=words.place_kind(texts["place"], pairings[0].unit.name),
        details={"reporter": reporter} if reporter else {},
        **columns,
    )
    return Said(_with_item(facts, one), columns)


def _with_item(facts: RecordFacts, one: ActivityType) -> RecordFacts:
    """The facts with the project, livelihood item or household that they are about, as far as the words tell."""
    told = (facts.title, facts.text, facts.notes)
    match one.carrier:
        case Carrier.PROJECT:
            name = words.thing_named(facts.title, facts.text, one.name)
            return replace(facts, item_name=name, step=words.project_step(*told))
        case Carrier.LIVELIHOOD:
            return replace(facts, item_name=words.thing_named(facts.title, facts.text, one.name), step=Step.CLOSED)
        case Carrier.COURTYARD:
            house = words.house_number(facts.place, *told)
            return replace(facts, house_no=house, householder=words.householder(*told), step=Step.BUILT)
    return facts


def with_household(facts: RecordFacts, row: Row) -> RecordFacts:
    """The facts of a courtyard whose row names no house: a household of its own, marked to be completed (待补).

    The mark holds for this very row's words, so that two ledgers never take each other's.
    """
    if facts.house_no:
        return facts
    where = {"sheet": row.reading.sheet[:_LONGEST_SHEET], "row": row.reading.row, "mark": row.key[:8]}
    return replace(facts, house_no=_("to be completed: %(sheet)s row %(row)d #%(mark)s") % where)
