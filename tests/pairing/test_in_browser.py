"""Pages of pairings and the first page in a real browser: both widths, large text, the policy in force, one task done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from pairing.models import Pairing, PairingPost
from tenancy.models import Account, AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tenancy.views.start import TEXT_COOKIE
from tests import browser as look
from tests.factories import (
    make_member,
    make_pairing,
    make_person,
    make_post,
    make_programme,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)
from tests.live import LiveServer

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}
LONG = "中国人民银行高州营业部与高州市自来水有限公司联合工作委员会"


@dataclass
class Place:
    """A county kept for all tests of this file."""

    live: LiveServer
    tenant: Tenant
    members: dict[str, Account]
    pages: dict[str, str]
    pairing: Pairing


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    tenant = make_tenant()
    with tenant_scope(tenant):
        programme = make_programme(title="高州市市直机关党组织与乡村振兴重点村党组织结对共建工作方案")
        village = make_village("荷垌红花塘水库移民安置示范村", town=make_town("曹江镇"))
        office = make_unit(LONG)
        make_unit(f"中共{LONG}党支部", "party_organisation", parent=office)
        pairing = make_pairing(office, village, programme, is_lead=True, agreement_signed_on=date(2024, 9, 3))
        make_pairing(make_unit("高州市水务局"), village, programme, origin="self_chosen", notes=LONG)
        # One that a test may change: the others are read by tests that run before or after it.
        changing = make_pairing(make_unit("高州市统计局"), make_village("帅堂村", town=make_town("新垌镇")), programme)
        for i in range(20):
            make_pairing(make_unit(f"高州市第{i}局"), make_village(f"第{i}村", town=make_town(f"第{i}镇")), programme)
        leader = make_person("组长甲")
        make_post(village, make_person("书记乙"), "village_secretary", phone="13900002222")
        PairingPost.objects.create(
            tenant=tenant, pairing=pairing, person=leader, kind="group_leader", phone="13900001111", starts_on=date(2024, 9, 3)
        )
    members = {
        "CA": make_member(tenant, "CA"),
        "UL": make_member(tenant, "UL", unit=office),
        "VS": make_member(tenant, "VS", unit=village),
    }
    base = f"/{tenant.slug}/"
    one = f"{base}pairings/{pairing.uid}/"
    pages = {
        "home": base,
        "list": f"{base}pairings/",
        "bad": f"{base}pairings/?town=xx&gap=none",
        "none": f"{base}pairings/?q=zzzz",
        "one": one,
        "edit": f"{one}edit/",
        "history": f"{one}history/",
        "then": f"{base}pairings/?as_of=2024-10-01",
        "one then": f"{one}?as_of=2024-10-01",
        "suspend": f"{one}suspend/",
        "end": f"{one}end/",
        "post": f"{base}pairings/{changing.uid}/posts/group_leader/",
        "changing": f"{base}pairings/{changing.uid}/",
        "new": f"{base}pairings/new/",
        "programmes": f"{base}programmes/",
        "programme": f"{base}programmes/{programme.uid}/",
    }
    return Place(live_module, tenant, members, pages, pairing)


def _open(chrome: Browser, place: Place, name: str, size: str, *, role: str = "CA", text: int = 16) -> tuple[Page, list[str]]:
    context = chrome.new_context(viewport=SIZES[size], locale="zh-CN")
    place.live.sign_in(context, place.members[role])
    context.add_cookies([{"name": TEXT_COOKIE, "value": str(text), "url": place.live.url}])
    page = context.new_page()
    troubles = look.watch(page)
    page.goto(place.live.address(place.pages[name]))
    return page, troubles


def _sound(page: Page, troubles: list[str]) -> None:
    """Nothing serious for axe, no sideways scroll, no broken policy, no script error."""
    assert look.axe_violations(page) == []
    assert look.no_horizontal_scroll(page)
    assert troubles == []


@pytest.mark.parametrize(("size", "text"), [("desk", 16), ("phone", 16), ("phone", 30)])
def test_every_page_is_sound(chrome: Browser, place: Place, size: str, text: int) -> None:
    wrong = []
    with look.tab(chrome, place.live, place.members["CA"], SIZES[size], text=text) as (page, troubles):
        for name, path in place.pages.items():
            page.goto(place.live.address(path))
            # A filter with values that mean nothing answers 422, which the console reports.
            told = [trouble for trouble in look.taken(troubles) if not (name == "bad" and "422" in trouble)]
            wrong += [f"{name}: {one}" for one in (*look.objections(page), *told)]
    assert wrong == []


@pytest.mark.parametrize("role", ["UL", "VS"])
def test_the_first_page_of_a_village_and_a_unit_is_sound_on_a_phone(chrome: Browser, place: Place, role: str) -> None:
    page, troubles = _open(chrome, place, "home", "phone", role=role)
    _sound(page, troubles)
    page.context.close()


def test_a_number_is_shown_on_request_and_the_request_is_logged(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "home", "phone", role="VS")
    card = page.locator(".own-pairing", has_text=LONG)
    card.get_by_role("button", name="查看号码").click()
    expect(card.get_by_role("link", name="13900001111")).to_be_visible()
    assert troubles == []
    page.context.close()
    with tenant_scope(place.tenant):
        assert AuditEntry.objects.filter(action="phone_shown", account=place.members["VS"]).count() == 1


def test_a_group_leader_is_named_by_keyboard_alone(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "post", "desk")
    page.get_by_label("新人员姓名").focus()
    page.keyboard.type("组长丁")
    page.keyboard.press("Tab")
    page.keyboard.type("13900004444")
    page.locator("main button.btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(place.live.address(place.pages["changing"]))
    expect(page.locator("#posts")).to_contain_text("组长丁")
    expect(page.locator("#posts")).to_contain_text("139****4444")
    assert troubles == []
    page.context.close()
