"""What time alone changes: open to missed, not due to open (docs/architecture.md, the way of one record)."""

from __future__ import annotations

from datetime import datetime

from activities import obligations
from activities.obligations.passing import pass_time
from activities.reminders.sweep import plan_reminders
from tenancy.models import Tenant
from tenancy.sweeping import each_county


@each_county
def sweep_obligations(tenant: Tenant, now: datetime) -> int:
    """Let cells pass from not due to open to missed; answers how many did."""
    return pass_time()


@each_county
def heal_obligations(tenant: Tenant, now: datetime) -> int:
    """Judge all cells of a county anew; answers how many differed: none, unless something went past the actions."""
    changes = obligations.refresh()
    return changes.made + changes.changed + changes.removed


# After the cells were judged: what is missed today is told today.
each_county(plan_reminders)
