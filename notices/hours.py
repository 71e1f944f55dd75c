"""When people may be told something: 08:30 to 18:00 on working days, local time (reliability.md §2.3, 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from lib.workdays import is_workday

OPENS, CLOSES = time(8, 30), time(18, 0)
# (first day, last day) -> whether people work, for the days that the county's calendar names.
Calendar = Callable[[date, date], Mapping[date, bool]]
_calendars: list[Calendar] = []


def working_calendar(function: Calendar) -> Calendar:
    """Ask the county's own calendar before the published holidays."""
    if function not in _calendars:
        _calendars.append(function)
    return function


def working_days(first: date, last: date) -> list[date]:
    """The days from ``first`` to ``last`` on which people of the county in scope work."""
    told: dict[date, bool] = {}
    for function in _calendars:
        told.update(function(first, last))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if (told[day] if day in told else is_workday(day))]


def is_working_day(day: date) -> bool:
    """Whether people work on ``day`` in the county in scope."""
    return bool(working_days(day, day))


def within_hours(now: datetime) -> bool:
    """Whether ``now`` lies between opening and closing, on whatever day."""
    return OPENS <= timezone.localtime(now).time() < CLOSES


def working_days_after(day: date, n: int) -> list[date]:
    """The first, second, … ``n``-th working day after ``day``, by the county's calendar."""
    found: list[date] = []
    while len(found) < n:
        # The longest holidays there are fit in between.
        last = day + timedelta(days=2 * n + 14)
        found += working_days(day + timedelta(days=1), last)
        day = last
    return found[:n]


def reminder_day(ends_on: date, days_before: int) -> date:
    """The working day on which to remind of a period that ends on ``ends_on``.

    ``days_before`` its end; on a holiday the next working day, and when none is left in the period, the last one before.
    """
    return reminder_days([(ends_on, days_before)])[0]


def reminder_days(endings: Sequence[tuple[date, int]]) -> list[date]:
    """``reminder_day`` for each, the calendar asked once."""
    wanted = [ends_on - timedelta(days=days_before) for ends_on, days_before in endings]
    # A fortnight back holds a working day whatever the holidays.
    days = working_days(min(wanted) - timedelta(days=14), max(ends_on for ends_on, _before in endings))
    return [
        next((day for day in days if wish <= day <= ends_on), None) or max(day for day in days if day < wish)
        for wish, (ends_on, _before) in zip(wanted, endings, strict=True)
    ]


def opening(day: date) -> datetime:
    """The instant from which people are told things on ``day``."""
    return timezone.make_aware(datetime.combine(day, OPENS))
