"""Promising to tell somebody something: one row in the caller's transaction, or many by one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from lib.by_hashing import joined_by_hashing
from lib.prepared import execute_prepared
from notices.models import OutboxMessage, Outcome
from tenancy import clock
from tenancy.scope import current_tenant
from units.models import Person

# The columns that a planner's SELECT gives, in this order; each must carry its type.
PLANNED = "idem_key, kind, level, person_id, pairing_uid, subject_uid, rule, period, payload, not_before, expires_at, answer_days"
_INSERT = f"""
    INSERT INTO notices_outboxmessage (uid, tenant_id, created_at, {PLANNED})
    SELECT gen_random_uuid(), %(_tenant)s, %(_now)s, {PLANNED}
    FROM ({{select}}) AS planned ({PLANNED})
    -- One order for all: two planners at work on the same rows wait for each other instead of locking up.
    ORDER BY idem_key
    ON CONFLICT (tenant_id, idem_key) DO NOTHING
"""  # noqa: S608 - put together from the text above alone

_TYPES: Mapping[type, str] = {date: "date", datetime: "timestamptz", timedelta: "interval", int: "bigint", str: "text"}


def put(
    *,
    idem_key: str,
    kind: str,
    person: Person,
    payload: Mapping[str, Any],
    level: int | None = None,
    pairing_uid: UUID | None = None,
    subject_uid: UUID | None = None,
    rule: str = "",
    period: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    answer_days: int | None = None,
) -> bool:
    """Promise one message, in the caller's transaction. False when this very message was promised before.

    ``not_before`` None: as soon as people are told things. ``answer_days``: working days asked for an answer.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO notices_outboxmessage (uid, tenant_id, created_at, {PLANNED})"  # noqa: S608
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (tenant_id, idem_key) DO NOTHING",
            [
                uuid4(),
                current_tenant().pk,
                now,
                idem_key,
                kind,
                level,
                person.pk,
                pairing_uid,
                subject_uid,
                rule,
                period,
                json.dumps(dict(payload), ensure_ascii=False),
                not_before or now,
                expires_at,
                answer_days,
            ],
        )
        return bool(cursor.rowcount)


def plan(select: str, parameters: Mapping[str, Any]) -> int:
    """Promise what ``select`` finds, all at once; rows promised before are passed over. Answers how many are new.

    ``select`` is a statement of the program, never of a user; it gives the columns of ``PLANNED`` in their order.
    ``parameters``: dates, instants, durations, and lists of dates, instants or words.
    """
    values = {**parameters, "_tenant": current_tenant().pk, "_now": clock.now()}
    types = {name: _type_of(value) for name, value in values.items()}
    with connection.cursor() as cursor, joined_by_hashing():
        # Planned once a connection: that costs several times what it costs to find nothing new.
        execute_prepared(cursor, _INSERT.format(select=select), types, values)
        return int(cursor.rowcount)


def _type_of(value: Any) -> str:
    """The PostgreSQL type of a parameter. Raises KeyError for a sort that statements do not take."""
    if isinstance(value, list):
        return f"{_type_of(value[0])}[]"
    return _TYPES[type(value)]


def drop(ids: Iterable[int], why: str) -> int:
    """Withdraw waiting messages: kept and shown with ``why`` (a short code), never sent."""
    waiting = OutboxMessage.objects.filter(pk__in=list(ids), done_at=None)
    return int(waiting.update(done_at=clock.now(), outcome=Outcome.DROPPED, why=why))
