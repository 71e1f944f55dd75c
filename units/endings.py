"""What must be settled before a unit ends, told by the apps above: pairing names its live pairings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from units.models import Unit

Hindrance = Callable[[Unit, date], str]
_hindrances: list[Hindrance] = []


def before_ending(hindrance: Hindrance) -> None:
    """Ask ``hindrance(unit, last_day)`` first: a sentence that says what to settle, or an empty one. Twice is once."""
    if hindrance not in _hindrances:
        _hindrances.append(hindrance)


def hindrances(unit: Unit, last_day: date) -> list[str]:
    """Everything that stands against ending the unit."""
    return [sentence for sentence in (hindrance(unit, last_day) for hindrance in _hindrances) if sentence]
