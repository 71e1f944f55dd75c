"""Who else hears of a step of a record: apps above register at start-up and are told within the transaction."""

from __future__ import annotations

from collections.abc import Callable

from activities.hands import Hand
from activities.models import Record

Hearer = Callable[[Record, str, Hand], None]
_hearers: list[Hearer] = []


def hear(hearer: Hearer) -> None:
    """Be told of confirmations, their undoing, returns and voids: (record as it is now, step, who). Twice is once."""
    if hearer not in _hearers:
        _hearers.append(hearer)


def tell(record: Record, step: str, hand: Hand) -> None:
    """Tell all who listen of a step that was just written."""
    for hearer in _hearers:
        hearer(record, step, hand)
