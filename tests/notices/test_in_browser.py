"""The inbox in a real browser: both widths, large text, the policy in force, one answer given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from notices.models import Notice
from tenancy import clock
from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tenancy.views.start import TEXT_COOKIE
from tests import browser as look
from tests.factories import make_member, make_message, make_notice, make_pairing, make_person, make_tenant, make_unit
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


@pytest.fixture(scope="module")
def place(chrome: Browser, live_module: LiveServer) -> Place:
    tenant = make_tenant()
    with tenant_scope(tenant):
        unit = make_unit(LONG)
        pairing = make_pairing(unit)
    members = {role: make_member(tenant, role, unit=unit if role == "UL" else None) for role in ("UL", "CS")}
    with tenant_scope(tenant):
        about = {"pairing_uid": pairing.uid, "rule": "labour_day"}
        told = {"rule": "集中劳动", "unit": LONG, "village": "荷垌红花塘水库移民安置示范村", "counted": 0, "required": 1}
        person = make_person("联络员甲", account=members["UL"])
        staff = make_person("经办甲", account=members["CS"])
        make_notice(person, "late", kind="overdue", level=1, period="2024-10", payload=told, due_on=date(2024, 11, 18), **about)
        digest = make_notice(person, "digest", kind="digest", level=0, payload={"week": "2024-W47"})
        for period, rule in (("2024-11", "民生实事"), ("2024-W47", "接待群众来访")):
            soon = {**told, "rule": rule, "ends_on": "2024-11-30"}
            make_notice(person, period, kind="due_soon", level=0, period=period, payload=soon, in_digest=digest, **about)
        make_notice(
            person, "old", kind="overdue", level=1, period="2024-09", payload=told, read_at=clock.now(),
            answered_at=clock.now(), answer="台风停工", promise_on=date(2024, 11, 22), **about,
        )  # fmt: skip
        for n, (outcome, why) in enumerate([("", ""), ("sent", ""), ("dropped", "met"), ("expired", "too_old")]):
            done = clock.now() if outcome else None
            make_message(
                person, f"m{n}", kind="overdue", level=1, period="2024-10", payload=told, outcome=outcome, why=why, done_at=done,
                **about,
            )  # fmt: skip
        make_notice(staff, "plain")
    return Place(live_module, tenant, members)


@pytest.fixture(params=sorted(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(place: Place, chrome: Browser, role: str, size: str, path: str, *, text: str = "16") -> tuple[Page, list[str]]:
    context = chrome.new_context(viewport=SIZES[size], locale="zh-CN")
    place.live.sign_in(context, place.members[role])
    context.add_cookies([{"name": TEXT_COOKIE, "value": text, "url": place.live.url}])
    page = context.new_page()
    found = look.watch(page)
    page.goto(place.live.address(path))
    return page, found


def answer_path(place: Place) -> str:
    with tenant_scope(place.tenant):
        return f"/gaozhou/inbox/{Notice.objects.get(idem_key='late').uid}/answer/"


@pytest.mark.parametrize("text", ["16", "22"])
def test_pages_fit_and_are_accessible(place: Place, chrome: Browser, size: str, text: str) -> None:
    asked = {"UL": {"inbox": "/gaozhou/inbox/", "answer": answer_path(place)}, "CS": {"sent": "/gaozhou/inbox/sent/"}}
    wrong = []
    for role, pages in asked.items():
        with look.tab(chrome, place.live, place.members[role], SIZES[size], text=text) as (page, troubles):
            for name, path in pages.items():
                page.goto(place.live.address(path))
                look.screenshot(page, f"notices-{name}-{size}-{text}")
                found = [*look.objections(page), *look.small_targets(page, 44 if text == "16" else 60), *look.taken(troubles)]
                wrong += [f"{name}: {one}" for one in found]
    assert wrong == []


def test_an_answer_is_given_in_a_few_taps(place: Place, chrome: Browser) -> None:
    page, found = opened(place, chrome, "UL", "phone", "/gaozhou/inbox/?level=1")
    page.get_by_role("link", name="答复", exact=True).first.click()
    page.get_by_label("做了什么").fill("已知，台风后补做")
    page.get_by_label("拟完成日期").fill("2099-01-05")
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text("已知，拟于 2099-01-05 完成")).to_be_visible()
    assert found == []
    with tenant_scope(place.tenant):
        row = Notice.objects.get(idem_key="late")
        assert (row.answer, row.promise_on) == ("已知，台风后补做", date(2099, 1, 5))
        Notice.objects.filter(pk=row.pk).update(answered_at=None, answer="", promise_on=None, read_at=None)
    page.context.close()
