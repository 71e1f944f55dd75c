"""Strips, the place beside them, the list and the first page in a real browser: both widths, large text, the policy in force."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tenancy import clock
from tenancy.models import Account
from tenancy.scope import tenant_scope
from tenancy.views.start import TEXT_COOKIE
from tests import browser as look
from tests.activities.obligations.conftest import County, make_county
from tests.factories import make_member
from tests.live import LiveServer

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}


@dataclass
class Place:
    """A county kept for all tests of this file; this year is played up to today."""

    live: LiveServer
    county: County
    members: dict[str, Account]
    pages: dict[str, str]


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    today = clock.today()
    # Eleven months back, so that there is something to see in January too.
    first = (today - timedelta(days=330)).replace(day=1)
    county = make_county(3, since=first, until=date(today.year, 12, 31))
    with tenant_scope(county.tenant):
        # Receptions every nine days, labour days each month, some of them late, one not yet confirmed.
        day = first + timedelta(days=8)
        while day < today:
            county.write("reception", day.isoformat(), leader_present=day.day < 9)
            day += timedelta(days=9)
        month = first
        while month < today.replace(day=1):
            following = (month + timedelta(days=32)).replace(day=1)
            on = month.replace(day=10).isoformat()
            county.write("labour_day", on, at=f"{following.replace(day=12)}T09:00" if month.month % 4 == 0 else "")
            if month.month % 3:
                county.write("courtyard", on, house_no=f"{month.month}号")
            month = following
        county.write("labour_day", today.replace(day=1).isoformat(), confirmed=None)
        county.judge(today.isoformat())
        cell = county.cell("labour_day", f"{first:%Y-%m}")
    members = {
        "CA": make_member(county.tenant, "CA"),
        "UL": make_member(county.tenant, "UL", unit=county.first.unit),
        "VS": make_member(county.tenant, "VS", unit=county.first.village),
    }
    base = f"/{county.tenant.slug}/"
    one = f"{base}pairings/{county.first.uid}/"
    pages = {
        "home": base,
        "pairing": one,
        "strip": f"{one}obligations/",
        "past": f"{one}obligations/?year={(today - timedelta(days=60)).year}",
        "why": f"{base}obligations/{cell.uid}/",
        "list": f"{base}obligations/?pairing={county.first.uid}",
        "bad": f"{base}obligations/?period=20",
        "village": reverse("units:village", args=[county.tenant.slug, county.first.village.uid]),
    }
    return Place(live_module, county, members, pages)


def _open(chrome: Browser, place: Place, name: str, size: str, *, role: str = "CA", text: int = 16) -> tuple[Page, list[str]]:
    context = chrome.new_context(viewport=SIZES[size], locale="zh-CN")
    place.live.sign_in(context, place.members[role])
    context.add_cookies([{"name": TEXT_COOKIE, "value": str(text), "url": place.live.url}])
    page = context.new_page()
    troubles = look.watch(page)
    page.goto(place.live.url + place.pages[name])
    return page, troubles


@pytest.mark.parametrize(("size", "text"), [("desk", 16), ("phone", 16), ("phone", 30), ("desk", 22)])
def test_every_page_is_sound(chrome: Browser, place: Place, size: str, text: int) -> None:
    # A village's first page is another than the county's; it is a telephone that it is read on.
    asked = (
        {"VS": ["home"], "CA": [name for name in place.pages if name != "home"]} if size == "phone" else {"CA": [*place.pages]}
    )
    wrong = []
    for role, names in asked.items():
        with look.tab(chrome, place.live, place.members[role], SIZES[size], text=text) as (page, troubles):
            for name in names:
                page.goto(place.live.url + place.pages[name])
                found, told = look.objections(page), look.taken(troubles)
                wrong += [f"{name}: {one}" for one in (*found, *(told if name != "bad" else ()))]
                look.screenshot(page, f"obligations_{name}_{size}_{text}")
    assert wrong == []


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_square_tells_why_beside_the_strip_and_gives_the_focus_back(chrome: Browser, place: Place, size: str) -> None:
    page, troubles = _open(chrome, place, "past", size)
    square = page.locator('.square[data-state="met"] a').first
    square.focus()
    page.keyboard.press("Enter")
    side = page.locator("#why")
    expect(side.get_by_role("heading", level=2)).to_be_focused()
    expect(side).to_contain_text("已完成")
    expect(side).to_contain_text("已计入")
    assert look.axe_violations(page) == []
    assert look.no_horizontal_scroll(page)
    look.screenshot(page, f"obligations_side_{size}")
    page.keyboard.press("Escape")
    expect(side).to_be_empty()
    expect(square).to_be_focused()
    assert troubles == []
    page.context.close()


def test_strip_opens_at_the_present_month_on_a_phone(chrome: Browser, place: Place) -> None:
    page, _troubles = _open(chrome, place, "strip", "phone")
    box = page.locator("[data-strip]")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert page.locator(".strip-month[data-now]").evaluate(
        "(th) => { const b = th.closest('[data-strip]').getBoundingClientRect(), r = th.getBoundingClientRect();"
        " return r.left >= b.left && r.left < b.right; }"
    )
    page.context.close()


def test_page_of_the_pairing_stays_within_its_budget(chrome: Browser, place: Place) -> None:
    context = chrome.new_context(viewport=look.PHONE, locale="zh-CN")
    place.live.sign_in(context, place.members["VS"])
    page = context.new_page()
    answer = page.goto(place.live.address(place.pages["pairing"]))
    assert answer is not None
    assert len(gzip.compress(answer.body(), 6)) < 20_000
    context.close()


def test_strip_prints_whole_on_one_sheet(chrome: Browser, place: Place) -> None:
    page, _troubles = _open(chrome, place, "strip", "desk")
    page.emulate_media(media="print")
    # A4 across, less its margins.
    page.set_viewport_size({"width": 1030, "height": 700})
    box = page.locator("[data-strip]")
    assert box.evaluate("box => getComputedStyle(box).overflowX === 'visible' && box.scrollWidth <= document.body.clientWidth")
    last = page.locator(".strip-month").last.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= 1030
    # No mark stands on its neighbour.
    assert page.locator(".square .sign").evaluate_all(
        "(signs) => signs.every((s) => s.getBoundingClientRect().width <= s.closest('td').getBoundingClientRect().width)"
    )
    look.screenshot(page, "obligations_print")
    page.context.close()
