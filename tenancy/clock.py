"""The one clock that decides what is due: PostgreSQL's (reliability.md §2.3, 2), or the one of a rehearsal.

Inside ``tenant_scope`` the time is that of the transaction, read in the trip that opens the scope; an
application host whose clock runs wrong decides nothing. ``at`` lets a rehearsal, and tests, live on another day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_played: ContextVar[datetime | None] = ContextVar("played_time", default=None)
_transaction: ContextVar[datetime | None] = ContextVar("transaction_time", default=None)


def now() -> datetime:
    """The present instant, aware. Outside any county's scope, where nothing falls due: this host's."""
    return _played.get() or _transaction.get() or timezone.now()


def today() -> date:
    """The present day in China."""
    return timezone.localdate(now())


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside, it is ``instant`` (aware). For rehearsals and tests.

    Raises ValueError for an instant without a zone.
    """
    if timezone.is_naive(instant):
        raise ValueError("clock.at() takes an instant with a zone: timezone.make_aware(...).")
    before = _played.set(instant)
    try:
        yield
    finally:
        _played.reset(before)


def keep(instant: datetime | None) -> datetime | None:
    """Remember the time of the transaction that a scope opened; answers what was remembered before."""
    before = _transaction.get()
    _transaction.set(instant)
    return before
