"""The frame of every page: navigation by right, names, queries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from config.pages import page_frame
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_person, make_tenant, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def nav(page: str) -> list[str]:
    bar = re.search(r'<nav class="site-nav".*?</nav>', page, re.DOTALL)
    return re.findall(r'href="/gaozhou/([a-z]*)/?"', bar[0]) if bar else []


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (
            "CA",
            [
                "",
                "inbox",
                "units",
                "pairings",
                "records",
                "obligations",
                "rules",
                "supervision",
                "assessment",
                "board",
                "imports",
                "people",
                "settings",
            ],
        ),
        (
            "CS",
            [
                "",
                "inbox",
                "units",
                "pairings",
                "records",
                "obligations",
                "rules",
                "supervision",
                "assessment",
                "board",
                "imports",
                "people",
                "settings",
            ],
        ),
        (
            "AU",
            [
                "",
                "inbox",
                "units",
                "pairings",
                "records",
                "obligations",
                "rules",
                "supervision",
                "assessment",
                "board",
                "people",
                "settings",
            ],
        ),
        ("IN", ["", "inbox", "units", "pairings", "records", "obligations", "rules", "supervision", "assessment", "board"]),
        (
            "UL",
            [
                "",
                "inbox",
                "units",
                "pairings",
                "records",
                "obligations",
                "rules",
                "supervision",
                "assessment",
                "board",
                "imports",
                "people",
            ],
        ),
        # A village brings its own households in.
        ("VS", ["", "inbox", "units", "pairings", "records", "obligations", "rules", "supervision", "board", "imports"]),
        ("HC", ["", "inbox"]),
    ],
)
def test_the_navigation_shows_what_the_role_may_open(client: Client, tenant: Tenant, role: str, places: list[str]) -> None:
    unit = None
    if role in ("UL", "VS"):
        with tenant_scope(tenant):
            unit = make_unit()
    client.force_login(make_member(tenant, role, unit=unit))
    found = nav(client.get("/gaozhou/security/").content.decode())
    assert found == places
    for place in found:
        assert client.get(f"/gaozhou/{place}/".replace("//", "/")).status_code == 200, place


def test_the_persons_name_stands_where_the_login_stood(client: Client, tenant: Tenant) -> None:
    member = make_member(tenant, "CS", login="jingban")
    client.force_login(member)
    assert "jingban" in client.get("/gaozhou/security/").content.decode()
    with tenant_scope(tenant):
        make_person("梁明芳", account=member)
    page = client.get("/gaozhou/security/").content.decode()
    assert "梁明芳" in page
    assert "jingban" not in page


def test_another_countys_name_for_the_account_is_not_shown(client: Client, tenant: Tenant) -> None:
    member = make_member(tenant, "CS", login="jingban")
    other = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        make_person("外县姓名", account=member)
    client.force_login(member)
    assert "外县姓名" not in client.get("/gaozhou/security/").content.decode()


def test_pages_without_a_county_ask_nothing(django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        frame = page_frame(request)
    assert frame["account"] is None
    assert "nav" not in frame
