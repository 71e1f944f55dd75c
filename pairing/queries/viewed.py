"""The day that a page looks at: today, or an earlier one that somebody asked for with ``as_of``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db.models import Case, CharField, F, Q, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import LessThanOrEqual

from pairing.models import Pairing
from pairing.queries.as_of import as_of, begun, state_on, unit_on
from tenancy import clock

_viewed: ContextVar[date | None] = ContextVar("viewed_day", default=None)


@contextmanager
def viewed_on(day: date | None) -> Iterator[None]:
    """Inside, lists and pages tell pairings as they stood on a day; None: as they are."""
    before = _viewed.set(day)
    try:
        yield
    finally:
        _viewed.reset(before)


def viewed_day() -> date | None:
    """The earlier day that is looked at, or None for now."""
    return _viewed.get()


def day_in_view() -> date:
    """The day on which posts, lists and designations are told."""
    return _viewed.get() or clock.today()


def state_in_view() -> Combinable:
    """The state as it is, or was on the day that is looked at; none on a day before there was anything of the pairing."""
    day = _viewed.get()
    if day is None:
        return F("state")
    return Case(When(LessThanOrEqual(begun(), day), then=state_on(day)), default=None, output_field=CharField())


def unit_in_view(what: str) -> Combinable:
    """The unit's ``what`` as it is, or of the unit of the day that is looked at."""
    day = _viewed.get()
    return F(f"unit__{what}") if day is None else unit_on(day, what)


def in_states(*states: str) -> Q:
    """Condition: in one of these states, now or on the day that is looked at."""
    day = _viewed.get()
    if day is None:
        return Q(state__in=states)
    return Q(pk__in=as_of(day).filter(state_then__in=states).values("pk"))


def stood_on(day: date) -> Q:
    """Condition: there was something of the pairing on a day."""
    return Q(pk__in=as_of(day, Pairing.objects.all()).values("pk"))
