"""The pages and the API of each step: who may, what is asked, what a refusal answers; and lists of an earlier day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pairing.models import Pairing, PairingChange
from tenancy import clock
from tenancy.scope import tenant_scope
from tests.factories import make_pairing_change, make_suspension, make_unit
from tests.pairing.conftest import County

pytestmark = pytest.mark.django_db
AsRole = Callable[[str], Client]
# Step → the state it follows, what is sent, the state it leads to, and who may.
STEPS: dict[str, tuple[str, dict[str, str], str, set[str]]] = {
    "agree": ("proposed", {}, "proposed", {"UG", "VS"}),
    "decree": ("proposed", {"doc_no": "高委组〔2024〕12号"}, "agreed", {"CA", "CS"}),
    "reject": ("proposed", {"reason": "已有结对"}, "rejected", {"CA", "UG", "VS"}),
    "sign": ("agreed", {"waived": "上级统一签订"}, "active", {"CA", "CS"}),
    "activate": ("signed", {"on": "2024-09-03"}, "active", {"CA", "CS"}),
    "suspend": ("active", {"on": "2024-11-04", "reason": "防汛"}, "suspended", {"CA", "CS"}),
    "resume": ("suspended", {"on": "2024-11-11"}, "active", {"CA", "CS"}),
    "plan": ("active", {"on": "2024-09-20"}, "active", {"CA", "CS"}),
    "end": ("active", {"on": "2024-12-31", "reason": "expired"}, "ended", {"CA", "CS"}),
}
ROLES = ("CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "AU")


def put(county: County, state: str) -> None:
    """The first pairing in a state, led, in a village with a lead unit."""
    with tenant_scope(county.tenant):
        active = county.first.starts_on if state in ("active", "suspended") else None
        Pairing.objects.filter(pk=county.first.pk).update(state=state, active_from=active, agreement_signed_on=None)
        if state == "suspended":
            make_suspension(county.first, date(2024, 11, 4))


def state_of(county: County) -> str:
    with tenant_scope(county.tenant):
        county.first.refresh_from_db()
    return str(county.first.state)


def api(county: County, code: str) -> str:
    return f"/{county.tenant.slug}/api/v1/pairings/{county.first.uid}/{code}/"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("code", STEPS)
def test_each_step_is_for_its_roles(county: County, as_role: AsRole, code: str, role: str) -> None:
    before, sent, after, may = STEPS[code]
    if code == "agree" and role == "CA":
        after = "agreed"  # whose yes is the county's
    put(county, before)
    answer = as_role(role).post(county.on(county.first, f"{code}/"), sent)
    allowed = role in may | ({"CA"} if code == "agree" else set())
    assert answer.status_code == (302 if allowed else 403)
    assert state_of(county) == (after if allowed else before)


@pytest.mark.parametrize("code", STEPS)
def test_each_step_by_api_tells_the_pairing_and_refuses_the_second_with_its_code(
    county: County, as_role: AsRole, code: str
) -> None:
    before, sent, after, _may = STEPS[code]
    put(county, before)
    client = as_role("CA")
    done = client.post(api(county, code), sent, content_type="application/json")
    assert done.status_code == 200, done.content
    assert done.json()["state"] == ("agreed" if code == "agree" else after)
    if code == "plan":
        assert done.json()["plan_approved_on"] == "2024-09-20"
        return
    again = client.post(api(county, code), sent, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_ended" if code == "end" else "wrong_state")


def test_a_refused_step_keeps_what_was_typed(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    future = (clock.today() + timedelta(days=366)).isoformat()
    page = client.post(county.on(county.first, "suspend/"), {"on": future, "reason": "防汛抢险"})
    html = page.content.decode()
    assert (page.status_code, future in html, "防汛抢险" in html, "日期不能晚于今天" in html) == (422, True, True, True)
    wrong = client.post(county.on(county.first, "suspend/"), {"on": "2024年13月1日", "reason": "防汛"})
    assert (wrong.status_code, "2024年13月1日" in wrong.content.decode()) == (422, True)
    by_api = client.post(api(county, "suspend"), {"on": future, "reason": "防汛"}, content_type="application/json")
    assert (by_api.status_code, by_api.json()["code"]) == (422, "future")
    assert state_of(county) == "active"
    put(county, "ended")
    late = client.post(county.on(county.first, "suspend/"), {"on": "2024-11-04", "reason": "防汛"})
    assert (late.status_code, "防汛" in late.content.decode()) == (409, True)


def test_the_page_offers_what_can_follow_and_says_what_stands_against_it(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        county.held.ends_on = county.held.starts_on
        county.held.save()
    put(county, "signed")
    html = as_role("CS").get(county.on(county.first)).content.decode()
    assert "尚未确定组长，请先确定组长。" in html
    assert county.on(county.first, "activate/") not in html
    assert county.on(county.first, "end/") in html
    assert county.on(county.first, "end/") not in as_role("UL").get(county.on(county.first)).content.decode()
    gone = as_role("CS").get(county.on(county.first, "resume/"))
    assert (gone.status_code, gone.headers["Location"]) == (302, county.on(county.first))
    home = as_role("CS").get(f"/{county.tenant.slug}/").content.decode()
    assert "1 个结对已签协议但未生效：缺组长" in home
    listed = as_role("CS").get(county.url("?gap=waits_leader")).content.decode()
    assert ("高州市林业局" in listed, "高州市水务局" in listed) == (True, False)


def test_a_unit_s_own_wish_is_a_proposal(county: County, as_role: AsRole) -> None:
    form = {
        "programme": str(county.programme.uid),
        "unit": str(county.forestry.uid),
        "village": str(county.third.village.uid),
        "starts_on": "2024-10-01",
        "origin": "assigned",
    }
    assert as_role("UL").post(county.url("new/"), form).status_code == 302
    with tenant_scope(county.tenant):
        made = Pairing.objects.order_by("-pk")[0]
        assert (made.state, made.origin, made.unit_id) == ("proposed", "self_chosen", county.forestry.pk)
    foreign = as_role("UL").post(county.url("new/"), {**form, "unit": str(county.water.uid)})
    assert foreign.status_code == 422
    body = {**form, "village": str(county.village.uid)}
    again = as_role("CS").post(f"/{county.tenant.slug}/api/v1/pairings/propose/", body, content_type="application/json")
    assert (again.status_code, "已经结对" in str(again.json()["fields"])) == (400, True)


def test_pairings_of_a_unit_move_by_its_page(county: County, as_role: AsRole) -> None:
    url = f"/{county.tenant.slug}/units/{county.forestry.uid}/move-pairings/"
    assert url in as_role("CS").get(reverse("units:unit", args=[county.tenant.slug, county.forestry.uid])).content.decode()
    with tenant_scope(county.tenant):
        successor = make_unit("高州市自然资源局")
    sent = {"to_unit": str(successor.uid), "on": "2024-11-01", "doc_no": "高机编〔2024〕3号"}
    assert as_role("UL").post(url, sent).status_code == 403
    early = as_role("CS").post(url, {**sent, "on": "2024-09-01"})
    assert (early.status_code, "高机编〔2024〕3号" in early.content.decode()) == (422, True)
    assert as_role("CS").post(url, sent).status_code == 302
    with tenant_scope(county.tenant):
        assert Pairing.objects.get(pk=county.first.pk).unit_id == successor.pk
        assert PairingChange.objects.get(kind="moved").doc_no == "高机编〔2024〕3号"


def test_list_page_file_and_api_tell_an_earlier_day(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        old = make_unit("高州市旧林业局")
        make_pairing_change(county.first, "moved", from_unit=old, to_unit=county.forestry, effective_on=date(2024, 10, 1))
        Pairing.objects.filter(pk=county.first.pk).update(state="ended", ends_on=date(2024, 12, 31))
        make_suspension(county.second, date(2024, 10, 10), date(2024, 10, 20))
    client: Any = as_role("CS")

    def names(query: str) -> set[str]:
        html = client.get(county.url(query)).content.decode()
        return {name for name in ("高州市旧林业局", "高州市林业局", "高州市水务局") if f">{name}<" in html}

    assert names("") == {"高州市水务局"}
    assert names("?as_of=2024-09-30") == {"高州市旧林业局", "高州市水务局"}
    assert names("?as_of=2024-10-01&state=active") == {"高州市林业局", "高州市水务局"}
    assert names("?as_of=2024-09-02&state=all") == set()
    bad = client.get(county.url("?as_of=2024-13-01"))
    assert (bad.status_code, "2024-13-01" in bad.content.decode()) == (422, True)
    before = client.get(county.on(county.first, "?as_of=2024-09-01")).content.decode()
    assert "时尚无此结对关系" in before
    assert "已提出" not in before
    page = client.get(county.on(county.first, "?as_of=2024-09-30")).content.decode()
    assert ("截至 2024-09-30" in page, "高州市旧林业局" in page, county.on(county.first, "end/") in page) == (True, True, False)
    root = f"/{county.tenant.slug}/api/v1/pairings/"
    then = {row["id"]: row for row in client.get(f"{root}?as_of=2024-10-15").json()["results"]}
    assert {str(one.uid): then[str(one.uid)]["state"] for one in (county.first, county.second, county.third)} == {
        str(county.first.uid): "active",
        str(county.second.uid): "suspended",
        str(county.third.uid): "active",
    }
    one = client.get(f"{root}{county.first.uid}/?as_of=2024-09-30").json()
    assert one["unit"] == {"id": str(old.uid), "name": "高州市旧林业局"}
    assert client.get(f"{root}?as_of=2024-09-30&unit={old.uid}").json()["count"] == 1
    assert client.get(f"{root}?as_of=2024-10-15&state=suspended").json()["count"] == 1
    assert client.get(f"{root}?as_of=yesterday").status_code == 400
    assert client.get(f"{root}?as_of=2024-09-02").json()["count"] == 0
