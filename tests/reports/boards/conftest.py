"""A county of two towns on 11 December 2024, in which every state of a duty stands somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client

from activities.actions.waivers import WaiverFacts, add_waiver
from tenancy import clock
from tenancy.scope import SYSTEM, tenant_scope
from tests.activities.obligations.conftest import County, local, make_county
from tests.factories import make_member, make_pairing, make_town, make_unit, make_village

TODAY = "2024-12-11"


@dataclass
class Place:
    """The county, its second town, and who may be asked to look."""

    county: County
    other_town: Any
    leader_village: Any
    # Who was asked to look, by role: the last one.
    members: dict[str, Any] = field(default_factory=dict)

    def units(self) -> dict[str, Any]:
        """What each role with a scope of its own is granted."""
        first = self.county.first
        return {
            "CL": self.leader_village,
            "TO": self.county.town,
            "UL": first.unit,
            "UG": first.unit,
            "VS": first.village,
            "HC": first.village,
        }

    def client(self, role: str) -> Client:
        client = Client()
        member = make_member(self.county.tenant, role, unit=self.units().get(role))
        self.members[role] = member
        client.force_login(member, backend="tenancy.backends.AccountBackend")
        return client


def make_place(slug: str = "gaozhou") -> Place:
    """To be called in no scope."""
    county = make_county(3, slug=slug)
    with tenant_scope(county.tenant):
        other = make_town("长坡镇", division_code="440981102")
        county.town.division_code = "440981101"
        county.town.save()
        village = make_village("旺沙村", town=other)
        since = county.programme.starts_on
        county.pairings.append(
            make_pairing(
                make_unit("高州市水务局"),
                village,
                county.programme,
                is_lead=True,
                starts_on=since,
                active_from=since,
                agreed_on=since,
            )
        )
        county.judge("2024-09-04")
        county.judge("2024-11-12")
        county.judge("2024-12-03")
        county.write("labour_day", "2024-10-09")
        county.write("labour_day", "2024-11-05", at="2024-12-11T08:00")
        county.write("courtyard", "2024-10-20", house_no="8号")
        county.write("courtyard", "2024-11-20", house_no="10号", confirmed=None)
        county.write("reception", "2024-10-09", leader_present=True)
        county.write("reception", "2024-12-03", pairing=county.pairings[3])
        county.write("livelihood_item", "2024-10-12", item_name="修路灯")
        facts = WaiverFacts(programme=county.programme, starts_on=date(2024, 11, 11), ends_on=date(2024, 11, 17), reason="台风")
        with clock.at(local("2024-11-18T09:00")):
            add_waiver(facts=facts, actor=SYSTEM)
        county.judge(TODAY)
    return Place(county, other, village)


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    """The county, with the clock at nine in the morning of that day."""
    found = make_place()
    with clock.at(local(f"{TODAY}T09:00")):
        yield found
