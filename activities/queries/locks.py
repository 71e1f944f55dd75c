"""Which months are closed for entries (domain.md §2.3, late entry)."""

from __future__ import annotations

from datetime import date, timedelta

from activities.models import YearSettings
from tenancy import clock


def last_locked_day(programme: int) -> date | None:
    """The last day of the last locked month of a programme year; None while its year is not set up."""
    settings = YearSettings.objects.filter(programme=programme).first()
    if settings is None:
        return None
    today = clock.today()
    first = today.replace(day=1)
    # Last month is open until the lock day of this one.
    if today.day <= settings.lock_day:
        first = (first - timedelta(days=1)).replace(day=1)
    return first - timedelta(days=1)
