"""Households, yearly figures, warnings, findings and an assessment's facts in a real browser, at both widths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from pairing.models import HouseholdContact, Pairing
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests import browser as look
from tests import factories_judgement as judged
from tests.factories import (
    make_member,
    make_pairing,
    make_pairing_post,
    make_person,
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
    pages: dict[str, list[str]]
    pairing: Pairing


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    tenant = make_tenant()
    with tenant_scope(tenant):
        programme = make_programme(2025)
        village = make_village("荷垌红花塘水库移民安置示范村", town=make_town("曹江镇"))
        office = make_unit(LONG)
        pairing = make_pairing(office, village, programme)
        make_pairing_post(pairing, make_person("组长甲"), "group_leader")
        households = [judged.make_household(pairing, f"第三村民小组{n}号", householder="梁户主") for n in range(1, 4)]
        judged.make_household(pairing, "88号", unit_member="")
        figures = [
            judged.make_figure(village, year, value) for year, value in ((2022, "71000"), (2023, "86000"), (2024, "93000.5"))
        ]
        waiting = judged.make_warning(pairing, signed_on=None, reason="集中劳动连续两月未完成,经两次提醒仍未补录,也未说明原因")
        signed = judged.make_warning(pairing, 3, answer_due_on=date(2025, 3, 20), doc_no="督〔2025〕1号")
        finding = judged.make_finding(pairing, number="督〔2025〕1号")
        checked = judged.make_finding(pairing, number="督〔2025〕2号", state="submitted", measures="已核对更正")
        rubric = judged.make_rubric()
        cycle = judged.make_cycle(programme, rubric, state="review")
        judged.make_assessed(cycle, pairing)
        poll, honour, veto = judged.make_poll(cycle, pairing), judged.make_honour(pairing), judged.make_veto(cycle, pairing)
    base = f"/{tenant.slug}/"
    over, judge = f"{base}supervision/", f"{base}assessment/"
    staff = [
        base,
        f"{base}pairings/{pairing.uid}/",
        f"{base}units/villages/{village.uid}/",
        f"{base}pairings/households/",
        f"{base}pairings/households/new/",
        f"{base}pairings/households/{households[0].uid}/",
        f"{base}pairings/households/{households[0].uid}/delist/",
        f"{base}pairings/{pairing.uid}/households/",
        f"{base}units/figures/",
        f"{base}units/figures/new/",
        f"{base}units/figures/{figures[2].uid}/",
        over,
        f"{over}warnings/",
        f"{over}warnings/new/",
        f"{over}warnings/{waiting.uid}/",
        f"{over}warnings/{signed.uid}/",
        f"{over}proposals/",
        f"{over}findings/",
        f"{over}findings/new/",
        f"{over}findings/{finding.uid}/",
        f"{over}findings/{checked.uid}/close/",
        f"{over}findings/{checked.uid}/send-back/",
        f"{judge}polls/",
        f"{judge}polls/{poll.uid}/edit/",
        f"{judge}honours/{honour.uid}/",
        f"{judge}vetoes/{veto.uid}/history/",
    ]
    leader = [base, f"{over}warnings/{signed.uid}/answer/", f"{over}findings/{finding.uid}/hand-in/"]
    pages = {"CS": staff, "UG": leader, "CA": [base, f"{over}warnings/{waiting.uid}/sign/"]}
    members = {"CA": make_member(tenant, "CA"), "CS": make_member(tenant, "CS"), "UG": make_member(tenant, "UG", unit=office)}
    return Place(live_module, tenant, members, pages, pairing)


@pytest.mark.parametrize(("size", "text"), [("desk", 16), ("phone", 16), ("phone", 30)])
def test_every_page_is_sound(chrome: Browser, place: Place, size: str, text: int) -> None:
    wrong = []
    for role, paths in place.pages.items():
        with look.tab(chrome, place.live, place.members[role], SIZES[size], text=text) as (page, troubles):
            for n, path in enumerate(paths):
                page.goto(place.live.address(path))
                look.screenshot(page, f"facts-{role}-{n}-{size}-{text}")
                wrong += [f"{path}: {one}" for one in (*look.objections(page), *look.taken(troubles))]
    assert wrong == []


def test_a_pasted_list_goes_in_and_a_wrong_line_comes_back_with_what_was_typed(chrome: Browser, place: Place) -> None:
    with look.tab(chrome, place.live, place.members["CS"], look.PHONE) as (page, _troubles):
        page.goto(place.live.address(f"/{place.tenant.slug}/pairings/{place.pairing.uid}/households/"))
        page.get_by_label("农户名单").fill("门牌\t户主\t单位党员\t村党员\n201号\t陈一\t党员甲\t党员乙\n88号\t陈二")
        page.get_by_role("button", name="列入名单").click()
        expect(page.get_by_text("88号已在本结对的名单中").first).to_be_visible()
        page.get_by_label("农户名单").fill("201号 陈一 党员甲 党员乙\n202号,陈二")
        page.get_by_role("button", name="列入名单").click()
        expect(page.get_by_text("已有 2 户列入名单").first).to_be_visible()
    with tenant_scope(place.tenant):
        found = HouseholdContact.objects.filter(house_no__in=["201号", "202号"]).order_by("house_no")
        assert [(row.householder, row.covered_from is not None) for row in found] == [("陈一", True), ("陈二", False)]
