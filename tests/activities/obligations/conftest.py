"""A county with a year of 五个一 and pairings that owe it; records written and confirmed on the days they tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities import obligations
from activities.actions import records, year
from activities.actions.facts import RecordFacts
from activities.hands import system_hand
from activities.models import Obligation, Record
from lib.periods import period_named
from pairing.models import Pairing, Programme
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_pairing, make_programme, make_tenant, make_town, make_unit, make_village

CHINA = ZoneInfo("Asia/Shanghai")
UNIT, VILLAGE = system_hand("unit"), system_hand("village")


def local(text: str) -> datetime:
    """``2024-11-18T09:00`` in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@dataclass
class County:
    """Villages of one town, the first with two units; what is owed since 3 September 2024."""

    tenant: Tenant
    programme: Programme
    town: Any
    pairings: list[Pairing] = field(default_factory=list)

    @property
    def first(self) -> Pairing:
        return self.pairings[0]

    def write(
        self, type_code: str, on: str, *, at: str = "", confirmed: str | None = "", pairing: Pairing | None = None, **more: Any
    ) -> Record:
        """A record of the unit's, entered ``at`` (default: that evening); ``confirmed``: when, None for not yet."""
        facts = RecordFacts(type=type_code, occurred_on=date.fromisoformat(on), pairings=(pairing or self.first,), **more)
        entered = at or f"{on}T20:00"
        with clock.at(local(entered)):
            record = records.write_record(facts=facts, hand=UNIT, is_another=True)
        if confirmed is None:
            return record
        with clock.at(local(confirmed or entered)):
            return records.confirm_record(record=record, hand=VILLAGE)

    def judge(self, on: str) -> None:
        """The sweep of a morning."""
        with clock.at(local(f"{on}T02:00")):
            obligations.refresh()

    def cell(self, rule: str, code: str, pairing: Pairing | None = None) -> Obligation:
        span = period_named(code)
        found: Obligation = Obligation.objects.select_related("rule", "terms", "pairing").get(
            rule__code=rule, pairing=pairing or self.first, period_kind=span.kind, starts_on=span.starts_on
        )
        return found


def make_county(n: int = 1, *, since: date = date(2024, 9, 3), until: date = date(2024, 12, 31), slug: str = "gaozhou") -> County:
    """To be called in no scope; ``n`` pairings that owe from ``since`` on."""
    tenant = make_tenant() if slug == "gaozhou" else make_tenant(slug, "440982", "化州市")
    with tenant_scope(tenant), clock.at(local(f"{since}T08:00")):
        programme, town = make_programme(since.year, starts_on=since, ends_on=until), make_town()
        county = County(tenant, programme, town)
        village = make_village(town=town)
        for i in range(n):
            name = "高州市林业局" if i == 0 else f"高州市第{i}局"
            where = village if i < 2 else make_village(f"第{i}村", town=town)
            unit = make_unit(name)
            county.pairings.append(
                make_pairing(unit, where, programme, is_lead=i != 1, starts_on=since, active_from=since, agreed_on=since)
            )
        year.open_year(programme=programme, preset="five_ones", actor=SYSTEM)
    return county


@pytest.fixture
def county(db: None) -> Iterator[County]:
    """Two units of one village, in scope."""
    found = make_county(2)
    with tenant_scope(found.tenant):
        yield found
