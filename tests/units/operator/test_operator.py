"""The platform's operator: sets counties up, and reads nothing inside them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.timezone import now

from tenancy.models import Account, Grant, PlatformEvent, Tenant
from tenancy.passwords import set_password
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, make_account, make_grant, make_member, make_tenant, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_account("op", is_operator=True))
    return client


PAGES = ("/operator/", "/operator/counties/new/", "/operator/feedback/", "/operator/security/", "/operator/password/")


@pytest.mark.parametrize("address", PAGES)
def test_nobody_signs_in_first_and_others_find_nothing(address: str) -> None:
    response = Client().get(address)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/operator/login/")
    member = Client()
    member.force_login(make_member(make_tenant(), "CA"))
    assert member.get(address).status_code == 404
    assert member.get(address).content == member.get("/operator/none/").content


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_for_the_operator(operator: Client, address: str) -> None:
    assert operator.get(address).status_code == 200


def test_signing_in_is_for_operators(client: Client) -> None:
    make_account("op", is_operator=True, password=PASSWORD)
    make_member(make_tenant(), "CA", login="guanli", password=PASSWORD)
    assert client.post("/operator/login/", {"login": "guanli", "password": PASSWORD}).status_code == 422
    response = client.post("/operator/login/", {"login": "op", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/operator/")
    assert list(PlatformEvent.objects.order_by("id").values_list("action", "actor")) == [
        ("sign_in_failed", ""),
        ("signed_in", "op"),
    ]
    assert client.post("/operator/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/operator/").status_code == 302


def test_a_first_password_of_an_operator_is_changed_first(client: Client) -> None:
    account = make_account("op", is_operator=True)
    set_password(account=account, password="erst-pass-wort", now=now(), is_first=True)
    response = client.post("/operator/login/", {"login": "op", "password": "erst-pass-wort"})
    assert response["Location"] == "/operator/password/"
    assert client.get("/operator/")["Location"] == "/operator/password/"
    client.post("/operator/password/", {"new": "ganz-neu-und-lang", "again": "ganz-neu-und-lang"})
    assert client.get("/operator/").status_code == 200


def test_the_operator_reads_nothing_inside_a_county(operator: Client) -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        make_unit("高州市秘密局")
    for path in ("", "units/", "people/", "settings/", "audit/", "feedback/list/", "imports/"):
        response = operator.get(f"/gaozhou/{path}")
        assert response.status_code == 404, path
    assert "秘密局" not in operator.get("/operator/counties/gaozhou/").content.decode()


def test_an_operator_with_a_grant_enters_and_is_recorded(operator: Client) -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        make_grant(Account.objects.get(login="op"), "AU")
    assert operator.get("/gaozhou/settings/").status_code == 200
    with tenant_scope(tenant):
        Grant.objects.update(ends_on="2024-01-02")
    assert operator.get("/gaozhou/settings/").status_code == 404


def test_a_county_is_found_by_name_pinyin_and_code_and_set_up(operator: Client) -> None:
    for words in ("廉江", "lianjiang", "440881"):
        assert "440881" in operator.get("/operator/counties/new/", {"q": words}).content.decode(), words
    page = operator.get("/operator/counties/new/", {"q": "440881", "code": "440881"}).content.decode()
    assert 'value="lianjiang"' in page
    response = operator.post("/operator/counties/new/", {"code": "440881", "slug": "lianjiang", "name": ""})
    assert response["Location"] == "/operator/counties/lianjiang/"
    tenant = Tenant.objects.get(slug="lianjiang")
    with tenant_scope(tenant):
        assert Unit.objects.filter(kind="town").count() == 22
    again = operator.post("/operator/counties/new/", {"code": "440881", "slug": "other", "name": ""})
    assert again.status_code == 422
    assert Tenant.objects.count() == 1


@pytest.mark.parametrize("code", ["440800", "000000", "44088", "abcdef", "440881102"])
def test_what_is_no_county_is_refused_in_words(operator: Client, code: str) -> None:
    response = operator.post("/operator/counties/new/", {"code": code})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert Tenant.objects.count() == 0


def test_the_first_administrator_gets_a_password_shown_once(operator: Client) -> None:
    tenant = make_tenant()
    page = operator.post("/operator/counties/gaozhou/", {"login": "gz.guanli"}).content.decode()
    password = re.search(r"<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>", page)
    assert password is not None
    account = Account.objects.get(login="gz.guanli")
    assert account.home == tenant
    assert password[1] not in operator.get("/operator/counties/gaozhou/").content.decode()
    assert password[1] not in str(list(PlatformEvent.objects.values()))
    entered = Client().post("/gaozhou/login/", {"login": "gz.guanli", "password": password[1]})
    assert entered["Location"] == "/gaozhou/password/"
    assert operator.post("/operator/counties/gaozhou/", {"login": "gz.guanli"}).status_code == 422


def test_a_county_is_closed_and_opened_again(operator: Client) -> None:
    make_tenant()
    operator.post("/operator/counties/gaozhou/use/", {"use": "closed"})
    assert Client().get("/gaozhou/login/").status_code == 404
    operator.post("/operator/counties/gaozhou/use/", {"use": "open"})
    assert Client().get("/gaozhou/login/").status_code == 200
    assert [event.action for event in PlatformEvent.objects.order_by("id")] == ["county_closed", "county_opened"]
    assert operator.get("/operator/counties/gaozhou/use/").status_code == 405
