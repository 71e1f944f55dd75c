"""Working for one county: the only way to its rows (architecture.md, decision 4; reliability.md §1.3).

``tenant_scope`` opens a transaction, tells the database which tenant it works for in a value signed with
a key that SQL cannot read, and switches the managers' filter on. Work across counties is one scope after
another; there is no scope for all.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_scopes import get_scope, scope

from tenancy import clock
from tenancy.models.tenant import Tenant

# A token outlives the longest transaction (an import of 20,000 rows), not a working day.
TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: kept with each version that a trigger writes.

    ``account_id`` is None for the system itself (a sweep, a command).
    """

    name: str
    account_id: int | None = None
    roles: str = ""
    address: str = ""

    def context(self, **more: Any) -> str:
        return json.dumps({"actor": self.name, "account": self.account_id, "roles": self.roles, **more}, ensure_ascii=False)


SYSTEM = Actor(name="系统")
# Whose name versions carry in the scope around this one: a nested scope puts it back.
_context: ContextVar[str] = ContextVar("version_context", default="")


def signing_keys(secret: str) -> tuple[bytes, bytes]:
    """Inner and outer HMAC-SHA256 pads of ``secret``, as the database keeps them (it has no pgcrypto)."""
    key = hashlib.sha256(secret.encode()).digest().ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)


def tenant_token(tenant_id: int, *, now: float | None = None) -> str:
    """``tenant.expiry.hmac``: what ``app.tenant()`` checks."""
    message = f"{tenant_id}.{int(now or time.time()) + TOKEN_SECONDS}"
    digest = hmac.new(hashlib.sha256(settings.TENANT_KEY.encode()).digest(), message.encode(), hashlib.sha256)
    return f"{message}.{digest.hexdigest()}"


def _tell_database(tenant: Tenant | None, context: str) -> datetime:
    """Set the tenant and the versions' context; answers the transaction's time, which costs no trip of its own."""
    token = tenant_token(tenant.pk) if tenant is not None else ""
    with connection.cursor() as cursor:
        # `true`: local to the transaction and gone with it, so that a kept connection carries no tenant on.
        # Nothing is ignored: said, so that the versions' triggers need not find out by an error, each time anew.
        cursor.execute(
            "SELECT set_config('app.tenant', %s, true), set_config('pghistory.context_metadata', %s, true), "
            "set_config('pgtrigger.ignore', coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{}'), true), now()",
            [token, context],
        )
        instant: datetime = cursor.fetchone()[3]
    return instant


@contextmanager
def tenant_scope(tenant: Tenant, *, actor: Actor = SYSTEM, reason: str = "") -> Iterator[None]:
    """Everything inside works for ``tenant``, in one transaction; versions name ``actor`` and ``reason``.

    Raises ValueError for None: django_scopes would take it for "every tenant", which we never mean.
    """
    if tenant is None:
        raise ValueError("tenant_scope(None): name one tenant, or loop over them one by one.")
    outer: Tenant | None = get_scope().get("tenant")
    context = actor.context(**({"reason": reason} if reason else {}))
    outer_context = _context.get()
    is_nested = connection.in_atomic_block
    with transaction.atomic(), scope(tenant=tenant):
        outer_time = clock.keep(_tell_database(tenant, context))
        entered = _context.set(context)
        try:
            yield
        finally:
            _context.reset(entered)
            clock.keep(outer_time)
        # At the end of the transaction the database forgets by itself.
        if is_nested and not connection.needs_rollback:
            _tell_database(outer, outer_context)


def reading_scope(tenant: Tenant) -> AbstractContextManager[None]:
    """For reading only: ``tenant_scope``, but for where its county is in scope already, which saves four trips."""
    is_in_scope = connection.in_atomic_block and get_scope().get("tenant") == tenant
    return nullcontext() if is_in_scope else tenant_scope(tenant)


def current_tenant() -> Tenant:
    """The tenant in scope. Raises LookupError, naming the fix, when there is none."""
    tenant: Tenant | None = get_scope().get("tenant")
    if tenant is None:
        raise LookupError("No tenant is in scope. Wrap the caller in tenant_scope(tenant).")
    return tenant


def because(reason: str, *, actor: Actor) -> None:
    """From here on in this transaction, versions carry ``reason``: why a person made the change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [actor.context(reason=reason)])


__all__ = ["SYSTEM", "Actor", "because", "current_tenant", "reading_scope", "signing_keys", "tenant_scope", "tenant_token"]
