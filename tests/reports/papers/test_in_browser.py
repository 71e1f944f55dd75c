"""Month report, templates and joint report in a real browser: both widths, the policy in force; signed on a telephone."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from reports.models import JointReport
from tenancy.scope import tenant_scope
from tests import browser as look
from tests.live import LiveServer
from tests.reports.papers.conftest import CODE, Year, make_year

pytestmark = pytest.mark.browser
SIZES = {"desk": look.DESK, "phone": look.PHONE}


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> tuple[LiveServer, Year]:
    return live_module, make_year()


@pytest.mark.parametrize("size", SIZES)
def test_pages_read_at_both_widths(chrome: Browser, place: tuple[LiveServer, Year], size: str) -> None:
    live, year = place
    slug = year.tenant.slug
    pages = {
        "month": reverse("reports:month", args=[slug]) + "?month=2024-12",
        "templates": reverse("reports:template_list", args=[slug]),
        "no-pdf": reverse("reports:month_pdf", args=[slug]) + "?month=2024-12",
    }
    with look.tab(chrome, live, year.members["CA"], SIZES[size]) as (page, wrong):
        for name, address in pages.items():
            page.goto(live.url + address)
            look.screenshot(page, f"papers-{name}-{size}")
            assert look.no_horizontal_scroll(page), name
            assert look.axe_violations(page) == [], name
        assert wrong == []


def test_both_sides_sign_a_report_on_a_telephone(chrome: Browser, place: tuple[LiveServer, Year]) -> None:
    live, year = place
    with look.tab(chrome, live, year.members["UL"], look.PHONE) as (page, wrong):
        page.goto(live.address(year.url()))
        page.get_by_role("button", name="根据记录起草").click()
        expect(page.locator(".paper")).to_contain_text("共开展结对共建活动4次")
        look.screenshot(page, "joint-phone")
        assert look.no_horizontal_scroll(page)
        assert look.axe_violations(page) == []
        page.locator(".paper-mark").first.click()
        assert page.url.endswith("#note-1")
        page.locator("a[href$='/edit/']").first.click()
        look.screenshot(page, "joint-edit-phone")
        assert look.no_horizontal_scroll(page)
        assert look.axe_violations(page) == []
        page.go_back()
        page.get_by_role("button", name="签署").click()
        expect(page.locator("main")).to_contain_text("单位已签")
        assert wrong == []
    with look.tab(chrome, live, year.members["VS"], look.PHONE) as (page, wrong):
        page.goto(live.address(f"/{year.tenant.slug}/"))
        page.locator("#to-sign a").first.click()
        page.get_by_role("button", name="签署").click()
        expect(page.locator("main")).to_contain_text("双方已签")
        assert wrong == []
    with tenant_scope(year.tenant):
        assert JointReport.objects.get(quarter=date(2024, 10, 1)).record is not None
    with look.tab(chrome, live, year.members["CS"], look.DESK) as (page, wrong):
        page.goto(live.address(year.url().replace(CODE, "2025-Q1")))
        page.goto(live.address(year.url()))
        look.screenshot(page, "joint-desk")
        assert look.axe_violations(page) == []
        assert wrong == []
