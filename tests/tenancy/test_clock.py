"""The clock that decides what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_tenant


@pytest.mark.django_db
def test_time_in_a_scope_is_the_databases_and_ends_with_it(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    tenant: Tenant = make_tenant()
    real = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(days=1))

    with tenant_scope(tenant):
        inside = clock.now()
        assert abs(inside - real) < timedelta(minutes=30)
        assert clock.now() == inside
    assert clock.now() == real + timedelta(days=1)


def test_day_is_chinas_when_utc_still_has_yesterday() -> None:
    with clock.at(datetime(2024, 12, 31, 16, 30, tzinfo=UTC)):
        assert clock.today().isoformat() == "2025-01-01"


def test_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"), clock.at(datetime(2024, 1, 1)):
        pass
