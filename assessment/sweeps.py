"""What time and later facts change in scores before they are public: computed again each night."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from assessment.actions.scoring import PUBLISHED, bring_up_to_date
from assessment.models import Cycle
from tenancy.models import Tenant
from tenancy.sweeping import each_county

# Local hour; the sweep runs each hour, so it comes once a day, after the obligations were judged anew.
QUIET_HOUR = 4


@each_county
def sweep_scores(tenant: Tenant, now: datetime) -> int:
    """Bring the scores of cycles that are not public up to date; answers how many pairings' figures changed."""
    if timezone.localtime(now).hour != QUIET_HOUR:
        return 0
    cycles = Cycle.objects.exclude(state__in=PUBLISHED).exclude(scored_at=None)
    return sum(bring_up_to_date(cycle) for cycle in cycles)
