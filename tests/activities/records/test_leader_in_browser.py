"""Saying that the group leader was there is a tap of its own, within the taps that 记一笔 may take."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from activities.models import Record
from tenancy.scope import tenant_scope
from tests.activities.records.test_in_browser import Place, Taps, context, opened, place

__all__ = ["context", "place"]
pytestmark = pytest.mark.browser


def latest(place: Place) -> Record:
    with tenant_scope(place.county.tenant):
        found: Record = Record.objects.filter(author=place.county.members["UG"]).order_by("-id")[0]
        return found


def test_the_same_as_last_time_with_the_leader_takes_three_taps_and_without_two(place: Place, context: BrowserContext) -> None:
    for is_there in (True, False):
        page = opened(place, context, "UG")
        finger = Taps(page)
        finger.tap("#write a:not(.btn-primary)")
        expect(page.locator("#id_leader_present")).not_to_be_checked()
        if is_there:
            finger.tap("label[for=id_leader_present]")
        page.locator("#id_text").fill(f"第{finger.n}次")
        finger.tap("[data-save]")
        expect(page.locator("h1")).to_contain_text(f"第{finger.n - 1}次")
        assert finger.n == (3 if is_there else 2)
        assert latest(place).leader_present is is_there
        page.close()


def test_a_new_type_with_the_leader_takes_six_taps_at_most(place: Place, context: BrowserContext) -> None:
    page = opened(place, context, "UG")
    finger = Taps(page)
    finger.tap("#write a.btn-primary")
    finger.tap("label.tile:has(input[value=reception])")
    finger.tap("label[for=id_leader_present]")
    finger.type("#id_text", "接待来访群众三批")
    finger.tap("[data-save]")
    expect(page.locator("h1")).to_contain_text("接待来访群众三批")
    assert finger.n == 5
    assert latest(place).leader_present
