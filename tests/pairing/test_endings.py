"""Units and the pairings that hang on them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pairing.models import Pairing
from tenancy.access import access_for
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_pairing, make_tenant
from units.actions import end_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("side", ["unit", "village"])
def test_a_unit_ends_only_after_its_pairings(side: str) -> None:
    tenant = make_tenant()
    access = access_for(make_member(tenant, "CS"), tenant)
    assert access is not None
    with tenant_scope(tenant):
        pairing: Pairing = make_pairing()
        unit, day = getattr(pairing, side), date(2025, 6, 30)
        with pytest.raises(ValidationError, match="还有 1 条进行中的结对关系"):
            end_unit(access=access, unit=unit, last_day=day, reason="撤销", today=day)
        Pairing.objects.filter(pk=pairing.pk).update(state="ended", ends_on=day)
        end_unit(access=access, unit=unit, last_day=day, reason="撤销", today=day)
        unit.refresh_from_db()
        assert unit.ends_on == day
