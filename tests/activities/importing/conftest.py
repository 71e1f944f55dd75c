"""The sample county with its year opened, a small county of two pairings, and ledgers made on the spot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities.actions.year import open_year
from pairing.models import Pairing, Programme
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_pairing, make_programme, make_tenant, make_town, make_unit, make_village
from tests.units.importing.conftest import Send, commit, county, media, send
from tests.units.importing.files import PAIRINGS, ROSTER, workbook

__all__ = ["Send", "county", "media", "send"]

# Two weeks after the samples' last month.
MOMENT = datetime(2025, 1, 14, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

HEADS = (
    "序号", "时间", "地点", "单位", "结对村", "活动类型", "活动主题", "活动内容", "参加人员", "参加人次", "带队领导", "受益群众",
    "投入资金(万元)", "佐证材料", "填报人", "备注",
)  # fmt: skip


def ledger(*rows: Mapping[str, Any], sheet: str = "10月", title: str = "2024年结对共建活动台账") -> bytes:
    """A ledger with these rows under a title, beginning in row 3 of the sheet."""
    return workbook({sheet: [[title], HEADS, *([row.get(head, "") for head in HEADS] for row in rows)]})


def row(**cells: Any) -> dict[str, Any]:
    """A row that can be imported, but for the cells given."""
    plain = {"时间": "2024.10.9", "单位": "高州市林业局", "结对村": "荷垌村", "活动类型": "集中劳动", "活动内容": "清理村道"}
    return {**plain, "参加人次": 12, **cells}


@pytest.fixture
def samples(county: Tenant, send: Send) -> Iterator[Tenant]:
    """Gaozhou with the units and pairings of the samples, its year opened."""
    with clock.at(MOMENT):
        commit(send("units", ROSTER))
        commit(send("pairings", PAIRINGS))
        open_year(programme=Programme.objects.get(), preset="five_ones", actor=SYSTEM)
        yield county


@dataclass
class Place:
    """One village with two units; the first leads."""

    tenant: Tenant
    forest: Pairing
    water: Pairing


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    tenant = make_tenant()
    with tenant_scope(tenant), clock.at(MOMENT):
        programme, village = make_programme(), make_village(town=make_town())
        forest = make_pairing(make_unit(), village, programme, is_lead=True)
        water = make_pairing(make_unit("高州市水务局"), village, programme)
        open_year(programme=programme, preset="five_ones", actor=SYSTEM)
        yield Place(tenant, forest, water)
