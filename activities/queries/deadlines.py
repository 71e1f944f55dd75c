"""How long the other side has before it is reminded, and before the county may confirm for it (domain.md §4.2)."""

from __future__ import annotations

from datetime import date, timedelta

from activities.models import Record, Status, YearSettings
from tenancy import clock

_PROXY_DAYS = 14


def proxy_from(record: Record) -> date | None:
    """The first day on which a superior may confirm the record for the other side; None while nothing waits."""
    if record.status != Status.SUBMITTED or record.submitted_on is None:
        return None
    days = YearSettings.objects.filter(programme=record.programme_id).values_list("proxy_days", flat=True).first()
    return record.submitted_on + timedelta(days=days if days is not None else _PROXY_DAYS)


def may_proxy_confirm(record: Record) -> bool:
    """Whether that day has come."""
    first = proxy_from(record)
    return first is not None and clock.today() >= first
