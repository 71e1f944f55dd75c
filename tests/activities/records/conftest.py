"""A county in October 2024 with three pairings in two towns, the types of 五个一, and somebody of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from activities.presets.five_ones import TYPES
from pairing.models import Pairing, Programme
from tenancy import clock
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests.factories import (
    make_member,
    make_pairing,
    make_person,
    make_programme,
    make_tenant,
    make_town,
    make_type,
    make_unit,
    make_village,
)
from units.models import Unit

BACKEND = "tenancy.backends.AccountBackend"
TODAY = datetime(2024, 10, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2024, 10, 16)
ROLES = ("CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "JC", "HC", "AU")


@dataclass
class County:
    """The rows that tests name. ``first`` and ``second`` share a village; ``third`` is in another town."""

    tenant: Tenant
    programme: Programme
    town: Unit
    village: Unit
    far: Unit
    forestry: Unit
    water: Unit
    first: Pairing
    second: Pairing
    third: Pairing
    theirs: Any
    members: dict[str, Account]

    def url(self, path: str = "") -> str:
        return f"/{self.tenant.slug}/{path}"

    def api(self, path: str = "") -> str:
        return f"/{self.tenant.slug}/api/v1/{path}"


def build(tenant: Tenant, year: int = 2024) -> County:
    """Fill an empty county; its pairings begin with the September of 2024, its programme with the year before ``year``."""
    with tenant_scope(tenant):
        programme = make_programme(year, starts_on=date(2024, 9, 3))
        for position, one in enumerate(TYPES):
            make_type(programme, one.code, one.name, one.carrier, position=position)
        town, village, far = make_town("曹江镇"), None, None
        village, far = make_village("荷垌村", town=town), make_village("茅坡村", town=make_town("根子镇"))
        forestry, water = make_unit("高州市林业局"), make_unit("高州市水务局")
        first = make_pairing(forestry, village, programme, is_lead=True)
        second, third = make_pairing(water, village, programme), make_pairing(water, far, programme)
    scopes = {"TO": town, "UL": forestry, "UG": forestry, "VS": village, "CL": village, "HC": village}
    members = {role: make_member(tenant, role, unit=scopes.get(role)) for role in ROLES}
    members["water"] = make_member(tenant, "UL", unit=water)
    with tenant_scope(tenant):
        for role, account in members.items():
            make_person(f"某{role}", account=account)
    return County(tenant, programme, town, village, far, forestry, water, first, second, third, None, members)


@pytest.fixture
def county(db: None) -> Iterator[County]:
    from tests.factories import make_record

    other = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        theirs = make_record(make_pairing(make_unit("南海区林业局"), make_village("河村")))
    made = build(make_tenant())
    made.theirs = theirs
    with clock.at(TODAY):
        yield made


@pytest.fixture
def as_role(county: County) -> Callable[[str], Client]:
    """A browser of somebody with a role; "water" is the other unit's liaison."""

    def client(role: str) -> Client:
        signed_in = Client()
        signed_in.force_login(county.members[role], backend=BACKEND)
        return signed_in

    return client


def sent(*pairings: Pairing, **fields: Any) -> dict[str, Any]:
    """What the form sends for a labour day."""
    return {
        "client_id": str(uuid4()),
        "type": "labour_day",
        "pairings": [str(one.uid) for one in pairings],
        "occurred_on": DAY.isoformat(),
        "place": "荷垌村",
        "text": "清理村道两侧杂草",
        "person_times": "32",
        **fields,
    }
