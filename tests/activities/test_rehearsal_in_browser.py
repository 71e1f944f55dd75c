"""试运行 in a real browser: both widths, large text; a village played, a mistake named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from activities.actions.year import open_year
from tenancy.models import Account, Tenant
from tenancy.scope import Actor, tenant_scope
from tenancy.views.start import TEXT_COOKIE
from tests import browser as look
from tests import factories as make
from tests.live import LiveServer

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}


@dataclass
class Place:
    live: LiveServer
    tenant: Tenant
    staff: Account
    path: str


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    tenant = make.make_tenant()
    with tenant_scope(tenant, actor=Actor(name="cs.gaozhou")):
        # A short year: what is looked at is the page.
        programme = make.make_programme(2024, starts_on=date(2024, 9, 3), ends_on=date(2024, 10, 31))
        village = make.make_village("荷垌红花塘水库移民安置示范村")
        make.make_pairing(make.make_unit("中国人民银行高州营业部与高州市自来水有限公司联合工作委员会"), village, programme)
        open_year(programme=programme, preset="five_ones", actor=Actor(name="cs.gaozhou"))
    staff = make.make_member(tenant, "CS")
    return Place(live_module, tenant, staff, f"/{tenant.slug}/rules/years/{programme.uid}/rehearsal/")


def _open(chrome: Browser, place: Place, size: str, text: int) -> tuple[Page, list[str]]:
    context = chrome.new_context(viewport=SIZES[size], locale="zh-CN")
    place.live.sign_in(context, place.staff)
    context.add_cookies([{"name": TEXT_COOKIE, "value": str(text), "url": place.live.url}])
    page = context.new_page()
    troubles = look.watch(page)
    page.goto(place.live.address(place.path))
    return page, troubles


@pytest.mark.parametrize(("size", "text"), [("desk", 16), ("phone", 16), ("phone", 30)])
def test_a_village_is_played_and_a_mistake_is_named(chrome: Browser, place: Place, size: str, text: int) -> None:
    page, troubles = _open(chrome, place, size, text)
    look.screenshot(page, f"rehearsal/asked-{size}-{text}")
    assert look.axe_violations(page) == []
    assert look.no_horizontal_scroll(page)

    page.locator("[name=village]").select_option(index=1)
    page.get_by_role("button", name="开始试运行").click()
    expect(page.get_by_text("没有写入任何内容")).to_be_visible(timeout=60_000)
    look.screenshot(page, f"rehearsal/played-{size}-{text}")
    assert look.axe_violations(page) == []
    assert look.no_horizontal_scroll(page)

    page.goto(place.live.address(place.path))
    page.locator("details summary").filter(has_text="方案").click()
    page.locator("[name=scenario]").fill('{"county": "440981"')
    page.get_by_role("button", name="开始试运行").click()
    expect(page.locator(".field-error")).to_contain_text("第 1 行第 20 列:这不是 JSON")
    expect(page.locator("[name=scenario]")).to_have_value('{"county": "440981"')
    look.screenshot(page, f"rehearsal/mistaken-{size}-{text}")
    assert [trouble for trouble in troubles if "422" not in trouble] == []
    page.context.close()
