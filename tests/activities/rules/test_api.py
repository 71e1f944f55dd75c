"""Rules and waivers for programs: who reads and writes what, drafts and publication, codes of refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from activities.actions.rules import draft_of
from activities.models import Obligation, Rule, RuleTerms, Waiver
from tenancy.scope import tenant_scope
from tests.activities.rules.test_pages import ROLES, AsRole, County, as_role, place

__all__ = ["as_role", "place"]


def api(place: County, path: str) -> str:
    return f"/{place.tenant.slug}/api/v1/{path}"


def post(client: Client, url: str, body: dict[str, Any]) -> Any:
    return client.post(url, body, content_type="application/json")


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_rules_may_read_them_here(place: County, as_role: AsRole, role: str) -> None:
    client = as_role(role)
    status = 403 if role == "HC" else 200
    for path in ("rules/", f"rules/{place.rule.uid}/", "waivers/", f"waivers/{place.waiver.uid}/"):
        assert client.get(api(place, path)).status_code == status


def test_a_rule_is_told_with_its_versions_and_words(place: County, as_role: AsRole) -> None:
    listed = as_role("VS").get(api(place, "rules/?is_active=true")).json()

    assert [row["code"] for row in listed["results"]] == [
        "labour_day", "benefit_project", "livelihood_item", "courtyard", "reception", "leader_reception"
    ]  # fmt: skip
    first = listed["results"][0]
    assert first["asks"] == "每对结对每月至少完成集中劳动1次。"
    assert first["programme"]["year"] == 2024
    assert [(one["number"], one["minimum"], one["effective_from"], one["effective_to"]) for one in first["terms"]] == [
        (1, 1, "2024-09-03", None)
    ]


def test_a_draft_is_written_by_staff_told_to_staff_and_published_by_the_administrator(place: County, as_role: AsRole) -> None:
    staff, village, admin = as_role("CS"), as_role("VS"), as_role("CA")
    one = api(place, f"rules/{place.rule.uid}/")
    drafted = post(staff, f"{one}terms/", {"minimum": 2, "effective_from": "2025-01-01"})
    assert (drafted.status_code, drafted.json()["draft"]["minimum"]) == (200, 2)
    assert drafted.json()["draft"]["in_village_only"] is True  # what was left out stays as it is
    assert village.get(one).json()["draft"] is None
    assert post(village, f"{one}terms/", {"minimum": 3}).status_code == 403
    assert post(staff, f"{one}publish/", {"effective_from": "2025-01-01", "reason": "x"}).status_code == 403

    done = post(admin, f"{one}publish/", {"effective_from": "2025-01-01", "reason": "区委调整"})

    assert done.status_code == 200
    assert [(row["number"], row["effective_to"]) for row in done.json()["terms"]] == [(1, "2024-12-31"), (2, None)]
    with tenant_scope(place.tenant):
        cell = Obligation.objects.get(rule=place.rule, starts_on=date(2025, 1, 1))
        assert cell.required == 2


def test_refusals_have_codes_and_name_the_field(place: County, as_role: AsRole) -> None:
    admin = as_role("CA")
    one = api(place, f"rules/{place.rule.uid}/")

    none = post(admin, f"{one}publish/", {"effective_from": "2025-01-01", "reason": "x"})
    wrong = post(admin, f"{one}terms/", {"count_on": "closed"})
    shape = post(admin, f"{one}terms/", {"minimum": "many"})
    late = post(admin, f"{one}terms/", {"minimum": 2, "effective_from": "2027-01-01"})

    assert (none.status_code, none.json()["code"]) == (409, "not_found")
    assert (wrong.status_code, wrong.json()["code"], list(wrong.json()["fields"])) == (422, "invalid", ["count_on"])
    assert (shape.status_code, list(shape.json()["fields"])) == (400, ["minimum"])
    assert (late.status_code, late.json()["code"]) == (422, "outside")
    with tenant_scope(place.tenant):
        assert draft_of(place.rule) is None
        assert RuleTerms.objects.filter(rule=place.rule).count() == 1


def test_a_rule_is_switched(place: County, as_role: AsRole) -> None:
    one = api(place, f"rules/{place.rule.uid}/switch/")

    assert post(as_role("CS"), one, {"is_active": False}).status_code == 403
    assert post(as_role("CA"), one, {"is_active": False}).json()["is_active"] is False

    with tenant_scope(place.tenant):
        assert not Rule.objects.get(pk=place.rule.pk).is_active


def test_a_waiver_is_added_and_withdrawn(place: County, as_role: AsRole) -> None:
    staff = as_role("CS")
    body = {"programme": str(place.programme.uid), "starts_on": "2024-12-02", "ends_on": "2024-12-08", "reason": "寒潮"}
    made = post(staff, api(place, "waivers/"), {**body, "scope": "town", "town": str(place.town.uid), "rules": ["reception"]})
    assert (made.status_code, made.json()["town"]["id"]) == (201, str(place.town.uid))
    withdraw = api(place, f"waivers/{made.json()['id']}/withdraw/")

    assert post(staff, withdraw, {"reason": "误填"}).json()["withdrawn_because"] == "误填"
    again = post(staff, withdraw, {"reason": "误填"})

    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    live = staff.get(api(place, "waivers/?is_live=true")).json()
    assert [row["reason"] for row in live["results"]] == ["台风"]


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"programme": "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11"}, 400, "programme"),
        ({"town": "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11", "scope": "town"}, 400, "town"),
        ({"reason": ""}, 400, "reason"),
        ({"scope": "moon"}, 400, "scope"),
        ({"ends_on": "2024-12-01"}, 422, "ends_on"),
        ({"scope": "town"}, 422, "town"),
        ({"rules": ["nothing"]}, 422, "rules"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(
    place: County, as_role: AsRole, changes: dict[str, Any], status: int, field: str
) -> None:
    body = {"programme": str(place.programme.uid), "starts_on": "2024-12-02", "ends_on": "2024-12-08", "reason": "寒潮"}

    response = post(as_role("CS"), api(place, "waivers/"), {**body, **changes})

    assert (response.status_code, list(response.json()["fields"])) == (status, [field])
    with tenant_scope(place.tenant):
        assert Waiver.objects.count() == 1
