"""What has no pairing: the county's own meeting, a village Party organisation's health check and monthly return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from activities.actions.year import open_year
from activities.models import ActivityType, Obligation, Record, Share
from tenancy.scope import SYSTEM, tenant_scope
from tests.activities.records.conftest import County
from tests.factories import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AsRole = Callable[[str], Client]


@pytest.fixture
def county(county: County) -> County:
    """The same county with every rule in use."""
    with tenant_scope(county.tenant):
        ActivityType.objects.all().delete()
        open_year(programme=county.programme, preset="all_rules", actor=SYSTEM)
    return county


def form(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"2024.{kind}", "occurred_on": "2024-10-16", "text": "年中督导", **fields}


def state(county: County, rule: str, **where: Any) -> str:
    with tenant_scope(county.tenant):
        return str(Obligation.objects.get(rule__code=rule, **where).state)


HALF = {"starts_on": date(2024, 7, 1)}
OCTOBER = {"starts_on": date(2024, 10, 1)}


def test_staff_write_the_countys_meeting_which_nobody_has_to_confirm(county: County, as_role: AsRole) -> None:
    page = as_role("CS").get(county.url("records/own/new/?type=supervision_meeting"))
    assert page.status_code == 200
    assert page.context["form"]["type"].value() == "2024.supervision_meeting"
    answer = as_role("CS").post(county.url("records/own/new/"), form("supervision_meeting", person_times="40"))
    assert answer.status_code == 302
    with tenant_scope(county.tenant):
        record = Record.objects.get()
        assert (record.status, record.author_side, record.is_proxy, record.person_times) == ("confirmed", "county", False, 40)
        assert Share.objects.get().village is None
    assert as_role("CS").get(answer["Location"]).status_code == 200
    # The first half-year the pairing was active from its beginning only in part; what was done shows all the same.
    with tenant_scope(county.tenant):
        cell = Obligation.objects.get(rule__code="supervision_meeting", **HALF)
        assert cell.counted == 1


@pytest.mark.parametrize(("kind", "rule"), [("health_check", "health_check"), ("major_matter_return", "major_matter_return")])
def test_a_village_writes_its_own_and_meets_what_it_owes(county: County, as_role: AsRole, kind: str, rule: str) -> None:
    where = {"village": county.village} | ({"starts_on": date(2024, 1, 1)} if kind == "health_check" else OCTOBER)
    answer = as_role("VS").post(county.url("records/own/new/"), form(kind, village=str(county.village.uid)))
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    with tenant_scope(county.tenant):
        record = Record.objects.get()
        assert (record.author_side, record.status, record.is_proxy) == ("village", "confirmed", False)
        cell = Obligation.objects.get(rule__code=rule, **where)
        assert cell.counted == 1
        assert Obligation.objects.filter(rule__code=rule, counted=1).count() == 1


def test_monthly_return_turns_the_month_to_met(county: County, as_role: AsRole) -> None:
    assert state(county, "major_matter_return", village=county.village, **OCTOBER) == "open"
    as_role("VS").post(county.url("records/own/new/"), form("major_matter_return", village=str(county.village.uid)))
    assert state(county, "major_matter_return", village=county.village, **OCTOBER) == "met"
    assert state(county, "major_matter_return", village=county.far, **OCTOBER) == "open"


@pytest.mark.parametrize("role", ["CS", "TO"])
def test_a_superior_writes_for_a_village_by_proxy_and_says_on_what_basis(county: County, as_role: AsRole, role: str) -> None:
    given = form("health_check", village=str(county.village.uid))
    missing = as_role(role).post(county.url("records/own/new/"), given)
    assert (missing.status_code, "依据" in missing.content.decode()) == (422, True)
    assert "年中督导" in missing.content.decode()
    assert as_role(role).post(county.url("records/own/new/"), given | {"basis": "村里来电"}).status_code == 302
    with tenant_scope(county.tenant):
        record = Record.objects.get()
        assert (record.is_proxy, record.proxy_for, record.proxy_basis) == (True, county.village, "村里来电")


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        ("VS", {"type": "2024.health_check", "village": "far"}),
        ("TO", {"type": "2024.health_check", "village": "far", "basis": "来电"}),
        ("VS", {"type": "2024.supervision_meeting"}),
        ("TO", {"type": "2024.supervision_meeting"}),
        ("CS", {"type": "2024.health_check", "basis": "来电"}),
        ("CS", {"type": "2024.labour_day"}),
        ("CS", {"type": "2024.supervision_meeting", "occurred_on": "2024-10-30"}),
        ("CS", {"type": "2024.supervision_meeting", "occurred_on": "2024-08-01"}),
        ("CS", {"type": "2024.supervision_meeting", "occurred_on": "昨天"}),
    ],
)
def test_what_is_not_ones_own_or_cannot_be_is_refused_in_words(
    county: County, as_role: AsRole, role: str, fields: dict[str, Any]
) -> None:
    given = {**form("health_check"), **fields}
    if given.get("village") == "far":
        given["village"] = str(county.far.uid)
    answer = as_role(role).post(county.url("records/own/new/"), given)
    assert answer.status_code == 422
    with tenant_scope(county.tenant):
        assert not Record.objects.exists()


def test_a_locked_month_and_a_likely_double(county: County, as_role: AsRole) -> None:
    late = as_role("CS").post(county.url("records/own/new/"), form("supervision_meeting", occurred_on="2024-09-10"))
    assert (late.status_code, "2024-10-15" in late.content.decode()) == (409, True)
    first = as_role("CS").post(county.url("records/own/new/"), form("supervision_meeting"))
    again = as_role("CS").post(county.url("records/own/new/"), form("supervision_meeting"))
    assert (first.status_code, again.status_code) == (302, 409)
    other = as_role("CS").post(county.url("records/own/new/"), form("supervision_meeting", is_another="1"))
    assert other.status_code == 302
    with tenant_scope(county.tenant):
        assert Record.objects.count() == 2


@pytest.mark.parametrize("role", ["IN", "CL", "AU", "CA", "HC"])
def test_who_does_not_write_is_refused(county: County, as_role: AsRole, role: str) -> None:
    assert as_role(role).post(county.url("records/own/new/"), form("supervision_meeting")).status_code == 403


def test_the_common_form_leaves_these_types_out_and_leads_here(county: County, as_role: AsRole) -> None:
    page = as_role("VS").get(county.url("records/new/"))
    assert "supervision_meeting" not in page.content.decode()
    assert page.context["own_url"].endswith("/records/own/new/")
    assert as_role("UL").get(county.url("records/new/")).context["own_url"] == ""
    assert as_role("UL").get(county.url("records/own/new/")).status_code == 302


def test_the_cell_leads_to_the_form_with_type_and_village(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        cell = Obligation.objects.get(rule__code="major_matter_return", village=county.village, **OCTOBER)
    page = as_role("VS").get(county.url(f"obligations/{cell.uid}/")).content.decode()
    wanted = f"records/own/new/?type=major_matter_return&amp;village={county.village.uid}"
    assert wanted in page
    opened = as_role("VS").get(county.url(f"records/own/new/?type=major_matter_return&village={county.village.uid}"))
    assert opened.context["form"]["type"].value() == "2024.major_matter_return"


def test_by_api_with_a_client_id_that_is_sent_twice(county: County, as_role: AsRole) -> None:
    given = {
        "client_id": "0f5c8f3e-6b57-4a3e-8a43-6c6d5d0a8f12", "pairings": [], "programme": str(county.programme.uid),
        "type": "supervision_meeting", "occurred_on": "2024-10-16", "text": "半年督导会议",
    }  # fmt: skip
    answers = [as_role("CS").post(county.api("records/"), given, content_type="application/json") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    village = as_role("VS").post(county.api("records/"), given | {"client_id": None}, content_type="application/json")
    assert (village.status_code, village.json()["code"]) == (422, "type_unknown")
    nowhere = given | {"client_id": None, "programme": None}
    assert as_role("CS").post(county.api("records/"), nowhere, content_type="application/json").status_code in (400, 422)


def test_records_with_pairings_are_as_before(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        record = make_record(county.first)
        assert record.shares.get().pairing == county.first
