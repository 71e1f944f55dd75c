"""A county in scope with people who are told things, on a plain working day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notices import outbox
from notices.models import OutboxMessage
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_tenant

CHINA = ZoneInfo("Asia/Shanghai")
# A Monday; the Tuesday after it works too.
MORNING = datetime(2024, 11, 18, 9, 0, tzinfo=CHINA)


def local(text: str) -> datetime:
    """``2024-11-18 09:00`` in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.fixture
def tenant(db: None) -> Tenant:
    return make_tenant()


@pytest.fixture
def county(tenant: Tenant) -> Iterator[Tenant]:
    """The county in scope, at MORNING."""
    with tenant_scope(tenant), clock.at(MORNING):
        yield tenant


def promise(person: Any, key: str = "a", **fields: Any) -> OutboxMessage:
    """One waiting message."""
    values = {"kind": "plain", "payload": {"title": "请看通知"}, "not_before": MORNING - timedelta(hours=1), **fields}
    assert outbox.put(idem_key=key, person=person, **values)
    found: OutboxMessage = OutboxMessage.objects.get(idem_key=key)
    return found


__all__ = ["CHINA", "MORNING", "county", "local", "promise", "tenant"]
