"""Lists and single rows: what is told, to whom, narrowed how, in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests import factories as make
from tests.api.conftest import Api

LISTS = ("units/", "villages/", "towns/", "people/", "programmes/", "pairings/")


def test_lists_tell_what_there_is(api: Api, things: dict[str, Any]) -> None:
    assert api.names("units/") == ["高州市林业局", "茂名石化高州分公司"]
    assert api.names("villages/") == ["板村村", "荷垌村", "帅堂社区"]
    assert api.names("towns/") == ["曹江镇", "石板镇"]
    assert api.names("people/") == ["书记乙", "组长甲"]
    assert [row["title"] for row in api.get("programmes/").json()["results"]] == ["2024年结对共建"]
    assert [(row["unit"]["name"], row["village"]["name"]) for row in api.get("pairings/").json()["results"]] == [
        ("茂名石化高州分公司", "板村村"),
        ("高州市林业局", "荷垌村"),
    ]


def test_one_village_is_told_whole(api: Api, things: dict[str, Any]) -> None:
    village, town = things["village"], things["town"]
    body = api.get(f"villages/{village.uid}/").json()
    assert body.pop("updated_at") is not None
    assert body == {
        "id": str(village.uid),
        "kind": "village",
        "name": "荷垌村",
        "division_code": "440981124201",
        "starts_on": "2023-06-30",
        "ends_on": None,
        "town": {"id": str(town.uid), "name": "曹江镇"},
        "designations": [],
    }


def test_one_pairing_names_both_sides_and_masks_telephones(api: Api, things: dict[str, Any]) -> None:
    body = api.get(f"pairings/{things['pairing'].uid}/").json()
    assert (body["unit"]["name"], body["village"]["name"], body["town"]["name"]) == ("高州市林业局", "荷垌村", "曹江镇")
    assert (body["state"], body["is_lead"], body["origin"], body["ends_on"]) == ("active", True, "assigned", None)
    assert (body["group_leader"]["person"]["name"], body["group_leader"]["phone"]) == ("组长甲", "139****5678")
    assert body["liaison"] is None
    assert body["programme"] == {"id": str(things["programme"].uid), "title": "2024年结对共建", "year": 2024}


def test_programme_counts_live_pairings(api: Api, things: dict[str, Any]) -> None:
    row = api.get("programmes/").json()["results"][0]
    assert (row["n_pairings"], row["n_units"], row["n_villages"]) == (2, 2, 2)


@pytest.mark.parametrize(
    ("path", "query", "names"),
    [
        ("units/", {"is_stationed": "true"}, ["茂名石化高州分公司"]),
        ("units/", {"nature": "administrative"}, ["高州市林业局"]),
        ("units/", {"q": "linye"}, ["高州市林业局"]),
        ("units/", {"q": "林业"}, ["高州市林业局"]),
        ("units/", {"kind": "party_organisation"}, []),
        ("villages/", {"q": "hdc"}, ["荷垌村"]),
        ("villages/", {"kind": "community"}, ["帅堂社区"]),
        ("villages/", {"state": "ended"}, []),
        ("villages/", {"division_code": "440981124"}, ["荷垌村", "帅堂社区"]),
        ("villages/", {"designation": "key_village"}, []),
        ("villages/", {"updated_since": "2020-01-01T00:00:00+08:00"}, ["板村村", "荷垌村", "帅堂社区"]),
        ("villages/", {"updated_since": "2099-01-01T00:00:00+08:00"}, []),
        ("people/", {"q": "zzj"}, ["组长甲"]),
        ("people/", {"post": "village_secretary"}, ["书记乙"]),
    ],
)
def test_parameters_narrow_a_list(api: Api, things: dict[str, Any], path: str, query: dict[str, str], names: list[str]) -> None:
    assert api.names(path, **query) == names


def test_lists_are_narrowed_by_the_ids_of_others(api: Api, things: dict[str, Any]) -> None:
    assert api.names("villages/", town=things["town"].uid) == ["荷垌村", "帅堂社区"]
    assert api.names("people/", unit=things["unit"].uid) == ["组长甲"]
    for name in ("unit", "village", "town"):
        rows = api.get("pairings/", **{name: things[name].uid}).json()["results"]
        assert [row["id"] for row in rows] == [str(things["pairing"].uid)], name
    assert api.get("pairings/", is_live="false").json()["count"] == 0
    assert api.get("pairings/", is_stationed="true", year=2024).json()["count"] == 1
    assert api.get("pairings/", village=uuid4()).json()["results"] == []


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("units/", {"is_stationed": "maybe"}, "is_stationed"),
        ("units/", {"kind": "town"}, "kind"),
        ("units/", {"town": "abc"}, "town"),
        ("units/", {"limit": "0"}, "limit"),
        ("units/", {"limit": "201"}, "limit"),
        ("units/", {"limit": "1e3"}, "limit"),
        ("units/", {"limit": "9" * 5000}, "limit"),
        ("units/", {"limit": "٣"}, "limit"),
        ("units/", {"cursor": "abc"}, "cursor"),
        ("units/", {"updated_since": "gestern"}, "updated_since"),
        ("units/", {"q": "x" * 81}, "q"),
        ("villages/", {"designation": "best_village"}, "designation"),
        ("pairings/", {"year": "NaN"}, "year"),
        ("pairings/", {"year": "1" + "0" * 40}, "year"),
        ("pairings/", {"state": "nope"}, "state"),
        ("people/", {"post": "king"}, "post"),
    ],
)
def test_a_wrong_parameter_is_named_in_chinese(
    api: Api, things: dict[str, Any], path: str, query: dict[str, str], field: str
) -> None:
    response = api.get(path, **query)
    body = response.json()
    assert (response.status_code, body["code"], list(body["fields"])) == (400, "bad_request", [field])
    assert any("\u4e00" <= character <= "\u9fff" for character in body["message"])
    assert all(any("\u4e00" <= c <= "\u9fff" for c in sentence) for sentence in body["fields"][field]), body


def test_pages_follow_one_another_without_gap_or_double(api: Api, tenant: Tenant) -> None:
    with tenant_scope(tenant):
        for n in range(25):
            make.make_unit(f"高州市第{n % 3}中学") if n < 3 else make.make_unit(f"高州市第{n}中学")
    seen: list[str] = []
    url = api.path("units/?limit=10")
    while url:
        page = api.client.get(url).json()
        assert page["count"] == 25
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 25


def test_a_cursor_of_another_list_is_refused(api: Api, things: dict[str, Any]) -> None:
    following = api.get("villages/", limit=1).json()["next"]
    cursor = following.split("cursor=")[1].split("&")[0]
    response = api.client.get(api.path(f"people/?cursor={cursor}"))
    assert (response.status_code, list(response.json()["fields"])) == (400, ["cursor"])


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_the_same_number_of_queries_for_one_row_and_for_many(
    api: Api, tenant: Tenant, path: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(n: int) -> None:
        with tenant_scope(tenant):
            town = make.make_town(f"第{n}镇")
            village = make.make_village(f"第{n}村", town=town)
            unit = make.make_unit(f"第{n}局")
            person = make.make_person(f"组长{n}", phone="13900001234")
            make.make_post(unit, person)
            make.make_pairing(unit, village, make.make_programme(2020 + n))

    add(1)
    api.get(path)
    with CaptureQueriesContext(connection) as first:
        assert api.get(path).json()["count"] == 1
    n_queries = len(first)
    for n in (2, 3, 4):
        add(n)
    with django_assert_num_queries(n_queries):
        assert api.get(path).json()["count"] == 4


def test_telephones_are_masked_and_shown_only_when_asked_for_and_logged(api: Api, things: dict[str, Any]) -> None:
    person = things["person"]
    for path in ("people/", f"people/{person.uid}/", "pairings/"):
        text = api.get(path).content.decode()
        assert "139****" in text
        assert "13900001234" not in text
        assert "13900005678" not in text
    with tenant_scope(api.tenant):
        assert not AuditEntry.objects.filter(action="phone_shown").exists()
    shown = api.get(f"people/{person.uid}/", reveal="phone").json()
    assert (shown["phone"], shown["posts"][0]["phone"]) == ("13900001234", "13900005678")
    pairing = api.get(f"pairings/{things['pairing'].uid}/", reveal="phone").json()
    assert pairing["group_leader"]["phone"] == "13900005678"
    with tenant_scope(api.tenant):
        logged = AuditEntry.objects.filter(action="phone_shown").order_by("seq")
        assert next((entry.object_kind, entry.object_uid) for entry in logged) == ("person", person.uid)
        assert logged.count() >= 2
    assert api.get(f"people/{person.uid}/", reveal="everything").status_code == 400
    assert "13900001234" not in api.get("people/", reveal="phone").content.decode()


class TestReach:
    def test_town_officer_sees_the_own_town(self, as_role: Callable[..., Api], things: dict[str, Any]) -> None:
        api = as_role("TO", things["town"])
        assert api.names("villages/") == ["荷垌村", "帅堂社区"]
        assert api.names("towns/") == ["曹江镇"]
        assert [row["unit"]["name"] for row in api.get("pairings/").json()["results"]] == ["高州市林业局"]
        assert api.get(f"villages/{things['far'].uid}/").status_code == 404

    def test_liaison_sees_the_own_unit_and_its_village(self, as_role: Callable[..., Api], things: dict[str, Any]) -> None:
        api = as_role("UL", things["unit"])
        assert api.names("units/") == ["高州市林业局"]
        assert api.names("villages/") == ["荷垌村"]
        assert api.get(f"units/{things['stationed'].uid}/").json()["code"] == "not_found"
        assert api.get("villages/").json()["results"][0]["designations"] is None

    def test_posts_in_units_out_of_reach_are_not_told(self, as_role: Callable[..., Api], things: dict[str, Any]) -> None:
        with tenant_scope(things["tenant"]):
            make.make_post(things["stationed"], things["person"], "liaison")
        body = as_role("UL", things["unit"]).get(f"people/{things['person'].uid}/").json()
        assert [post["unit"]["name"] for post in body["posts"]] == ["高州市林业局"]
        assert as_role("UL", things["unit"]).names("people/", post="liaison") == []

    @pytest.mark.parametrize("path", LISTS)
    def test_household_contact_reads_nothing_here(self, as_role: Callable[..., Api], things: dict[str, Any], path: str) -> None:
        response = as_role("HC", things["village"]).get(path)
        assert (response.status_code, response.json()["code"]) == (403, "forbidden")

    @pytest.mark.parametrize("path", LISTS)
    def test_strangers_get_401_and_members_of_other_counties_404(self, other: Tenant, things: dict[str, Any], path: str) -> None:
        nobody = Api(things["tenant"], Client()).get(path)
        assert (nobody.status_code, nobody.json()["code"]) == (401, "not_authenticated")
        client = Client()
        client.force_login(make.make_member(other, "CA"), backend="tenancy.backends.AccountBackend")
        stranger = Api(things["tenant"], client).get(path)
        assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")

    def test_ids_of_another_county_are_as_if_there_were_none(self, other: Tenant, things: dict[str, Any]) -> None:
        client = Client()
        client.force_login(make.make_member(other, "CA"), backend="tenancy.backends.AccountBackend")
        api = Api(other, client)
        for path, name in (("villages", "village"), ("units", "unit"), ("people", "person"), ("pairings", "pairing")):
            foreign, missing = api.get(f"{path}/{things[name].uid}/"), api.get(f"{path}/{uuid4()}/")
            assert foreign.status_code == missing.status_code == 404
            assert foreign.content == missing.content
        assert api.get("villages/", town=things["town"].uid).json()["count"] == 0
        assert api.names("towns/") == []


def test_a_token_opens_the_api_and_a_cookie_token_does_not(tenant: Tenant, things: dict[str, Any]) -> None:
    make.make_member(tenant, "CA", login="zhang", password=make.PASSWORD)
    client = Client()
    answer = client.post(
        "/gaozhou/api/v1/auth/token/", {"login": "zhang", "password": make.PASSWORD}, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content.decode()
    token = answer.json()["token"]
    fresh = Client()
    found = fresh.get("/gaozhou/api/v1/towns/", headers={"Authorization": f"Bearer {token}"})
    assert (found.status_code, found.json()["count"]) == (200, 2)
    wrong = fresh.get("/gaozhou/api/v1/towns/", headers={"Authorization": f"Bearer {'a' * 32}"})
    assert wrong.status_code == 401
