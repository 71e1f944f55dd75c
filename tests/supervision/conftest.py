"""A county with a pairing whose liaison and group leader are known, and somebody of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pairing.models import Pairing
from tenancy import clock
from tenancy.access import Access, LiveGrant
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import (
    make_account,
    make_pairing,
    make_pairing_post,
    make_person,
    make_programme,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)
from units.models import Person, Unit

CHINA = ZoneInfo("Asia/Shanghai")
# A Thursday; the five working days after it end on 13 March, the ten on 20 March.
TODAY = date(2025, 3, 6)


def at(day: date) -> Any:
    """Live on another day."""
    return clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=CHINA))


@dataclass
class Place:
    """What tests name."""

    tenant: Tenant
    town: Unit
    village: Unit
    unit: Unit
    pairing: Pairing
    other: Pairing
    liaison: Person
    leader: Person
    member: Callable[..., Access]


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    tenant = make_tenant()
    with tenant_scope(tenant), at(TODAY):
        programme = make_programme()
        town = make_town()
        village, unit = make_village(town=town), make_unit()
        pairing = make_pairing(unit, village, programme)
        liaison, leader = make_person("联络员甲"), make_person("组长乙")
        make_pairing_post(pairing, liaison, "liaison")
        make_pairing_post(pairing, leader, "group_leader")
        other = make_pairing(make_unit("高州市水务局"), make_village("茅坡村", town=make_town("根子镇")), programme)

        def member(role: str, at_unit: Unit | None = None, name: str = "") -> Access:
            account = make_account()
            if name:
                make_person(name, account=account)
            where = at_unit or {"UL": unit, "UG": unit, "VS": village, "TO": town, "CL": village, "HC": village}.get(role)
            kind = "tenant" if where is None else "unit"
            return Access(account, tenant, (LiveGrant(role, kind, where.pk if where else None, None),))

        yield Place(tenant, town, village, unit, pairing, other, liaison, leader, member)
