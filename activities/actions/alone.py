"""For whoever plays alone in a county: what is read is kept, what is written is stored later, many rows at once.

A rehearsal writes ten thousand records in a transaction that nobody else sees. The actions stay what they are and ask
everything they ask; where a row is read or stored they turn to ``alone()`` first. There is none in a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from activities.actions.circumstances import Circumstances
    from activities.models import Record, RecordEvent, Share
    from tenancy.scope import Actor

# Type, day counted on, day it happened on, today: what a pairing's circumstances hang on.
Moment = tuple[str, date, date, date]


class Alone(Protocol):
    """Stands between the actions on records and the database."""

    def circumstances(
        self, pairings: Sequence[int], moment: Moment, read: Callable[[Sequence[int]], dict[int, Circumstances]]
    ) -> dict[int, Circumstances]:
        """As ``read`` answers for these pairings; what was read for the same moment is not read again."""

    def held(self, pk: int) -> tuple[Record, list[Share]] | None:
        """The record and its parts as they are; None: read them."""

    def insert(self, record: Record, shares: Sequence[Share], event: RecordEvent, actor: Actor, deed: str) -> None:
        """Store them later; the record has no key until then."""

    def move(
        self, record: Record, event: RecordEvent, shares: Sequence[Share], parts: Mapping[str, Any], actor: Actor, deed: str
    ) -> None:
        """Store the record's state, and ``parts`` in these of its parts, later."""

    def follow(self, item: int) -> None:
        """Let an item follow its records, once they are stored."""

    def store(self) -> None:
        """Store everything now: somebody is about to read it."""


_alone: ContextVar[Alone | None] = ContextVar("alone", default=None)


def alone() -> Alone | None:
    """Who plays alone here, if anybody does."""
    return _alone.get()


@contextmanager
def playing(who: Alone) -> Iterator[None]:
    """Inside, the actions turn to ``who``."""
    before = _alone.set(who)
    try:
        yield
    finally:
        _alone.reset(before)
