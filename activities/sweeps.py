"""What time alone changes: open to missed, not due to open (docs/architecture.md, the way of one record)."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.utils import timezone

from activities import obligations
from activities.obligations.passing import pass_time
from activities.reminders.sweep import plan_reminders
from tenancy.models import Tenant
from tenancy.sweeping import each_county

log = structlog.get_logger(__name__)
# Local hour in which whole counties are judged anew. The sweep runs each hour, so it comes once a day.
QUIET_HOUR = 3
# Of the week: Sunday. What is over and settled changes by nobody's action but a record's own, which judges it.
WHOLE_DAY = 6


@each_county
def sweep_obligations(tenant: Tenant, now: datetime) -> int:
    """Let cells pass from not due to open to missed; answers how many did."""
    return pass_time()


@each_county
def heal_obligations(tenant: Tenant, now: datetime) -> int:
    """Judge a county's cells anew in the quiet hour of the night; answers how many differed.

    Each night those of the periods that run or await their grace, on Sundays all. None differs, unless something went
    past the actions: a difference is mended, and logged for the operator.
    """
    local = timezone.localtime(now)
    if local.hour != QUIET_HOUR:
        return 0
    changes = obligations.refresh() if local.weekday() == WHOLE_DAY else obligations.refresh_current()
    if changes:
        log.warning(
            "obligations_differed", tenant=tenant.slug, made=changes.made, changed=changes.changed, removed=changes.removed
        )
    return changes.made + changes.changed + changes.removed


# After the cells were judged: what is missed today is told today.
each_county(plan_reminders)
