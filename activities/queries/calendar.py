"""Reading the working calendar: which days are worked on, which weeks have too few of them, what waivers touch."""

from __future__ import annotations

from calendar import Calendar, monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from activities.models import Waiver, WaiverScope, WorkingDay
from lib.periods import period_of
from pairing.models import Programme


def days_between(first: date, last: date) -> Iterable[date]:
    """The days from ``first`` to ``last``, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The county's days that are told apart; all others follow the week, Monday to Friday."""

    told: Mapping[date, bool]

    def is_working(self, day: date) -> bool:
        return self.told.get(day, day.weekday() < 5)

    def n_working(self, first: date, last: date) -> int:
        """Working days from ``first`` to ``last``, both included."""
        return sum(self.is_working(day) for day in days_between(first, last))


def work_calendar(first: date, last: date) -> WorkCalendar:
    """The calendar of some days, in one query."""
    rows = WorkingDay.objects.filter(day__range=(first, last)).values_list("day", "is_working")
    return WorkCalendar(dict(rows))


def live_waivers(programme: Programme) -> QuerySet[Waiver]:
    """Waivers that have not been withdrawn, oldest first."""
    rows: QuerySet[Waiver] = Waiver.objects.filter(programme=programme, withdrawn_at=None)
    return rows.select_related("town", "pairing__unit", "pairing__village").order_by("starts_on", "id")


def concerns(waiver: Waiver, *, pairing_id: int | None, town_id: int | None, rule: str) -> bool:
    """Whether a waiver is for this pairing (none: nobody in particular), in this town, and for this rule."""
    if waiver.rules and rule not in waiver.rules:
        return False
    if waiver.scope == WaiverScope.TOWN:
        return waiver.town_id is not None and waiver.town_id == town_id
    if waiver.scope == WaiverScope.PAIRING:
        return waiver.pairing_id is not None and waiver.pairing_id == pairing_id
    return True


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month's table. ``is_told``: it differs from a plain week, or the county set it."""

    day: date
    in_month: bool
    is_working: bool
    is_told: bool
    is_county: bool
    note: str


@dataclass(frozen=True, slots=True)
class Week:
    """One row of a month's table: the week's code, its working days, and whether it is waived for having too few."""

    code: str
    days: tuple[Day, ...]
    n_working: int
    is_waived: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month as a table of whole weeks."""

    first: date
    weeks: tuple[Week, ...]
    n_working: int


def months_of(year: int, *, least: int) -> list[Month]:
    """A year's twelve months. ``least``: a week with fewer working days is waived."""
    first = period_of("week", date(year, 1, 1)).starts_on
    last = period_of("week", date(year, 12, 31)).ends_on
    rows = {row.day: row for row in WorkingDay.objects.filter(day__range=(first, last))}
    calendar = WorkCalendar({day: row.is_working for day, row in rows.items()})

    def as_day(day: date, month: int) -> Day:
        row = rows.get(day)
        return Day(
            day=day,
            in_month=day.month == month,
            is_working=calendar.is_working(day),
            is_told=row is not None,
            is_county=row is not None and row.source == WorkingDay.Source.COUNTY,
            note=row.note if row is not None else "",
        )

    months = []
    for month in range(1, 13):
        weeks = []
        for days in Calendar().monthdatescalendar(year, month):
            n = calendar.n_working(days[0], days[-1])
            weeks.append(Week(period_of("week", days[0]).code, tuple(as_day(day, month) for day in days), n, n < least))
        begin = date(year, month, 1)
        end = begin.replace(day=monthrange(year, month)[1])
        months.append(Month(begin, tuple(weeks), calendar.n_working(begin, end)))
    return months
