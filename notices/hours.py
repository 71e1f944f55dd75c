"""When people may be told something: 08:30 to 18:00 on working days, local time (reliability.md §2.3, 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from lib.workdays import is_workday

OPENS, CLOSES = time(8, 30), time(18, 0)
WorkingDay = Callable[[date], bool | None]
_asked: list[WorkingDay] = []


def working_day(function: WorkingDay) -> WorkingDay:
    """The county's own calendar: answers True, False, or None where it says nothing about the day."""
    _asked.append(function)
    return function


def is_working_day(day: date) -> bool:
    """Whether people work on ``day`` in the county in scope."""
    for function in _asked:
        told = function(day)
        if told is not None:
            return told
    return is_workday(day)


def within_hours(now: datetime) -> bool:
    """Whether ``now`` lies between opening and closing, on whatever day."""
    return OPENS <= timezone.localtime(now).time() < CLOSES


def may_send(now: datetime) -> bool:
    """Whether people of the county in scope are told things at ``now``."""
    return within_hours(now) and is_working_day(timezone.localdate(now))


def working_days_after(day: date, n: int) -> date:
    """The ``n``-th working day after ``day``, by the county's calendar."""
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def reminder_day(ends_on: date, days_before: int) -> date:
    """The working day on which to remind of a period that ends on ``ends_on``.

    ``days_before`` its end; on a holiday the next working day, and when none is left in the period, the last one before.
    """
    wanted = ends_on - timedelta(days=days_before)
    day = wanted
    while day <= ends_on:
        if is_working_day(day):
            return day
        day += timedelta(days=1)
    day = wanted
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def opening(day: date) -> datetime:
    """The instant from which people are told things on ``day``."""
    return timezone.make_aware(datetime.combine(day, OPENS))
