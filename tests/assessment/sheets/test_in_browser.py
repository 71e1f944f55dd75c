"""The score sheet and the village's mark in a real browser: both widths, the panel, one A4 on paper, the policy in force."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests import browser as look
from tests.assessment.sheets.conftest import Assessed, make_assessed
from tests.live import LiveServer

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> tuple[LiveServer, Assessed]:
    return live_module, make_assessed()


@pytest.mark.parametrize("size", SIZES)
def test_the_sheet_reads_at_both_widths_and_its_figures_open_beside_it(
    chrome: Browser, place: tuple[LiveServer, Assessed], size: str
) -> None:
    live, county = place
    with look.tab(chrome, live, county.members["CS"], SIZES[size]) as (page, wrong):
        page.goto(live.address(county.url()))
        look.screenshot(page, f"sheet-{size}")
        assert look.no_horizontal_scroll(page)
        assert look.axe_violations(page) == []
        page.locator("tr", has_text="A3").locator("a").first.click()
        panel = page.locator("#why")
        expect(panel).to_contain_text("联合主题党日")
        look.screenshot(page, f"sheet-why-{size}")
        assert look.axe_violations(page) == []
        panel.locator(".why-records a").first.click()
        page.wait_for_url(re.compile("/records/"))
        assert wrong == []


def test_the_sheet_prints_on_exactly_one_a4(chrome: Browser, place: tuple[LiveServer, Assessed]) -> None:
    live, county = place
    with look.tab(chrome, live, county.members["CS"], look.DESK) as (page, _wrong):
        page.goto(live.address(county.url()))
        page.locator("tr", has_text="A3").locator("a").first.click()
        expect(page.locator("#why")).to_contain_text("联合主题党日")
        made = page.pdf(format="A4", prefer_css_page_size=True, path=look.ROOT / ".local/sheet.pdf")
        page.emulate_media(media="print")
        look.screenshot(page, "sheet-print")
        assert page.locator(".sheet-table th[scope=row]").count() == 20
        assert page.locator("#why").is_hidden()
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
    [box] = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", made))
    _x, _y, width, height = (float(one) for one in box.split())
    assert (round(width), round(height)) in ((595, 842), (596, 842), (595, 841), (596, 843))


@pytest.mark.parametrize("size", SIZES)
def test_the_line_on_its_own_page_and_the_mark(chrome: Browser, place: tuple[LiveServer, Assessed], size: str) -> None:
    live, county = place
    with look.tab(chrome, live, county.members["CS"], SIZES[size]) as (page, wrong):
        page.goto(live.address(county.url("sheet/lines/E4/")))
        look.screenshot(page, f"sheet-line-{size}")
        assert look.no_horizontal_scroll(page)
        assert look.axe_violations(page) == []
        assert wrong == []
    with look.tab(chrome, live, county.members["VS"], SIZES[size]) as (page, wrong):
        page.goto(live.address(county.url("my-mark/")))
        look.screenshot(page, f"my-mark-{size}")
        assert look.no_horizontal_scroll(page)
        assert look.axe_violations(page) == []
        assert wrong == []
