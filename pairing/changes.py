"""Who wants to know when a pairing owes something else than before, and what stands against its end.

Apps above register here when the server starts; this floor never knows their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from pairing.models import Pairing

Listener = Callable[[Sequence[int]], None]
Hindrance = Callable[[Pairing, date], str]
_listeners: list[Listener] = []
_removals: list[Listener] = []
_hindrances: list[Hindrance] = []


def on_change(listener: Listener) -> None:
    """Call ``listener(pairing_ids)`` in the same transaction after anything that alters what pairings owe.

    That is: activation, suspension, resumption, end, another day, unit, village or lead unit, another group
    leader; and once for all pairings of an import. Ids come sorted, each once, never none. Registering twice is once.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def changed(pairing_ids: Iterable[int]) -> None:
    """Tell all listeners, once each."""
    ids = sorted(set(pairing_ids))
    for listener in _listeners if ids else ():
        listener(ids)


def before_removal(listener: Listener) -> None:
    """Call ``listener(pairing_ids)`` before an import that added them is taken back: drop what is only computed of them.

    What people wrote stays, and keeps the import from being undone. Registering twice is once.
    """
    if listener not in _removals:
        _removals.append(listener)


def removing(pairing_ids: Iterable[int]) -> None:
    """Tell all who computed something of these pairings."""
    ids = sorted(set(pairing_ids))
    for listener in _removals if ids else ():
        listener(ids)


def before_ending_pairing(hindrance: Hindrance) -> None:
    """Ask ``hindrance(pairing, last_day)`` first: a sentence that says what to settle, or an empty one. Twice is once.

    What is above knows which months are locked: a pairing ends no earlier than the last locked period.
    """
    if hindrance not in _hindrances:
        _hindrances.append(hindrance)


def ending_hindrances(pairing: Pairing, last_day: date) -> list[str]:
    """Everything that stands against this last day."""
    return [sentence for sentence in (hindrance(pairing, last_day) for hindrance in _hindrances) if sentence]
