"""What time alone makes due: signed pairings become active on their first day (domain.md §4.1)."""

from __future__ import annotations

from datetime import datetime

from pairing.actions import activate_ready
from pairing.models import Pairing
from tenancy import clock
from tenancy.models import Tenant
from tenancy.sweeping import each_county


@each_county
def pairings_become_active(tenant: Tenant, now: datetime) -> int:
    """Those whose day has come and whose guards hold; the others stay signed and stand on the staff's card."""
    with clock.at(now):
        return len(activate_ready(Pairing.objects.all()))
