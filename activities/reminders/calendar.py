"""The county's working calendar, for whoever asks when people work (notices.hours)."""

from __future__ import annotations

from datetime import date

from activities.models import WorkingDay


def days_named(first: date, last: date) -> dict[date, bool]:
    """Whether people work, for the days that the county's calendar names."""
    return dict(WorkingDay.objects.filter(day__range=(first, last)).values_list("day", "is_working"))
