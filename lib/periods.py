"""Weeks, months, quarters, half-years and years as periods with a first and a last day (domain.md §2.3).

A week is Monday to Sunday and never split; it belongs to the year of its Thursday (ISO 8601).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

KINDS = ("week", "month", "quarter", "half", "year")
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period. ``code`` reads 2024-W41, 2024-10, 2024-Q4, 2024-H2 or 2024."""

    starts_on: date
    ends_on: date
    kind: str
    code: str

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


# A page asks for the same few hundred periods again and again.
@lru_cache(maxsize=4096)
def period_of(kind: str, day: date) -> Span:
    """The period of ``kind`` that holds ``day``. Raises KeyError for a kind that does not exist."""
    if kind == "week":
        start = day - timedelta(days=day.isoweekday() - 1)
        year, week, _ = day.isocalendar()
        return Span(start, start + timedelta(days=6), kind, f"{year}-W{week:02d}")
    length = _MONTHS[kind]
    first = (day.month - 1) // length * length + 1
    last = first + length - 1
    codes = {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-Q{(first + 2) // 3}", "half": f"{day.year}-H{(first + 5) // 6}"}
    return Span(
        date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]), kind, codes.get(kind, str(day.year))
    )


def periods(kind: str, first: date, last: date) -> Iterator[Span]:
    """All periods of ``kind`` that share a day with first…last, in order."""
    span = period_of(kind, first)
    while span.starts_on <= last:
        yield span
        span = period_of(kind, span.ends_on + timedelta(days=1))


def period_named(code: str) -> Span:
    """The period that a code names. Raises ValueError, saying how codes read, for anything else."""
    try:
        year, _, rest = code.partition("-")
        # Beyond these years nobody is owed anything, and before and after the calendar's ends there is no next period.
        if len(year) != 4 or not "1900" <= year <= "2199":
            raise ValueError
        if not rest:
            found = period_of("year", date(int(year), 1, 1))
        elif rest[0] == "W":
            found = period_of("week", date.fromisocalendar(int(year), int(rest[1:]), 4))
        elif rest[0] == "Q":
            found = period_of("quarter", date(int(year), int(rest[1:]) * 3, 1))
        elif rest[0] == "H":
            found = period_of("half", date(int(year), int(rest[1:]) * 6, 1))
        else:
            found = period_of("month", date(int(year), int(rest), 1))
    except ValueError:
        found = None
    if found is None or found.code != code:
        raise ValueError(f"{code!r} is no period: write 2024-W41, 2024-10, 2024-Q4, 2024-H2 or 2024.")
    return found


def shown_month(week: Span, *, by: str = "thursday") -> date:
    """First day of the month in which a week is shown: that of its Thursday, or of its Sunday if the county chose so."""
    day = week.starts_on + timedelta(days=3 if by == "thursday" else 6)
    return day.replace(day=1)
