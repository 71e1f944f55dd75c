"""Boards in a real browser: drawn within the policy, light, readable at both widths, and with tables in place of charts."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser

from reports.actions.readers import create_reader
from tenancy import clock
from tenancy.models import Account
from tenancy.scope import SYSTEM
from tests import browser as look
from tests.factories import make_member
from tests.live import LiveServer
from tests.reports.boards.conftest import Place, make_place

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}
BUDGET = 350 * 1024
BOARD = "/gaozhou/board/?period=2024-11"


@pytest.fixture(scope="module")
def members(chrome: Browser, live_module: LiveServer) -> dict[str, Account]:
    place: Place = make_place()
    assert clock.today().year > 2024
    return {role: make_member(place.county.tenant, role, unit=place.units().get(role)) for role in ("CA", "TO", "UL", "VS")}


@pytest.mark.parametrize("size", SIZES)
def test_a_board_is_drawn_within_policy_and_readable(
    chrome: Browser, live_module: LiveServer, members: dict[str, Account], size: str
) -> None:
    for role in ("CA", "UL"):
        with look.tab(chrome, live_module, members[role], SIZES[size]) as (page, troubles):
            page.goto(live_module.address("/gaozhou/board/", period="2024-11"))
            page.wait_for_selector("[data-chart] canvas")
            assert page.locator("[data-chart] canvas").count() == 2
            assert page.locator("details.board-table[open]").count() == 0
            page.hover("[data-chart=towns] canvas", position={"x": 150, "y": 60})
            page.locator("details.board-table summary").first.click()
            assert look.objections(page) == []
            assert look.small_targets(page, 40) == []
            look.screenshot(page, f"board-{role.lower()}-{size}")
            assert troubles == []


def test_large_letters_do_not_break_the_board(chrome: Browser, live_module: LiveServer, members: dict[str, Account]) -> None:
    with look.tab(chrome, live_module, members["VS"], look.PHONE, text=30) as (page, troubles):
        page.goto(live_module.url + BOARD)
        page.wait_for_selector("[data-chart] canvas")
        assert look.objections(page) == []
        assert troubles == []


def test_without_scripts_the_tables_are_open_and_no_empty_chart_stands_there(
    chrome: Browser, live_module: LiveServer, members: dict[str, Account]
) -> None:
    context = chrome.new_context(viewport=look.DESK, java_script_enabled=False)
    live_module.sign_in(context, members["CA"])
    page = context.new_page()
    page.goto(live_module.url + BOARD)
    assert page.locator("[data-chart]:visible").count() == 0
    assert page.locator("details.board-table table:visible").count() == 2
    context.close()


def test_on_paper_tables_stand_for_the_charts(chrome: Browser, live_module: LiveServer, members: dict[str, Account]) -> None:
    with look.tab(chrome, live_module, members["CA"], look.DESK) as (page, troubles):
        page.goto(live_module.url + BOARD)
        page.wait_for_selector("[data-chart] canvas")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("[data-chart]:visible").count() == 0
        assert page.locator("details.board-table table:visible").count() == 2
        assert troubles == []


def test_a_bar_and_a_figure_open_their_list(chrome: Browser, live_module: LiveServer, members: dict[str, Account]) -> None:
    with look.tab(chrome, live_module, members["CA"], look.DESK) as (page, troubles):
        page.goto(live_module.url + BOARD)
        page.wait_for_selector("[data-chart=towns] canvas")
        page.locator("[data-chart=towns] canvas").scroll_into_view_if_needed()
        # One duty to the right of the axis, in the first town's row.
        x, y = page.evaluate(
            """() => {
                const box = document.querySelector("[data-chart=towns]");
                const [x, y] = echarts.getInstanceByDom(box).convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [1, 0]);
                const { left, top } = box.getBoundingClientRect();
                return [left + x - 2, top + y];
            }"""
        )
        page.mouse.click(x, y)
        page.wait_for_url("**/obligations/?**town=**")
        page.go_back()
        page.locator(".board-stats a[data-figure]").first.click()
        page.wait_for_url("**/obligations/?**")
        assert troubles == []


def test_a_board_weighs_no_more_than_its_budget(chrome: Browser, live_module: LiveServer, members: dict[str, Account]) -> None:
    weights: dict[str, int] = {}
    with look.tab(chrome, live_module, members["CA"], look.DESK) as (page, troubles):
        page.on("response", lambda answer: weights.update({answer.url: len(gzip.compress(answer.body(), 6))}))
        page.goto(live_module.url + BOARD)
        page.wait_for_selector("[data-chart] canvas")
        page.wait_for_load_state("networkidle")
        assert troubles == []
    assert any("echarts" in url for url in weights)
    assert sum(weights.values()) <= BUDGET, weights


@pytest.mark.parametrize("size", SIZES)
def test_the_preview_of_what_a_prefecture_sees_and_its_page_are_readable(
    chrome: Browser, live_module: LiveServer, members: dict[str, Account], size: str
) -> None:
    with look.tab(chrome, live_module, members["CA"], SIZES[size]) as (page, troubles):
        page.goto(live_module.address("/gaozhou/board/publish/", year="2024"))
        assert look.objections(page) == []
        look.screenshot(page, f"publish-{size}")
        page.locator("button[value=publish]").click()
        page.wait_for_selector("button[value=retract]")
        assert look.small_targets(page, 40) == []
        assert troubles == []
    if not Account.objects.filter(login="maoming.reader").exists():
        create_reader(login="maoming.reader", code="4409", actor=SYSTEM, now=clock.now(), today=clock.today())
        Account.objects.filter(login="maoming.reader").update(must_change_password=False)
    with look.tab(chrome, live_module, Account.objects.get(login="maoming.reader"), SIZES[size]) as (page, troubles):
        page.goto(live_module.address("/prefecture/"))
        assert page.locator(".stat").count() == 4
        assert look.objections(page) == []
        look.screenshot(page, f"prefecture-{size}")
        assert troubles == []
