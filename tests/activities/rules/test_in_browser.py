"""Pages of rules in a real browser: both widths, large text, the policy in force; a waiver and a day by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from activities.actions.rules import draft_terms
from activities.actions.waivers import WaiverFacts, add_waiver
from activities.actions.year import open_year
from activities.models import Rule, Waiver, WorkingDay
from tenancy import clock
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tenancy.views.start import TEXT_COOKIE
from tests import browser as look
from tests import factories as make
from tests.activities.rules.conftest import ACTOR
from tests.live import LiveServer

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}


@dataclass
class Place:
    """A county kept for all tests of this file."""

    live: LiveServer
    tenant: Tenant
    members: dict[str, Account]
    pages: dict[str, str]
    year: int


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    tenant = make.make_tenant()
    with tenant_scope(tenant, actor=ACTOR):
        today = clock.today()
        title = "高州市市直机关党组织与乡村振兴重点村党组织结对共建工作方案"
        # Begun three months ago, so that whatever day it is some months are locked and some lie ahead.
        begin = (today - timedelta(days=100)).replace(day=1)
        programme = make.make_programme(today.year, title=title, starts_on=begin, ends_on=date(today.year + 1, 12, 31))
        blank = make.make_programme(today.year - 1, ends_on=date(today.year - 1, 12, 31))
        town = make.make_town()
        village = make.make_village("荷垌红花塘水库移民安置示范村", town=town)
        make.make_pairing(make.make_unit(), village, programme, starts_on=begin)
        make.make_pairing(
            make.make_unit("中国人民银行高州营业部与高州市自来水有限公司联合工作委员会"), village, programme, starts_on=begin
        )
        open_year(programme=programme, preset="five_ones", actor=ACTOR)
        rule = Rule.objects.get(code="reception", programme=programme)
        draft_terms(rule=rule, changes={"minimum": 2, "online_per_month": None}, effective_from=today, actor=ACTOR)
        facts = WaiverFacts(
            programme=programme, starts_on=today, ends_on=today + timedelta(days=6), reason="台风", scope="town", town=town,
            approver="某主任", doc_no="高防〔2026〕3号",
        )  # fmt: skip
        waiver = add_waiver(facts=facts, actor=ACTOR)
    base = f"/{tenant.slug}/rules/"
    year = f"{base}years/{programme.uid}/"
    pages = {
        "year": year,
        "rule": f"{base}{rule.uid}/",
        "edit": f"{base}{rule.uid}/edit/",
        "draft": f"{base}{rule.uid}/draft/",
        "new": f"{year}new/",
        "open": f"{base}years/{blank.uid}/open/",
        "blank": f"{base}years/{blank.uid}/",
        "deadlines": f"{year}deadlines/",
        "months": f"{year}months/",
        "types": f"{year}types/",
        "type new": f"{year}types/new/",
        "waivers": f"{year}waivers/",
        "waiver new": f"{year}waivers/new/",
        "withdraw": f"{base}waivers/{waiver.uid}/withdraw/",
        "calendar": f"{year}calendar/?year={today.year}",
        "day": f"{year}calendar/day/?day={today.isoformat()}",
    }
    members = {role: make.make_member(tenant, role) for role in ("CA", "CS")}
    members["VS"] = make.make_member(tenant, "VS", unit=village)
    return Place(live_module, tenant, members, pages, today.year)


def _open(chrome: Browser, place: Place, name: str, size: str, *, role: str = "CA", text: int = 16) -> tuple[Page, list[str]]:
    context = chrome.new_context(viewport=SIZES[size], locale="zh-CN")
    place.live.sign_in(context, place.members[role])
    context.add_cookies([{"name": TEXT_COOKIE, "value": str(text), "url": place.live.url}])
    page = context.new_page()
    troubles = look.watch(page)
    page.goto(place.live.address(place.pages[name]))
    return page, troubles


def _wrong(chrome: Browser, place: Place, names: Iterable[str], size: str, *, role: str = "CA", text: int = 16) -> list[str]:
    """What is to be said against pages, each in turn in one tab."""
    wrong = []
    with look.tab(chrome, place.live, place.members[role], SIZES[size], text=text) as (page, troubles):
        for name in names:
            page.goto(place.live.address(place.pages[name]))
            look.screenshot(page, f"rules/{name.replace(' ', '-')}-{role}-{size}-{text}")
            wrong += [f"{name}: {one}" for one in (*look.objections(page), *look.taken(troubles))]
    return wrong


@pytest.mark.parametrize(("size", "text"), [("desk", 16), ("phone", 16), ("phone", 30)])
def test_every_page_is_sound(chrome: Browser, place: Place, size: str, text: int) -> None:
    assert _wrong(chrome, place, place.pages, size, text=text) == []


def test_a_village_reads_them_on_a_phone(chrome: Browser, place: Place) -> None:
    assert _wrong(chrome, place, ["year", "rule", "calendar", "waivers", "types"], "phone", role="VS") == []


def test_a_waiver_is_looked_at_and_then_written_down(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "waiver new", "desk", role="CS")
    page.fill("[name=starts_on]", f"{place.year + 1}-03-01")
    page.fill("[name=ends_on]", f"{place.year + 1}-03-31")
    page.fill("[name=reason]", "防汛")
    page.get_by_role("button", name="查看将豁免的周期").click()
    expect(page.get_by_role("heading", name="将豁免")).to_be_visible()
    page.get_by_role("button", name="确认保存").click()
    expect(page.get_by_role("rowheader", name="防汛")).to_be_visible()
    assert troubles == []
    page.context.close()
    with tenant_scope(place.tenant):
        assert Waiver.objects.filter(reason="防汛").count() == 1


def test_a_day_is_set_from_its_month(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "calendar", "phone")
    page.locator("section.month").last.get_by_role("link", name=f"{place.year}年12月8日").click()
    page.get_by_role("radio", name="休息").check()
    page.fill("[name=note]", "停电")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("section.month").last.get_by_role("link", name="停电")).to_be_visible()
    assert troubles == []
    page.context.close()
    with tenant_scope(place.tenant):
        assert not WorkingDay.objects.get(day=date(place.year, 12, 8)).is_working
