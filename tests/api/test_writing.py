"""Making and changing rows: the same rules, words and records as the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from pairing.models import Pairing
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests import factories as make
from tests.api.conftest import Api
from units.models import Person, Unit


def test_a_unit_is_written_down_audited_and_versioned(api: Api, things: dict[str, Any]) -> None:
    response = api.post("units/", {"name": "高州市档案馆", "nature": "institution", "n_party_members": 12})
    body = response.json()
    assert (response.status_code, body["name"], body["kind"], body["nature"]) == (
        201, "高州市档案馆", "organisation", "institution",
    )  # fmt: skip
    with tenant_scope(api.tenant):
        unit = Unit.objects.get(uid=body["id"])
        assert (unit.pinyin, unit.n_party_members) == ("gaozhoushidanganguan", 12)
        assert AuditEntry.objects.filter(action="unit_created", object_uid=unit.uid).count() == 1
        assert unit.versions.count() == 1


def test_a_change_leaves_the_rest_as_it_is_and_keeps_the_reason(api: Api, things: dict[str, Any]) -> None:
    with tenant_scope(api.tenant):
        Unit.objects.filter(pk=things["unit"].pk).update(short_name="林业局", n_party_members=48)
    response = api.patch(f"units/{things['unit'].uid}/", {"name": "高州市林业和草原局", "reason": "机构改革"})
    assert response.status_code == 200, response.content.decode()
    with tenant_scope(api.tenant):
        unit = Unit.objects.get(pk=things["unit"].pk)
        assert (unit.name, unit.short_name, unit.nature, unit.n_party_members) == (
            "高州市林业和草原局", "林业局", "administrative", 48,
        )  # fmt: skip
        assert [alias.name for alias in unit.aliases.all()] == ["高州市林业局"]
        assert unit.versions.order_by("-pgh_id").first().pgh_context["reason"] == "机构改革"


def test_what_is_named_empty_is_emptied(api: Api, things: dict[str, Any]) -> None:
    with tenant_scope(api.tenant):
        Unit.objects.filter(pk=things["unit"].pk).update(short_name="林业局", n_party_members=48)
    assert api.patch(f"units/{things['unit'].uid}/", {"short_name": "", "n_party_members": None}).status_code == 200
    with tenant_scope(api.tenant):
        unit = Unit.objects.get(pk=things["unit"].pk)
        assert (unit.short_name, unit.n_party_members) == ("", None)


def test_a_village_is_written_into_its_town(api: Api, things: dict[str, Any]) -> None:
    response = api.post("villages/", {"name": "罗平村", "town": str(things["town"].uid)})
    assert response.status_code == 201, response.content.decode()
    assert response.json()["town"] == {"id": str(things["town"].uid), "name": "曹江镇"}
    moved = api.patch(f"villages/{response.json()['id']}/", {"town": str(things["other_town"].uid)})
    assert (moved.status_code, moved.json()["town"]["name"]) == (200, "石板镇")


def test_a_person_is_written_down_with_the_number_masked_in_the_answer(api: Api, tenant: Tenant) -> None:
    response = api.post("people/", {"name": "李 某", "phone": "139 0000 7777"})
    assert (response.status_code, response.json()["name"], response.json()["phone"]) == (201, "李某", "139****7777")
    with tenant_scope(tenant):
        assert Person.objects.get(uid=response.json()["id"]).phone == "13900007777"


def test_a_pairing_is_written_and_changed(api: Api, things: dict[str, Any]) -> None:
    sides = {"programme": things["programme"], "unit": things["unit"], "village": things["far"]}
    given = {name: str(row.uid) for name, row in sides.items()}
    response = api.post("pairings/", {**given, "starts_on": "2024-09-10", "origin": "self_chosen"})
    body = response.json()
    assert (response.status_code, body["state"], body["origin"], body["is_lead"]) == (201, "agreed", "self_chosen", False)
    changed = api.patch(f"pairings/{body['id']}/", {"agreement_signed_on": "2024-09-12", "reason": "补签"})
    assert (changed.status_code, changed.json()["agreement_signed_on"], changed.json()["starts_on"]) == (
        200, "2024-09-12", "2024-09-10",
    )  # fmt: skip
    with tenant_scope(api.tenant):
        assert Pairing.objects.get(uid=body["id"]).starts_on == date(2024, 9, 10)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("units/", {}, "name"),
        ("units/", {"name": ""}, "name"),
        ("units/", {"name": "x" * 81}, "name"),
        ("units/", {"name": "高州市林业局"}, "name"),
        ("units/", {"name": "甲", "kind": "town"}, "kind"),
        ("units/", {"name": "甲", "parent": "00000000-0000-4000-8000-000000000000"}, "parent"),
        ("units/", {"name": "甲", "n_party_members": -1}, "n_party_members"),
        ("units/", {"name": "甲", "n_party_members": 10**40}, "n_party_members"),
        ("units/", {"name": "甲", "starts_on": "2026-99-99"}, "starts_on"),
        ("units/", {"name": {"a": 1}}, "name"),
        ("villages/", {"name": "甲村"}, "town"),
        ("villages/", {"name": "甲村", "town": "abc"}, "town"),
        ("villages/", {"name": "甲村", "town": str(uuid4())}, "town"),
        ("people/", {"name": "甲", "phone": "12"}, "phone"),
        ("pairings/", {}, "programme"),
        ("units/", [], ""),
        ("units/", "null", ""),
        ("units/", '"text"', ""),
    ],
)
def test_what_cannot_be_written_is_named_in_chinese_and_nothing_is(
    api: Api, things: dict[str, Any], path: str, body: Any, field: str
) -> None:
    with tenant_scope(api.tenant):
        before = (Unit.objects.count(), Person.objects.count(), Pairing.objects.count())
    response = api.post(path, body)
    told = response.json()
    assert (response.status_code, told["code"]) == (400, "bad_request"), told
    assert field in told["fields"], told
    assert all(any("\u4e00" <= c <= "\u9fff" for c in sentence) for sentence in told["fields"][field]), told
    with tenant_scope(api.tenant):
        assert (Unit.objects.count(), Person.objects.count(), Pairing.objects.count()) == before


def test_twice_the_same_pairing_is_refused(api: Api, things: dict[str, Any]) -> None:
    names = ("programme", "unit", "village")
    response = api.post("pairings/", {**{name: str(things[name].uid) for name in names}, "starts_on": "2024-09-10"})
    assert response.status_code == 400
    assert "结对" in str(response.json()["fields"])


class TestWhoMay:
    @pytest.mark.parametrize("role", ["IN", "CL", "UL", "UG", "VS", "JC", "HC", "AU"])
    def test_those_without_the_right_write_nothing(self, as_role: Callable[..., Api], things: dict[str, Any], role: str) -> None:
        unit = {"CL": "village", "VS": "village", "HC": "village", "UL": "unit", "UG": "unit"}.get(role)
        fields = {"scope_kind": "round", "scope_object": uuid4()} if role == "IN" else {}
        fields = {"scope_kind": "committee", "scope_object": uuid4()} if role == "JC" else fields
        if fields:
            client = Client()
            account = make.make_account()
            with tenant_scope(things["tenant"]):
                make.make_grant(account, role, **fields)
            client.force_login(account, backend="tenancy.backends.AccountBackend")
            api = Api(things["tenant"], client)
        else:
            api = as_role(role, things[unit] if unit else None)
        assert api.post("units/", {"name": "甲"}).status_code == 403
        assert api.patch(f"units/{things['unit'].uid}/", {"name": "乙"}).status_code == 403
        with tenant_scope(things["tenant"]):
            assert set(Unit.objects.filter(kind="organisation").values_list("name", flat=True)) == {
                "高州市林业局", "茂名石化高州分公司",
            }  # fmt: skip

    def test_a_town_officer_changes_the_own_town_only(self, as_role: Callable[..., Api], things: dict[str, Any]) -> None:
        api = as_role("TO", things["town"])
        assert api.patch(f"villages/{things['village'].uid}/", {"notes": "沿江"}).status_code == 200
        assert api.patch(f"villages/{things['far'].uid}/", {"notes": "沿江"}).status_code == 404
        assert api.post("villages/", {"name": "新村", "town": str(things["town"].uid)}).status_code == 403

    def test_rows_of_another_county_are_as_if_there_were_none(self, other: Tenant, things: dict[str, Any]) -> None:
        client = Client()
        client.force_login(make.make_member(other, "CA"), backend="tenancy.backends.AccountBackend")
        api = Api(other, client)
        answers = [api.patch(f"units/{uid}/", {"name": "乙"}) for uid in (things["unit"].uid, uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
        foreign = api.post("villages/", {"name": "甲村", "town": str(things["town"].uid)})
        missing = api.post("villages/", {"name": "甲村", "town": str(uuid4())})
        assert (foreign.status_code, foreign.content) == (400, missing.content)

    def test_a_browser_without_the_csrf_token_writes_nothing(self, tenant: Tenant) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(make.make_member(tenant, "CA"), backend="tenancy.backends.AccountBackend")
        response = client.post("/gaozhou/api/v1/units/", {"name": "甲"}, content_type="application/json")
        assert response.status_code == 403
        with tenant_scope(tenant):
            assert not Unit.objects.exists()


def test_methods_that_there_are_not_are_405(api: Api, things: dict[str, Any]) -> None:
    uid = things["unit"].uid
    for method, path in (("delete", f"units/{uid}/"), ("put", f"units/{uid}/"), ("post", "towns/"), ("options", "units/")):
        response = getattr(api.client, method)(api.path(path))
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed"), (method, path)
