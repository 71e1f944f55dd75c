"""A county with a programme year that has been set up from 五个一, and people of several roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities.actions.year import open_year
from pairing.models import Programme
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import Actor, tenant_scope
from tests import factories as make

ACTOR = Actor(name="cs.gaozhou")
# A day in the middle of the programme year 2024-09-03 … 2025-12-31.
MOMENT = datetime(2024, 12, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def county(db: None) -> Iterator[Tenant]:
    tenant = make.make_tenant()
    with clock.at(MOMENT):
        yield tenant


@pytest.fixture
def scoped(county: Tenant) -> Iterator[Tenant]:
    with tenant_scope(county, actor=ACTOR):
        yield county


@pytest.fixture
def programme(scoped: Tenant) -> Any:
    return make.make_programme()


@pytest.fixture
def year(programme: Programme) -> Programme:
    """The programme, set up from 五个一."""
    open_year(programme=programme, preset="five_ones", actor=ACTOR)
    return programme
