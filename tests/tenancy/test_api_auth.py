"""Tokens for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from tenancy.models import Account, AuditEntry, Session, Tenant
from tenancy.passwords import set_password
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, make_member, make_tenant

pytestmark = pytest.mark.django_db
TOKEN = "/gaozhou/api/v1/auth/token/"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def member(tenant: Tenant) -> Account:
    return make_member(tenant, "CS", login="chengxu", password=PASSWORD)


def ask(client: Client, **values: str) -> Any:
    return client.post(TOKEN, {"login": "chengxu", "password": PASSWORD, **values}, content_type="application/json")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_opens_the_api_until_it_is_given_back(client: Client, tenant: Tenant, member: Account) -> None:
    response = ask(client)
    assert response.status_code == 200
    assert "session" not in response.cookies
    token = response.json()["token"]
    assert client.get("/gaozhou/api/v1/units/", headers=bearer(token)).status_code == 200
    assert client.post("/gaozhou/api/v1/auth/logout/", headers=bearer(token)).status_code == 204
    assert client.get("/gaozhou/api/v1/units/", headers=bearer(token)).status_code == 401
    with tenant_scope(tenant):
        assert list(AuditEntry.objects.order_by("seq").values_list("action", flat=True)) == ["token_given", "signed_out"]
        assert token not in str(list(AuditEntry.objects.values()))


def test_a_token_is_no_cookie_and_a_cookie_no_token(client: Client, member: Account) -> None:
    token = ask(client).json()["token"]
    visitor = Client()
    visitor.cookies["session"] = token
    assert visitor.get("/gaozhou/security/").status_code == 302
    page = Client()
    page.force_login(member)
    key = page.cookies["session"].value
    assert Client().get("/gaozhou/api/v1/units/", headers=bearer(key)).status_code == 401


def test_every_refusal_is_alike(client: Client, member: Account) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    make_member(other, "CA", login="waixian", password=PASSWORD)
    tries = ({"password": "wrong-word-1"}, {"login": "nobody"}, {"login": "waixian"})
    answers = {ask(client, **values).content for values in tries}
    assert len(answers) == 1
    assert ask(client, login="waixian").status_code == 401


def test_five_failures_lock(client: Client, member: Account) -> None:
    answers = [ask(client, password=f"wrong-word-{n}").status_code for n in range(6)]
    assert answers == [401, 401, 401, 401, 429, 429]
    locked = ask(client)
    assert (locked.status_code, locked.json()["code"]) == (429, "locked_out")
    assert Session.objects.count() == 0


def test_what_cannot_be_read_is_said(client: Client, member: Account) -> None:
    bodies: list[Any] = [{}, {"login": "x"}, {"login": ["a"], "password": {}}, []]
    for body in bodies:
        response = client.post(TOKEN, body, content_type="application/json")
        assert response.status_code == 400
        assert set(response.json()) == {"code", "message", "fields"}


def test_a_first_password_is_changed_in_the_browser_first(client: Client, member: Account) -> None:
    set_password(account=member, password="erst-pass-wort", now=now(), is_first=True)
    response = ask(client, password="erst-pass-wort")
    assert (response.status_code, response.json()["code"]) == (403, "password_change_required")
    assert Client().post("/gaozhou/login/", {"login": "chengxu", "password": "erst-pass-wort"}).status_code == 302


def test_a_token_ends_after_twelve_hours_however_idle_between(client: Client, member: Account) -> None:
    start = now()
    with time_machine.travel(start, tick=False):
        token = ask(client).json()["token"]
    with time_machine.travel(start + timedelta(hours=11), tick=False):
        assert client.get("/gaozhou/api/v1/units/", headers=bearer(token)).status_code == 200
    with time_machine.travel(start + timedelta(hours=13), tick=False):
        assert client.get("/gaozhou/api/v1/units/", headers=bearer(token)).status_code == 401


def test_a_token_of_one_county_opens_no_other(client: Client, member: Account) -> None:
    make_tenant("nanhai", "440605", "南海区")
    token = ask(client).json()["token"]
    assert client.get("/nanhai/api/v1/units/", headers=bearer(token)).status_code == 404
