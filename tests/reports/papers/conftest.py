"""A county whose first pairing has a quarter behind it: records of both sides, confirmed and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from activities.actions import records
from activities.actions.facts import RecordFacts
from activities.actions.rules import switch_rule
from activities.hands import system_hand
from activities.models import Rule
from tenancy import clock
from tenancy.access import Access, access_for
from tenancy.models import Account, Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.activities.obligations.conftest import County, local, make_county
from tests.factories import make_member, make_person

QUARTER = date(2024, 10, 1)
CODE = "2024-Q4"
NOW = "2025-01-08T10:00"


@dataclass
class Year:
    """The county with somebody of each role; ``far``: the liaison of another unit."""

    county: County
    members: dict[str, Account]

    @property
    def tenant(self) -> Tenant:
        return self.county.tenant

    def access(self, role: str) -> Access:
        found = access_for(self.members[role], self.tenant)
        assert found is not None
        return found

    def url(self, path: str = "") -> str:
        return f"/{self.tenant.slug}/pairings/{self.county.first.uid}/joint-reports/{CODE}/{path}"

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.members[role], backend="tenancy.backends.AccountBackend")
        return client


def make_year(slug: str = "gaozhou") -> Year:
    """To be called in no scope."""
    county = make_county(3, slug=slug, until=date(2025, 12, 31))
    first = county.first
    scopes = {
        "UL": first.unit,
        "UG": first.unit,
        "VS": first.village,
        "TO": county.town,
        "CS": None,
        "CA": None,
        "AU": None,
        "CL": first.village,
    }
    members = {role: make_member(county.tenant, role, unit=unit, login=f"{role}-{slug}".lower()) for role, unit in scopes.items()}
    with tenant_scope(county.tenant):
        far = county.pairings[2]
        rule = Rule.objects.get(code="joint_report")
        with clock.at(local("2024-09-03T09:00")):
            switch_rule(rule=rule, is_active=True, actor=SYSTEM)
    members["far"] = make_member(county.tenant, "UL", unit=far.unit, login=f"far-{slug}")
    members["far_village"] = make_member(county.tenant, "VS", unit=far.village, login=f"far-vs-{slug}")
    with tenant_scope(county.tenant):
        for role, account in members.items():
            make_person(f"成员{role}", account=account)
        county.write("labour_day", "2024-10-16", title="清理村道", place="荷垌村", person_times=48)
        county.write("labour_day", "2024-11-20", text="清淤水渠。", leader_present=True)
        county.write("reception", "2024-11-05", visitors=3)
        county.write("labour_day", "2024-12-18", title="植树", confirmed=None)
        with clock.at(local("2024-12-20T20:00")):
            facts = RecordFacts(type="theme_party_day", occurred_on=date(2024, 12, 19), pairings=(first,), title="共上一堂党课")
            own = records.write_record(facts=facts, hand=system_hand("village"))
            records.confirm_record(record=own, hand=system_hand("unit"))
        county.judge("2025-01-08")
    return Year(county, members)


@pytest.fixture
def year(db: None) -> Iterator[Year]:
    """Played up to 8 January 2025; in scope of no county."""
    found = make_year()
    with clock.at(local(NOW)):
        yield found
