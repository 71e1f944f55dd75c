"""Every page of units in a real browser: at both widths, in elder mode, by keyboard, with the policy in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tenancy.models import Account, AuditEntry, Tenant
from tenancy.scope import Actor, tenant_scope
from tenancy.views.start import TEXT_COOKIE
from tests import browser as look
from tests.factories import make_member, make_person, make_post, make_tenant, make_town, make_unit, make_village
from tests.live import LiveServer
from units.models import Listing

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}
LONG = "高州市人民政府地方志办公室与档案馆联合党总支部所属高州市非物质文化遗产保护中心"


@dataclass
class Place:
    """A county kept for all tests of this file."""

    live: LiveServer
    tenant: Tenant
    admin: Account
    pages: dict[str, str]


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    # After the browser: its loop makes Django refuse queries unless `launch` has allowed them.
    tenant = make_tenant()
    admin = make_member(tenant, "CA")
    with tenant_scope(tenant, actor=Actor(admin.login, admin.pk)):
        town = make_town("曹江镇")
        villages = [make_village(f"第{i}村民委员会", town=town) for i in range(24)]
        village = make_village("荷垌红花塘水库移民安置示范村民委员会", town=town)
        office = make_unit(LONG, nature="institution", superior_name=LONG, team="李示例、王示例", notes=LONG)
        party = make_unit(f"中共{LONG}党支部", "party_organisation", parent=office)
        leader = make_person("组长甲", phone="13900001111", notes="值班")
        make_post(office, leader, "principal", phone="13900001111", title="党组书记、局长", starts_on=date(2024, 9, 3))
        make_post(office, make_person("何旧任"), "principal", starts_on=date(2020, 1, 1), ends_on=date(2024, 9, 2))
        Listing.objects.create(
            tenant=tenant, unit=village, kind="weak_village", starts_on=date(2024, 1, 1), doc_no="高委组〔2024〕12号"
        )
        ended = make_unit("已撤销的高州市某办公室", ends_on=date(2025, 1, 1))
        for one in villages[:2]:
            make_post(one, make_person("书记乙"), "village_secretary", phone="13900002222")
    base = f"/{tenant.slug}/units/"
    pages = {
        "tree": base,
        "tree-none": f"{base}?q=zzz",
        "units": f"{base}organisations/",
        "units-bad": f"{base}organisations/?nature=xx&q={'林' * 81}",
        "villages": f"{base}villages/?size=20",
        "towns": f"{base}towns/",
        "party": f"{base}party-organisations/",
        "people": f"{base}people/",
        "empty": f"{base}groups/",
        "unit": f"{base}organisations/{office.uid}/",
        "ended": f"{base}organisations/{ended.uid}/",
        "history": f"{base}organisations/{office.uid}/history/",
        "edit": f"{base}organisations/{office.uid}/edit/",
        "new": f"{base}villages/new/",
        "end": f"{base}{office.uid}/end/",
        "reopen": f"{base}{ended.uid}/reopen/",
        "village": f"{base}villages/{village.uid}/",
        "town": f"{base}towns/{town.uid}/",
        "party-one": f"{base}party-organisations/{party.uid}/",
        "person": f"{base}people/{leader.uid}/",
        "post": f"{base}{office.uid}/posts/new/",
        "listing": f"{base}{village.uid}/listings/new/",
    }
    return Place(live_module, tenant, admin, pages)


def _open(chrome: Browser, place: Place, name: str, size: str, text: int = 16) -> tuple[Page, list[str]]:
    context = chrome.new_context(viewport=SIZES[size], locale="zh-CN")
    place.live.sign_in(context, place.admin)
    context.add_cookies([{"name": TEXT_COOKIE, "value": str(text), "url": place.live.url}])
    page = context.new_page()
    troubles = look.watch(page)
    page.goto(place.live.address(place.pages[name]))
    return page, troubles


@pytest.mark.parametrize(("size", "text"), [("desk", 16), ("phone", 16), ("phone", 30)])
def test_a_page_fits_obeys_the_policy_and_is_usable_by_everyone(chrome: Browser, place: Place, size: str, text: int) -> None:
    wrong = []
    with look.tab(chrome, place.live, place.admin, SIZES[size], text=text) as (page, troubles):
        for name, path in place.pages.items():
            page.goto(place.live.address(path))
            look.screenshot(page, f"units-{name}-{size}-{text}")
            found = [*look.objections(page), *look.small_targets(page, 60 if text > 16 else 44)]
            # A filter with values that mean nothing answers 422, which the console reports.
            found += [trouble for trouble in look.taken(troubles) if "422" not in trouble]
            wrong += [f"{name}: {one}" for one in found]
    assert wrong == []


def test_sorting_and_filtering_replace_the_list_and_keep_the_address(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "villages", "desk")
    page.evaluate("window.stayed = true")
    page.click("#village-list-sort-name")
    page.wait_for_url("**sort=name**")
    page.fill("#id_q", "hdhht")
    page.click(".filter-actions button")
    page.wait_for_url("**q=hdhht**")
    expect(page.locator("#village-list tbody tr")).to_have_count(1)
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.locator("#village-list tbody tr")).to_have_count(20)
    assert troubles == []
    page.context.close()


def test_the_tree_narrows_as_one_types(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "tree", "phone")
    page.locator("#id_q").press_sequentially("hedong")
    expect(page.locator("#unit-tree .tree .tree li")).to_have_count(1)
    assert "荷垌" in page.locator("#unit-tree").inner_text()
    assert page.evaluate("document.activeElement.id") == "id_q"
    assert troubles == []
    page.context.close()


def test_a_number_is_shown_in_its_place_and_logged(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "unit", "desk")
    page.locator("#posts .phone button").first.click()
    page.wait_for_selector("#posts .phone a[href='tel:13900001111']")
    assert troubles == []
    with tenant_scope(place.tenant):
        assert AuditEntry.objects.filter(action="phone_shown", account_id=place.admin.pk).exists()
    page.context.close()


def test_a_wrong_form_moves_the_focus_to_what_to_correct(chrome: Browser, place: Place) -> None:
    page, _troubles = _open(chrome, place, "new", "phone")
    page.fill("#id_name", "新村")
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(".error-summary")
    focused: Any = page.evaluate("document.activeElement.className")
    assert "error-summary" in focused
    assert page.input_value("#id_name") == "新村"
    page.context.close()


def test_the_list_works_by_keyboard_alone(chrome: Browser, place: Place) -> None:
    page, troubles = _open(chrome, place, "units", "desk")
    page.focus("#unit-list tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisations/*-*/")
    assert page.locator("h1").inner_text() == LONG
    assert troubles == []
    page.context.close()
