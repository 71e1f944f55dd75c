"""A county with a unit, a village and a few people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tenancy.access import Access, access_for
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_person, make_post, make_tenant, make_unit, make_village


@dataclass
class County:
    """The county and what is in it."""

    tenant: Tenant
    admin: Account
    unit: Any
    village: Any
    liaison: Any
    secretary: Any

    @property
    def access(self) -> Access:
        found = access_for(self.admin, self.tenant)
        assert found is not None
        return found


@pytest.fixture
def county(db: None) -> County:
    tenant = make_tenant()
    admin = make_member(tenant, "CA", login="guanli")
    with tenant_scope(tenant):
        unit, village = make_unit(), make_village()
        liaison, secretary = make_person("梁明芳"), make_person("陈志强", phone="13900000002")
        make_post(unit, liaison, "liaison", title="办公室主任")
        make_post(village, secretary, "village_secretary", title="党组织书记")
    return County(tenant, admin, unit, village, liaison, secretary)


@pytest.fixture
def admin(client: Client, county: County) -> Client:
    client.force_login(county.admin)
    return client
