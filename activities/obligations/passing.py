"""What time alone changes in cells that are kept: not due to open on the first day, open to missed after the days of grace."""

from __future__ import annotations

from django.db import connection

from activities.models import RuleTerms
from activities.obligations.keeping import LOCK, refresh
from tenancy import clock
from tenancy.scope import current_tenant

# Counts do not change with time, so a cell that is met, waits or is waived stays as it is.
_STATEMENT = """
WITH due AS MATERIALIZED (
    SELECT o.id, o.state AS from_state, CASE WHEN o.grace_until < %(today)s::date THEN 'missed' ELSE 'open' END AS to_state
    FROM activities_obligation o
    WHERE o.is_due AND o.waived_because = ''
      AND (o.state = 'not_due' AND o.starts_on <= %(today)s::date OR o.state = 'open' AND o.grace_until < %(today)s::date)
),
passed AS (
    UPDATE activities_obligation o SET state = due.to_state FROM due WHERE o.id = due.id
    RETURNING o.rule_id, o.pairing_id, o.village_id, o.period_kind, o.starts_on, due.from_state, due.to_state
)
INSERT INTO activities_obligationflip
    (uid, tenant_id, rule_id, pairing_id, village_id, period_kind, starts_on, from_state, to_state, at)
SELECT gen_random_uuid(), (SELECT app.tenant()), rule_id, pairing_id, village_id, period_kind, starts_on, from_state, to_state,
       %(now)s::timestamptz
FROM passed
"""


def pass_time() -> int:
    """Bring the county's cells up to today, as ``refresh`` would when nothing but time has passed since they were judged.

    Answers how many changed. Surpluses that count for later periods are judged anew: a period that begins takes part.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, current_tenant().pk])
        carrying = list(RuleTerms.objects.filter(carry_over=True).exclude(published_at=None).values_list("rule_id", flat=True))
        n_carried = 0
        if carrying:
            changes = refresh(rules=carrying)
            n_carried = changes.made + changes.changed + changes.removed
        cursor.execute(_STATEMENT, {"today": clock.today(), "now": clock.now()})
        return n_carried + int(cursor.rowcount)
