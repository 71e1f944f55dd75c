"""A small county for the pages of units: two towns, villages, offices, people, and somebody of each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_person, make_post, make_tenant, make_town, make_unit, make_village
from units.models import Listing, Unit, UnitAlias

BACKEND = "tenancy.backends.AccountBackend"


@dataclass
class County:
    """The rows that tests name."""

    tenant: Tenant
    town: Unit
    other_town: Unit
    village: Unit
    other_village: Unit
    community: Unit
    office: Unit
    branch: Unit
    stationed: Unit
    post: Any
    secretary: Any
    members: dict[str, Account]

    def url(self, path: str) -> str:
        return f"/{self.tenant.slug}/units/{path}"


@pytest.fixture
def county(db: None) -> County:
    tenant = make_tenant()
    with tenant_scope(tenant):
        town, other_town = make_town("曹江镇", division_code="440981101"), make_town("石鼓镇", division_code="440981102")
        village = make_village("荷垌村", town=town, division_code="440981101201")
        other_village = make_village("茅坡村", town=other_town)
        community = make_unit("曹江社区", "community", parent=town)
        office = make_unit("高州市林业局", nature="administrative", n_party_members=12)
        stationed = make_unit("高州海关", nature="stationed", is_stationed=True, n_party_members=5)
        branch = make_unit("中共高州市林业局党支部", "party_organisation", parent=office)
        UnitAlias.objects.create(tenant=tenant, unit=office, name="市林业", key="市林业")
        leader = make_person("组长甲", phone="13900001111")
        post = make_post(office, leader, "group_leader", phone="13900001111", title="副局长", starts_on=date(2024, 9, 3))
        secretary = make_post(village, make_person("书记乙"), "village_secretary", phone="13900002222")
        Listing.objects.create(
            tenant=tenant, unit=village, kind="weak_village", starts_on=date(2024, 1, 1), doc_no="高委组〔2024〕1号"
        )
        Listing.objects.create(tenant=tenant, unit=other_village, kind="weak_village", starts_on=date(2024, 1, 1))
    scopes = {"TO": town, "UL": office, "UG": office, "VS": village}
    roles = ("CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "HC", "AU")
    members = {role: make_member(tenant, role, unit=scopes.get(role)) for role in roles}
    return County(
        tenant, town, other_town, village, other_village, community, office, branch, stationed, post, secretary, members
    )


@pytest.fixture
def as_role(county: County) -> Callable[[str], Client]:
    """A browser of somebody with a role."""

    def client(role: str) -> Client:
        signed_in = Client()
        signed_in.force_login(county.members[role], backend=BACKEND)
        return signed_in

    return client
