"""What needs no telling any more when its hour comes: met, waived, answered, or waiting for the other side."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from activities.reminders.planning import DUE_SOON, OVERDUE, TO_CONFIRM
from notices import hours
from tenancy import clock

# How things stand is worked out once for the batch (MATERIALIZED), not once for each of its rows.
_DUTIES = f"""
    WITH x AS MATERIALIZED (
        SELECT m.id, CASE
            WHEN o.id IS NULL OR NOT o.is_due OR o.state = 'not_due' THEN 'gone'
            WHEN o.state IN ('met', 'met_late') THEN 'met'
            WHEN o.state = 'waived' THEN 'waived'
            WHEN EXISTS (
                SELECT FROM activities_obligationanswer a WHERE a.pairing_id = o.pairing_id AND a.rule_id = o.rule_id
                AND a.period_kind = o.period_kind AND a.starts_on = o.starts_on AND a.at > m.created_at
            ) THEN 'answered'
            -- It may yet be returned; until then its author has done what was asked.
            WHEN o.state = 'waiting' THEN 'put off'
            WHEN m.kind = '{OVERDUE}' AND o.grace_until >= %(today)s THEN 'put off'
        END AS why
        FROM notices_outboxmessage m
        LEFT JOIN pairing_pairing p ON p.uid = m.pairing_uid
        LEFT JOIN activities_rule r ON r.programme_id = p.programme_id AND r.code = m.rule
        LEFT JOIN activities_period d ON d.code = m.period
        LEFT JOIN activities_obligation o ON o.pairing_id = p.id AND o.rule_id = r.id
            AND o.period_kind = d.kind AND o.starts_on = d.starts_on
        WHERE m.id = ANY (%(ids)s) AND m.done_at IS NULL AND m.kind IN ('{DUE_SOON}', '{OVERDUE}')
    )
    UPDATE notices_outboxmessage m
    SET done_at = CASE WHEN x.why <> 'put off' THEN %(now)s END,
        outcome = CASE WHEN x.why <> 'put off' THEN 'dropped' ELSE '' END,
        why = CASE WHEN x.why <> 'put off' THEN x.why ELSE '' END,
        not_before = CASE WHEN x.why <> 'put off' THEN m.not_before ELSE %(tomorrow)s END
    FROM x
    WHERE m.id = x.id AND x.why IS NOT NULL
"""  # noqa: S608 - put together from the text above alone
_CONFIRMATIONS = f"""
    UPDATE notices_outboxmessage m SET done_at = %(now)s, outcome = 'dropped', why = 'settled'
    WHERE m.id = ANY (%(ids)s) AND m.done_at IS NULL AND m.kind = '{TO_CONFIRM}' AND NOT EXISTS (
        SELECT FROM activities_record c JOIN activities_share s ON s.record_id = c.id
        JOIN pairing_pairing p ON p.id = s.pairing_id
        WHERE c.uid = m.subject_uid AND p.uid = m.pairing_uid AND s.status = 'submitted'
    )
"""  # noqa: S608 - put together from the text above alone


def withdraw(ids: list[int], now: datetime) -> None:
    """Mark those of the messages that are needed no more, and put those off that may become needed again."""
    today = clock.today()
    tomorrow = hours.opening(hours.working_days_after(today, 1)[0])
    with connection.cursor() as cursor:
        cursor.execute(_DUTIES, {"ids": ids, "now": now, "today": today, "tomorrow": tomorrow})
        cursor.execute(_CONFIRMATIONS, {"ids": ids, "now": now})
