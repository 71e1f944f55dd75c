"""A county with something in it, and clients that carry tokens as programs do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import factories as make

GIVEN = date(2023, 6, 30)


class Api:
    """The API of one county as one account sees it: JSON in, JSON out."""

    def __init__(self, tenant: Tenant, client: Client) -> None:
        self.tenant, self.client = tenant, client

    def path(self, path: str) -> str:
        return f"/{self.tenant.slug}/api/v1/{path}"

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(self.path(path), query)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(self.path(path), body, content_type="application/json")

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(self.path(path), body, content_type="application/json")

    def names(self, path: str, **query: Any) -> list[str]:
        response = self.get(path, **query)
        assert response.status_code == 200, response.content.decode()
        return [row["name"] for row in response.json()["results"]]


@pytest.fixture
def tenant(db: None) -> Tenant:
    return make.make_tenant()


@pytest.fixture
def other(db: None) -> Tenant:
    return make.make_tenant("nanhai", "440605", "南海区")


@pytest.fixture
def things(tenant: Tenant) -> dict[str, Any]:
    """曹江镇 with 荷垌村 and 帅堂社区, 石板镇 with 板村村; two units, one stationed; people; one pairing."""
    with tenant_scope(tenant):
        town = make.make_town("曹江镇", division_code="440981124", starts_on=GIVEN)
        other_town = make.make_town("石板镇", division_code="440981112", starts_on=GIVEN)
        village = make.make_village("荷垌村", town=town, division_code="440981124201", starts_on=GIVEN)
        community = make.make_unit("帅堂社区", "community", parent=town, division_code="440981124001")
        far = make.make_village("板村村", town=other_town, division_code="440981112201")
        unit = make.make_unit("高州市林业局", nature="administrative")
        stationed = make.make_unit("茂名石化高州分公司", is_stationed=True, nature="stationed")
        person = make.make_person("组长甲", phone="13900001234")
        post = make.make_post(unit, person, "group_leader", phone="13900005678")
        secretary = make.make_person("书记乙", phone="13900004321")
        make.make_post(village, secretary, "village_secretary", phone="13900008765")
        programme = make.make_programme()
        pairing = make.make_pairing(unit, village, programme, is_lead=True)
        make.make_pairing(stationed, far, programme)
        from pairing.models import PairingPost

        PairingPost.objects.create(
            tenant=tenant, pairing=pairing, person=person, kind="group_leader", phone="13900005678", starts_on=date(2024, 9, 3)
        )
    return locals()


@pytest.fixture
def as_role(tenant: Tenant) -> Callable[..., Api]:
    """An Api for somebody new with one role, over the county or over a unit."""

    def sign_in(role: str = "CA", unit: Any = None) -> Api:
        client = Client()
        client.force_login(make.make_member(tenant, role, unit=unit), backend="tenancy.backends.AccountBackend")
        return Api(tenant, client)

    return sign_in


@pytest.fixture
def api(as_role: Callable[..., Api]) -> Api:
    """The county administrator's."""
    return as_role("CA")
