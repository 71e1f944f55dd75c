"""Working days of the mainland's calendar, with its shifted weekends."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar


# The package goes through every holiday that it knows for each answer.
@lru_cache(maxsize=20_000)
def is_workday(day: date) -> bool:
    """Whether people work on ``day``. A year whose holidays are not published yet counts as plain weeks."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def add_workdays(day: date, n: int) -> date:
    """The ``n``-th working day after ``day``."""
    while n > 0:
        day += timedelta(days=1)
        n -= is_workday(day)
    return day
