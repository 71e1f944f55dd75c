"""The audit chain: who did what, when, from where, with what result; never the data itself (reliability.md §6.1)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection

from tenancy.access import Access
from tenancy.models.audit import PlatformEvent
from tenancy.scope import SYSTEM, Actor


def append(
    who: Access | Actor | None,
    action: str,
    *,
    object_kind: str = "",
    object_uid: UUID | None = None,
    result: str = "done",
    **details: Any,
) -> None:
    """Add one entry to the chain of the county in scope. ``details``: names of fields, counts, reasons; no values.

    Raises a database error when no tenant is in scope.
    """
    actor = who.actor if isinstance(who, Access) else who or SYSTEM
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.audit_append(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                actor.account_id,
                actor.name,
                actor.roles,
                actor.address,
                action,
                object_kind,
                object_uid,
                result,
                json.dumps(details, ensure_ascii=False, default=str),
            ],
        )


def verify() -> tuple[int, str] | None:
    """(seq, problem) of the first broken row of the county in scope, or None when the chain holds.

    A chain cannot show that its own tail was cut: the head is written down elsewhere each day (docs/security/audit.md).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, problem FROM app.audit_verify()")
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else None


def platform(action: str, *, actor: Actor, **details: Any) -> None:
    """Record a deed of the operator, outside any county."""
    PlatformEvent.objects.create(
        account_id=actor.account_id, actor=actor.name, address=actor.address, action=action, details=details
    )
