"""A county with three pairings in two towns, another county beside it, and somebody of each role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from pairing import changes
from pairing.models import Pairing, PairingPost, Programme
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests.factories import (
    make_member,
    make_pairing,
    make_person,
    make_post,
    make_programme,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)
from units.models import Person, Unit

BACKEND = "tenancy.backends.AccountBackend"


@dataclass
class County:
    """The rows that tests name."""

    tenant: Tenant
    programme: Programme
    town: Unit
    village: Unit
    forestry: Unit
    water: Unit
    first: Pairing
    second: Pairing
    third: Pairing
    leader: Person
    held: PairingPost
    theirs: Pairing
    members: dict[str, Account]

    def url(self, path: str = "") -> str:
        return f"/{self.tenant.slug}/pairings/{path}"

    def on(self, pairing: Any, path: str = "") -> str:
        return self.url(f"{pairing.uid}/{path}")


@pytest.fixture(autouse=True)
def this_floor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What apps above do when a pairing changes is told by their own tests."""
    for registry in ("_listeners", "_removals", "_hindrances"):
        monkeypatch.setattr(changes, registry, [])


@pytest.fixture
def county(db: None) -> County:
    other = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        theirs = make_pairing(make_unit("南海区林业局"), make_village("河村"))
    tenant = make_tenant()
    with tenant_scope(tenant):
        programme = make_programme()
        town = make_town("曹江镇")
        village, far = make_village("荷垌村", town=town), make_village("茅坡村", town=make_town("根子镇"))
        forestry, water = make_unit("高州市林业局"), make_unit("高州市水务局")
        first = make_pairing(forestry, village, programme, is_lead=True, agreement_signed_on=date(2024, 9, 3))
        second = make_pairing(water, village, programme)
        third = make_pairing(water, far, programme, origin="self_chosen")
        leader = make_person("组长甲")
        make_post(forestry, leader, "group_leader")
        make_post(village, make_person("书记乙"), "village_secretary", phone="13900002222")
        held = PairingPost.objects.create(
            tenant=tenant, pairing=first, person=leader, kind="group_leader", phone="13900001111", starts_on=date(2024, 9, 3)
        )
    scopes = {"TO": town, "UL": forestry, "UG": forestry, "VS": village, "CL": village}
    roles = ("CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "JC", "HC", "AU")
    members = {role: make_member(tenant, role, unit=scopes.get(role)) for role in roles}
    return County(tenant, programme, town, village, forestry, water, first, second, third, leader, held, theirs, members)


@pytest.fixture
def as_role(county: County) -> Callable[[str], Client]:
    """A browser of somebody with a role."""

    def client(role: str) -> Client:
        signed_in = Client()
        signed_in.force_login(county.members[role], backend=BACKEND)
        return signed_in

    return client
