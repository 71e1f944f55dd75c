"""Delivering in every county: who has something waiting, then one county's scope after another."""

from __future__ import annotations

import structlog
from django.db import connections
from django.db.utils import InterfaceError, OperationalError

from notices.delivery import deliver
from tenancy.models import Tenant
from tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)
BATCH = 500
# The dispatcher's role sees of a message its county and its time, and nothing else (tenancy/rights.py).
_WAITING = """
    SELECT t.id FROM tenancy_tenant t
    WHERE t.is_active AND EXISTS (
        SELECT FROM notices_outboxmessage m WHERE m.tenant_id = t.id AND m.done_at IS NULL AND m.not_before <= now()
    ) ORDER BY t.id
"""


def counties_waiting() -> list[int]:
    """Ids of the counties in use that have messages due by PostgreSQL's clock."""
    with connections["dispatch"].cursor() as cursor:
        cursor.execute(_WAITING)
        return [int(row[0]) for row in cursor.fetchall()]


def deliver_everywhere() -> int:
    """Deal with all that is due, county by county, each batch in a transaction of its own. Answers how many.

    Any number of processes may do this at once. A county whose delivery fails keeps the others from nothing.
    """
    n_done = 0
    for tenant in Tenant.objects.filter(pk__in=counties_waiting()).order_by("pk"):
        try:
            n_done += deliver_all(tenant)
        except (OperationalError, InterfaceError):
            raise  # the database is away: the caller's next round begins anew
        except Exception:
            log.exception("delivery_failed", tenant=tenant.slug)
    return n_done


def deliver_all(tenant: Tenant) -> int:
    """All that is due in one county."""
    n_done = 0
    while True:
        with tenant_scope(tenant):
            # A transaction's time is that of its beginning: each batch asks the clock anew.
            n_batch = deliver(limit=BATCH)
        n_done += n_batch
        if n_batch == 0:
            return n_done
