"""The sweep that keeps promises coming, after the cells were judged."""

from __future__ import annotations

from datetime import datetime

from activities.reminders.planning import plan_all
from tenancy.models import Tenant


def plan_reminders(tenant: Tenant, now: datetime) -> int:
    """Plan every reminder that is due by today; answers how many are new. Sending is ``notices.delivery``'s."""
    return plan_all().total
