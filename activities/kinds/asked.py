"""What a record of a type asks beyond the facts that all have: the declaration of a record kind (domain.md §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from activities.models import Carrier, ItemKind, Step
from lib.kinds.declare import Words

# Asked of every type: type, pairings, day, place, one sentence, person-times. Behind "more": what a ledger knows besides.
MORE = ("title", "participants", "leader_name", "beneficiaries", "money_yuan", "evidence", "notes", "ends_on", "place_kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """One kind of record. ``code`` is that of a type, or of a carrier for all types that no other kind names.

    ``asks``: fields of the form shown at once, in order; ``required`` those of them without which nothing is saved.
    ``labels``: what a field is called here. ``details``: fields that no column holds, kept in ``Record.details``.
    ``item``: what its records happen to; ``steps``: what they may say of it, the first unless told.
    """

    code: str
    carrier: Carrier
    asks: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    labels: Mapping[str, Words] = field(default_factory=dict)
    details: tuple[str, ...] = ()
    item: ItemKind | None = None
    steps: tuple[Step, ...] = ()
