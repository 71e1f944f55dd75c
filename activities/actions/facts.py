"""What a form, a ledger's row or a program says of a record, before it is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from activities.models import Item, PlaceKind, Record
from pairing.models import Pairing, Programme
from units.models import Unit


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """The facts of one record; names and meanings are those of ``activities.models.Record``.

    ``item``: the project, livelihood item or courtyard it is about; else ``item_name`` (project, livelihood item) or
    ``house_no`` (courtyard) finds or makes it. ``pairings`` empty: the county's own doing, or ``village``'s own.
    """

    type: str
    occurred_on: date
    pairings: tuple[Pairing, ...] = ()
    programme: Programme | None = None
    village: Unit | None = None
    item: Item | None = None
    item_name: str = ""
    category: str = ""
    house_no: str = ""
    householder: str = ""
    step: str = ""
    ends_on: date | None = None
    raised_on: date | None = None
    reports_on: date | None = None
    place: str = ""
    place_kind: str = PlaceKind.IN_VILLAGE
    form: str = ""
    title: str = ""
    text: str = ""
    participants: str = ""
    leader_name: str = ""
    leader_present: bool = False
    principal_present: bool = False
    person_times: int | None = None
    persons_approx: bool = False
    due_count: int | None = None
    visitors: int | None = None
    was_announced: bool = True
    hours: Decimal | None = None
    beneficiaries: str = ""
    money_yuan: Decimal | None = None
    money_approx: bool = False
    evidence: str = ""
    notes: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    also_types: tuple[str, ...] = ()

    def columns(self) -> dict[str, Any]:
        """What stands in the record's own columns."""
        values = {name: getattr(self, name) for name in COPIED}
        return {**values, "also_types": list(self.also_types), "details": dict(self.details)}

    @property
    def counts_on(self) -> date:
        """The day that counts: for a report the first day of the period it is about, else the day it happened."""
        return self.reports_on or self.occurred_on


COPIED = (
    "type", "step", "occurred_on", "ends_on", "raised_on", "reports_on", "place", "place_kind", "form", "title", "text",
    "participants", "leader_name", "leader_present", "principal_present", "person_times", "persons_approx", "due_count",
    "visitors",
    "was_announced", "hours", "beneficiaries", "money_yuan", "money_approx", "evidence", "notes",
)  # fmt: skip


# What a draft calls the thing it will be about: kept in its details, since a draft makes and claims nothing.
_NAMES = ("item_name", "category", "house_no", "householder")


def keeping_names(facts: RecordFacts) -> RecordFacts:
    """The facts as a draft keeps them: the names of what it will be about among its details."""
    names = {name: getattr(facts, name) for name in _NAMES if getattr(facts, name)}
    return replace(facts, details={**facts.details, **names})


def facts_of(record: Record) -> RecordFacts:
    """The facts as they stand, to be changed by an edit (``dataclasses.replace``).

    Reads the record's parts with their pairings: one query.
    """
    shares = list(record.shares.select_related("pairing", "village").order_by("id"))
    pairings = tuple(share.pairing for share in shares if share.pairing is not None)
    village = next((share.village for share in shares if share.pairing is None), None)
    columns: dict[str, Any] = {name: getattr(record, name) for name in COPIED}
    names: dict[str, Any] = {name: str(record.details[name]) for name in _NAMES if name in record.details}
    return RecordFacts(
        **columns,
        **names,
        pairings=pairings,
        programme=record.programme,
        village=village,
        item=record.item,
        details={name: value for name, value in record.details.items() if name not in _NAMES},
        also_types=tuple(record.also_types),
    )


__all__ = ["COPIED", "RecordFacts", "facts_of", "keeping_names", "replace"]
