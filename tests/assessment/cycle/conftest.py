"""A small county with a rubric that is easily reckoned: 40 marks for two papers, 60 that a reviewer gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from assessment.actions import cycles, decisions
from assessment.actions.facts import enter
from assessment.models import Cycle, CycleState, Rubric, RubricLine
from tenancy import clock
from tenancy.models import Account, Tenant
from tenancy.scope import Actor, tenant_scope
from tests import factories as make
from tests import factories_judgement as judged

ACTOR = Actor(name="科长甲")
JANUARY = datetime(2026, 1, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NAMES = ("高州市财政局", "高州市林业局", "高州市农业局", "高州市水务局", "高州市统计局")


@dataclass
class County:
    """A tenant with five units, a village each, the first with two; who works there; an assessment of 2025."""

    tenant: Tenant
    cycle: Cycle
    rubric: Rubric
    pairings: list[Any]
    members: dict[str, Account] = field(default_factory=dict)

    @contextmanager
    def inside(self, day: datetime = JANUARY) -> Iterator[None]:
        with tenant_scope(self.tenant, actor=ACTOR), clock.at(day):
            yield

    def url(self, path: str = "") -> str:
        return f"/{self.tenant.slug}/assessment/{self.cycle.uid}/{path}"

    def report_url(self, number: int = 0, path: str = "") -> str:
        return self.url(f"pairings/{self.pairings[number].uid}/self-report/{path}")

    def line(self, code: str) -> RubricLine:
        found: RubricLine = RubricLine.objects.get(rubric=self.rubric, code=code)
        return found

    def state(self) -> str:
        with tenant_scope(self.tenant):
            return str(Cycle.objects.get(pk=self.cycle.pk).state)

    def sign_in(self, client: Client, role: str) -> Client:
        client.force_login(self.members[role])
        return client

    def bring_to(self, state: CycleState, marks: list[int] | None = None) -> None:
        """Lead the assessment to a stage; ``marks``: what the reviewer gives each pairing, of 60."""
        order = list(CycleState)
        self.cycle.refresh_from_db()
        while order.index(CycleState(self.cycle.state)) < order.index(state):
            self._next(marks or [58, 56, 50, 40, 20, 10])
            self.cycle.refresh_from_db()

    def _next(self, marks: list[int]) -> None:
        cycle, actor = self.cycle, ACTOR
        match CycleState(cycle.state):
            case CycleState.DRAFT:
                cycles.configure(cycle=cycle, exempt={}, actor=actor)
            case CycleState.CONFIGURED:
                cycles.open_self_reports(cycle=cycle, until=date(2026, 1, 20), actor=actor)
            case CycleState.SELF_REPORT:
                cycles.open_review(cycle=cycle, actor=actor)
            case CycleState.REVIEW:
                for pairing, value in zip(self.pairings, marks, strict=True):
                    enter(cycle=cycle, pairing=pairing, line=self.line("B1"), value=value, note="评审会", actor=actor)
                decisions.score(cycle=cycle, actor=actor)
            case CycleState.SCORED:
                decisions.bring_before_group(cycle=cycle, actor=actor)
            case CycleState.DECISION:
                decisions.decide(
                    cycle=cycle,
                    minutes_no="高委纪〔2026〕2号",
                    decided_on=date(2026, 1, 12),
                    changes={},
                    account=None,
                    actor=actor,
                )
                decisions.publish(cycle=cycle, actor=actor)
            case CycleState.PUBLICITY:
                with clock.at(datetime(2026, 1, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))):
                    decisions.finish(cycle=cycle, actor=actor)
            case state:
                raise AssertionError(f"nothing follows {state}")


def make_small_rubric(code: str = "X-100", **fields: Any) -> Rubric:
    """A: two papers, 20 each; B: 60 as the reviewer judges."""
    rubric: Rubric = judged.make_rubric(code, title="年度考核评分细则", tie_breakers=["B", "A1"], **fields)
    first = judged.make_group(rubric, "A", "组织共建", position=1)
    second = judged.make_group(rubric, "B", "评审", position=2)
    judged.make_line(
        first, "A1", "40", name="协议与计划", source="system", reading="papers", reading_terms={"papers": ["agreement", "plan"]},
        pattern="parts", pattern_terms={"parts": {"agreement": 20, "plan": 20}}, position=1,
    )  # fmt: skip
    judged.make_line(second, "B1", "60", name="实地评审", position=2)
    return rubric


def build(slug: str = "gaozhou", code: str = "440981", name: str = "高州市") -> County:
    tenant = make.make_tenant(slug, code, name)
    with tenant_scope(tenant, actor=ACTOR):
        programme = make.make_programme(2025, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
        town = make.make_town()
        units = [make.make_unit(unit) for unit in NAMES]
        pairings = [
            make.make_pairing(
                unit, make.make_village(f"第{number}村", town=town), programme, starts_on=date(2025, 1, 1),
                agreement_signed_on=date(2025, 1, 1), plan_approved_on=date(2025, 2, 1),
            )
            for number, unit in enumerate([*units, units[0]], start=1)
        ]  # fmt: skip
        rubric = make_small_rubric()
        cycle = cycles.create_cycle(
            programme=programme, year=2025, title="2025年度考核", rubric=rubric, starts_on=date(2025, 1, 1),
            ends_on=date(2025, 12, 31), actor=ACTOR,
        )  # fmt: skip
    county = County(tenant, cycle, rubric, pairings)
    for role in ("CA", "CS", "IN", "AU", "CL", "JC"):
        county.members[role] = make.make_member(tenant, role)
    for role in ("UL", "UG"):
        county.members[role] = make.make_member(tenant, role, unit=units[0])
    county.members["UL2"] = make.make_member(tenant, "UL", unit=units[1])
    county.members["VS"] = make.make_member(tenant, "VS", unit=pairings[0].village)
    county.members["TO"] = make.make_member(tenant, "TO", unit=town)
    return county


@pytest.fixture
def county(db: None) -> County:
    return build()


@pytest.fixture(autouse=True)
def january(request: pytest.FixtureRequest) -> Iterator[None]:
    """It is 12 January 2026, a Monday, in every test of this package but those in a browser."""
    if "in_browser" in request.node.path.name:
        yield
        return
    with clock.at(JANUARY):
        yield
