"""Keeping the promises of the outbox, exactly once (reliability.md §2.3, 4, 5, 7).

A batch is one transaction: the rows are locked, passing over those that another deliverer holds; what is met, waived or
answered meanwhile is withdrawn; the rest stands in the inboxes in the very transaction that marks it done.
Whoever dies in between leaves nothing behind, and the next does it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from lib.by_hashing import joined_by_hashing
from notices import hours
from notices.models import OutboxMessage, Outcome
from tenancy import audit, clock
from tenancy.scope import SYSTEM, current_tenant

# (ids of locked messages, now): marks those that need no sending any more, by SQL or ``outbox.drop``, or puts them off.
Withdrawer = Callable[[list[int], datetime], None]
_withdrawers: list[Withdrawer] = []
# Kinds that are told in the week's digest though they are no reminders of level 0.
_digested: set[str] = set()
# Nobody is given longer than this for an answer; the days are worked out once a batch.
_MOST_ANSWER_DAYS = 20

_WAITING = """
    SELECT EXISTS (SELECT FROM notices_outboxmessage WHERE tenant_id = %s AND done_at IS NULL AND not_before <= %s)
"""
_TAKE = """
    SELECT id FROM notices_outboxmessage WHERE tenant_id = %s AND done_at IS NULL AND not_before <= %s
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
# Level 0 goes into the one digest of its reader's week; another line makes the digest unread again.
_SEND = """
    WITH due AS MATERIALIZED (
        SELECT *, coalesce(level = 0, false) OR kind = ANY (%(digested)s) AS is_digested FROM notices_outboxmessage
        WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s) AND done_at IS NULL AND not_before <= %(now)s
    ), digests AS (
        INSERT INTO notices_notice (uid, tenant_id, idem_key, person_id, kind, level, payload, sent_at)
        SELECT gen_random_uuid(), %(tenant)s, 'digest:' || person_id || ':' || %(week)s, person_id, 'digest', 0,
               jsonb_build_object('week', %(week)s::text), %(now)s
        FROM (SELECT DISTINCT person_id FROM due WHERE is_digested) AS readers
        ORDER BY person_id
        ON CONFLICT (tenant_id, idem_key) DO UPDATE SET read_at = NULL, sent_at = excluded.sent_at
        RETURNING id, person_id
    ), told AS (
        INSERT INTO notices_notice (uid, tenant_id, idem_key, outbox_id, person_id, kind, level, pairing_uid, subject_uid,
                                    rule, period, payload, in_digest_id, sent_at, due_on)
        SELECT gen_random_uuid(), %(tenant)s, due.idem_key, due.id, due.person_id, due.kind, due.level, due.pairing_uid,
               due.subject_uid, due.rule, due.period, due.payload, digests.id, %(now)s,
               (%(days)s::date[])[due.answer_days]
        FROM due LEFT JOIN digests ON due.is_digested AND digests.person_id = due.person_id
        ON CONFLICT (tenant_id, idem_key) DO NOTHING
    )
    UPDATE notices_outboxmessage SET done_at = %(now)s, outcome = 'sent'
    WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s) AND done_at IS NULL AND not_before <= %(now)s
"""


def withdraw_before_sending(function: Withdrawer) -> Withdrawer:
    """Ask ``function`` before anything is sent. It must touch no other rows than those whose ids it is given."""
    if function not in _withdrawers:
        _withdrawers.append(function)
    return function


def told_in_digest(kind: str) -> None:
    """Tell messages of this kind in the week's digest of their reader, as those of level 0."""
    _digested.add(kind)


def deliver(*, limit: int = 500) -> int:
    """Deal with up to ``limit`` messages of the county in scope that are due now; how many, 0 when none is left.

    Dealt with: sent, withdrawn or expired. Outside of working hours nothing is due. Costs one indexed query when
    nothing waits, none outside of hours.
    """
    now = clock.now()
    if not hours.within_hours(now):
        return 0
    tenant = current_tenant().pk
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [tenant, now])
        if not cursor.fetchone()[0] or not hours.is_working_day(timezone.localdate(now)):
            return 0
        cursor.execute(_TAKE, [tenant, now, limit])
        ids = [int(row[0]) for row in cursor.fetchall()]
    if not ids:
        return 0  # another deliverer holds what waits
    with joined_by_hashing():
        _expire(ids, now)
        for withdraw in _withdrawers:
            withdraw(ids, now)
        _send(ids, now)
    return len(ids)


def _expire(ids: list[int], now: datetime) -> None:
    """Messages past their limit are not sent: kept, shown as too late, and in the audit chain."""
    late = OutboxMessage.objects.filter(pk__in=ids, done_at=None, expires_at__lte=now)
    n_expired = late.update(done_at=now, outcome=Outcome.EXPIRED, why="too_old")
    if n_expired:
        audit.append(SYSTEM, "messages_expired", object_kind="message", n=n_expired)


def _send(ids: list[int], now: datetime) -> None:
    today = timezone.localdate(now)
    year, week, _day = today.isocalendar()
    with connection.cursor() as cursor:
        cursor.execute(
            _SEND,
            {
                "tenant": current_tenant().pk,
                "ids": ids,
                "now": now,
                "week": f"{year}-W{week:02}",
                "days": hours.working_days_after(today, _MOST_ANSWER_DAYS),
                "digested": list(_digested),
            },
        )
