"""Pages of assessment in a real browser: both widths, large text; the review by keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from activities.actions.year import open_year
from assessment.actions import cycles, decisions
from assessment.actions.facts import enter
from assessment.actions.rubrics import copy_rubric, make_preset, weigh
from assessment.actions.self_reports import Saying, save_report
from assessment.models import Assessed, Cycle, CycleState, Entry, RubricLine
from tenancy import clock
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests import browser as look
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.cycle.conftest import ACTOR, make_small_rubric
from tests.live import LiveServer

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}
LONG_UNIT = "中国人民银行高州营业部与高州市自来水有限公司联合工作委员会"
LONG_VILLAGE = "荷垌红花塘水库移民安置示范村"


@dataclass
class Place:
    """A county kept for all tests of this file: last year in review by the preset, an earlier one closed."""

    live: LiveServer
    tenant: Tenant
    members: dict[str, Account]
    pages: dict[str, str]
    unit_pages: dict[str, str]
    cycle: Cycle


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    tenant = make.make_tenant()
    with tenant_scope(tenant, actor=ACTOR):
        year = clock.today().year - 1
        programme = make.make_programme(year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
        open_year(programme=programme, preset="five_ones", actor=ACTOR)
        town = make.make_town()
        units = [make.make_unit(), make.make_unit(LONG_UNIT)]
        pairings = [
            make.make_pairing(
                unit,
                make.make_village(name, town=town),
                programme,
                starts_on=date(year, 1, 1),
                agreement_signed_on=date(year, 1, 1),
            )
            for unit, name in ((units[0], LONG_VILLAGE), (units[1], "帅堂村"), (units[0], "板村村"))
        ]
        record = make.make_record(pairings[0], status="confirmed", occurred_on=date(year, 5, 6), title="清理村道")
        draft = make_preset(actor=ACTOR)
        cycle = _reviewing(programme, year, pairings)
        copy = copy_rubric(rubric=cycle.rubric, what_if=True, actor=ACTOR)
        weigh(rubric=copy, marks={"A3": Decimal(1), "D1": Decimal(8)}, actor=ACTOR)
        dispute = judged.make_dispute(cycle, pairings[0], RubricLine.objects.get(rubric=cycle.rubric, code="E1"), record=record)
        old = _closed(year - 1, pairings)
        deciding = _deciding(year - 2, units)
        preparing = _preparing(year - 3)
    base = f"/{tenant.slug}/assessment/"
    one, closed = f"{base}{cycle.uid}/", f"{base}{old.uid}/"
    report = f"{one}pairings/{pairings[0].uid}/self-report/"
    pages = {
        "list": base,
        "new": f"{base}new/",
        "cycle": one,
        "configure": f"{base}{preparing.uid}/configure/",
        "step": f"{one}steps/score/",
        "reopen": f"{base}{deciding.uid}/steps/reopen/",
        "reports": f"{one}self-reports/",
        "report": report,
        "answer": f"{one}disputes/{dispute.uid}/",
        "review": f"{one}review/",
        "review F": f"{one}review/?line=F",
        "what if list": f"{one}what-if/",
        "what if": f"{one}what-if/{copy.uid}/?all=1",
        "decision": f"{base}{deciding.uid}/decision/",
        "results": f"{closed}results/",
        "publicity": f"{closed}publicity/",
        "archive": f"{closed}archive/",
        "rubrics": f"{base}rubrics/",
        "rubric": f"{base}rubrics/{draft.uid}/",
        "rubric edit": f"{base}rubrics/{draft.uid}/edit/",
        "bands": f"{base}rubrics/{draft.uid}/bands/",
        "line": f"{base}rubrics/{draft.uid}/lines/I/",
        "line of types": f"{base}rubrics/{draft.uid}/lines/A3/",
        "line to add": f"{base}rubrics/{draft.uid}/groups/A/add-line/",
        "group to add": f"{base}rubrics/{draft.uid}/add-group/",
        "group": f"{base}rubrics/{draft.uid}/groups/A/",
    }
    unit_pages = {"cycle": one, "report": report, "closed": closed, "publicity": f"{closed}publicity/"}
    members = {role: make.make_member(tenant, role) for role in ("CA", "CS", "IN")}
    members["UL"] = make.make_member(tenant, "UL", unit=units[0])
    return Place(live_module, tenant, members, pages, unit_pages, cycle)


def _begun(programme: Any, year: int, rubric: Any, exempt: dict[int, str] | None = None) -> Cycle:
    cycle = cycles.create_cycle(
        programme=programme, year=year, title=f"{year}年度考核", rubric=rubric,
        starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), actor=ACTOR,
    )  # fmt: skip
    if exempt is not None:
        cycles.configure(cycle=cycle, exempt=exempt, actor=ACTOR)
        cycles.open_self_reports(cycle=cycle, until=clock.today(), actor=ACTOR)
    return cycle


def _reviewing(programme: Any, year: int, pairings: list[Any]) -> Cycle:
    cycle = _begun(programme, year, make_preset(actor=ACTOR), {})
    saying = Saying("全年共开展主题党日五次。" * 20, None, {"A1": Decimal(4), "A2": Decimal(4), "F": Decimal(5)})
    save_report(cycle=cycle, pairing_id=pairings[0].pk, saying=saying, hand_in=True, actor=ACTOR)
    cycles.open_review(cycle=cycle, actor=ACTOR)
    cycle.refresh_from_db()
    for code, value in (("A2", "2"), ("F", "submitted")):
        line = RubricLine.objects.get(rubric=cycle.rubric, code=code)
        enter(cycle=cycle, pairing=pairings[0], line=line, value=value, note="现场核对", actor=ACTOR)
    return cycle


def _scored(year: int, pairings: list[Any], code: str) -> Cycle:
    programme = make.make_programme(year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    own = [make.make_pairing(one.unit, one.village, programme, starts_on=date(year, 1, 1)) for one in pairings]
    cycle = _begun(programme, year, make_small_rubric(code), {})
    cycles.open_review(cycle=cycle, actor=ACTOR)
    cycle.refresh_from_db()
    line = RubricLine.objects.get(rubric=cycle.rubric, code="B1")
    for pairing, value in zip(own, (55, 50, 45), strict=False):
        enter(cycle=cycle, pairing=pairing, line=line, value=value, note="评审会", actor=ACTOR)
    decisions.score(cycle=cycle, actor=ACTOR)
    decisions.bring_before_group(cycle=cycle, actor=ACTOR)
    return cycle


def _deciding(year: int, units: list[Any]) -> Cycle:
    programme = make.make_programme(year, title="更早", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    village = make.make_village("红荔村", town=make.make_town("石板镇"))
    return _scored(year, [make.make_pairing(unit, village, programme, starts_on=date(year, 1, 1)) for unit in units], "Y-100")


def _preparing(year: int) -> Cycle:
    programme = make.make_programme(year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    village = make.make_village("白云村", town=make.make_town("东岸镇"))
    for name in (LONG_UNIT + "一处", "高州市统计局"):
        make.make_pairing(make.make_unit(name), village, programme, starts_on=date(year, 1, 1))
    return _begun(programme, year, make_small_rubric("W-100"))


def _closed(year: int, pairings: list[Any]) -> Cycle:
    cycle = _scored(year, pairings, "X-100")
    decisions.decide(cycle=cycle, minutes_no="高委纪〔2026〕2号", decided_on=clock.today(), changes={}, account=None, actor=ACTOR)
    decisions.publish(cycle=cycle, actor=ACTOR)
    line = RubricLine.objects.get(rubric=cycle.rubric, code="B1")
    first = Assessed.objects.filter(cycle=cycle).order_by("id")[0]
    enter(cycle=cycle, pairing=first.pairing, line=line, value=40, note="更正", reason="录入有误", actor=ACTOR)
    decisions.recompute(cycle=cycle, reason="申诉成立，更正实地评审得分", actor=ACTOR)
    Cycle.objects.filter(pk=cycle.pk).update(public_to=clock.today() - timedelta(days=365))
    decisions.finish(cycle=cycle, actor=ACTOR)
    return cycle


@pytest.mark.parametrize(("size", "text"), [("desk", 16), ("phone", 16), ("phone", 30)])
def test_every_page_is_sound(chrome: Browser, place: Place, size: str, text: int) -> None:
    wrong = []
    for role, pages in (
        ("CA", place.pages),
        ("CS", {"review": place.pages["review"], "review F": place.pages["review F"]}),
        ("UL", place.unit_pages),
    ):
        with look.tab(chrome, place.live, place.members[role], SIZES[size], text=text) as (page, troubles):
            for name, path in pages.items():
                response = page.goto(place.live.address(path))
                assert response is not None
                look.screenshot(page, f"assessment/{name.replace(' ', '-')}-{role}-{size}-{text}")
                found = [*look.objections(page), *look.taken(troubles)]
                wrong += [f"{name} {role}: {one}" for one in (*found, *([] if response.ok else [str(response.status)]))]
    assert wrong == []


def test_a_scorer_enters_by_keyboard_alone(chrome: Browser, place: Place) -> None:
    with look.tab(chrome, place.live, place.members["CS"], look.DESK) as (page, troubles):
        page.goto(place.live.address(f"{place.pages['review']}?line=B2"))
        page.locator("input[name^=value_]").first.focus()
        page.keyboard.type("2")
        page.keyboard.press("Tab")
        page.keyboard.type("入户抽查表第3号")
        page.keyboard.press("Tab")
        page.keyboard.type("不知道")
        page.keyboard.press("Enter")
        expect(page.locator(".field-error")).to_have_count(1)
        expect(page.locator("input[name^=note_]").first).to_have_value("入户抽查表第3号")
        page.locator("input[aria-invalid=true]").fill("1")
        page.keyboard.press("Tab")
        page.keyboard.type("入户抽查表第4号")
        page.keyboard.press("Enter")
        expect(page.get_by_text("已保存2项数据")).to_be_visible()
        # The browser itself reports the answer 422 as a failed resource.
        assert [one for one in troubles if "422" not in one] == []
    with tenant_scope(place.tenant):
        kept = Entry.objects.filter(cycle=place.cycle, line__code="B2").values_list("value", "note").order_by("id")
        assert list(kept) == [("2", "入户抽查表第3号"), ("1", "入户抽查表第4号")]
        assert Cycle.objects.get(pk=place.cycle.pk).state == CycleState.REVIEW
