"""The worked example of domain.md §3.2 as a county's assessment of 2025, with somebody of each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from assessment.actions.scoring import compute
from assessment.models import Cycle
from tenancy import clock
from tenancy.models import Account, Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests import factories as make
from tests.assessment.laid_down import County as Laid
from tests.assessment.slow_scores import Year

JANUARY = datetime(2026, 1, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WORKED = Year(
    visits=(3, 3),
    theme_days=5,
    reports=((1, False), (2, False), (3, False), (4, True)),
    listed=200,
    covered=186,
    unaware=2,
    quarters=("met", "met", "missed", "met"),
    income=("86000", "93000"),
    labour=("met",) * 11 + ("missed",),
    courtyards=("met",) * 9 + ("missed",) * 3,
    weeks=("waived",) + ("met",) * 47 + ("missed",) * 4,
    led=("met",) * 10 + ("missed",) * 2,
    brand="submitted",
    mark=92,
    poll=(13, 5, 1, 1),
    honours=(("共建经验", "city"),),
    untrue=1,
    yellow=3,
)
ROLES = ("CA", "CS", "AU", "IN", "CL", "TO", "UL", "UG", "VS", "HC")


@dataclass
class Assessed:
    """The county; ``pairing`` is the worked example, ``other`` another unit's perfect year."""

    tenant: Tenant
    laid: Laid
    pairing: Any
    other: Any
    members: dict[str, Account]

    @property
    def cycle(self) -> Cycle:
        return self.laid.cycle

    def url(self, path: str = "sheet/", pairing: Any = None) -> str:
        return f"/{self.tenant.slug}/assessment/{self.cycle.uid}/pairings/{(pairing or self.pairing).uid}/{path}"

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.members[role], backend="tenancy.backends.AccountBackend")
        return client

    def become(self, state: str) -> None:
        with tenant_scope(self.tenant):
            Cycle.objects.filter(pk=self.cycle.pk).update(state=state)
            self.cycle.refresh_from_db()

    def publish(self) -> None:
        """Scores computed and public."""
        with tenant_scope(self.tenant), clock.at(JANUARY):
            compute(cycle=self.cycle, actor=SYSTEM)
        self.become("publicity")


def make_assessed(slug: str = "gaozhou", code: str = "440981", name: str = "高州市") -> Assessed:
    """To be called in no scope; under review, nothing computed."""
    tenant = make.make_tenant(slug, code, name)
    with tenant_scope(tenant), clock.at(JANUARY):
        laid = Laid()
        pairing = laid.lay(WORKED, make.make_unit("高州市林业局"))
        other = laid.lay(Year())
        scopes = {
            "CL": pairing.village,
            "TO": laid.town,
            "UL": pairing.unit,
            "UG": pairing.unit,
            "VS": pairing.village,
            "HC": pairing.village,
        }
    members = {role: make.make_member(tenant, role, unit=scopes.get(role), login=f"{role}-{slug}".lower()) for role in ROLES}
    members["far"] = make.make_member(tenant, "UG", unit=other.unit, login=f"far-{slug}")
    members["far_village"] = make.make_member(tenant, "VS", unit=other.village, login=f"farv-{slug}")
    with tenant_scope(tenant):
        for role, account in members.items():
            make.make_person(f"成员{role}", account=account)
    return Assessed(tenant, laid, pairing, other, members)


@pytest.fixture
def county(db: None) -> Iterator[Assessed]:
    found = make_assessed()
    with clock.at(JANUARY):
        yield found
