"""Signing in and out: what lets in, what keeps out, what ends a session (reliability.md S7–S9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils.timezone import now

from tenancy.models import Account, AuditEntry, Grant, Session, Tenant
from tenancy.passwords import set_password
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, make_account, make_grant, make_member, make_tenant

pytestmark = pytest.mark.django_db
LOGIN = "/gaozhou/login/"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def member(tenant: Tenant) -> Account:
    return make_member(tenant, "CS", login="jingban", password=PASSWORD)


def sign_in(client: Client, login: str = "jingban", password: str = PASSWORD, address: str = LOGIN, **more: str) -> int:
    return client.post(address, {"login": login, "password": password, **more}).status_code


def deeds(tenant: Tenant) -> list[tuple[str, str]]:
    with tenant_scope(tenant):
        return list(AuditEntry.objects.order_by("seq").values_list("action", "actor"))


def is_inside(client: Client) -> bool:
    return client.get("/gaozhou/security/").status_code == 200


def test_the_right_password_opens_the_county_and_is_recorded(client: Client, tenant: Tenant, member: Account) -> None:
    response = client.post(LOGIN, {"login": "jingban", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/gaozhou/")
    assert is_inside(client)
    assert deeds(tenant) == [("signed_in", "jingban")]


def test_capitals_full_width_letters_and_spaces_are_the_same_login(client: Client, member: Account) -> None:
    assert sign_in(client, "  JingBan ") == 302
    assert is_inside(client)


def test_every_refusal_is_the_same_to_the_byte(client: Client, tenant: Tenant, member: Account) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    make_member(other, "CA", login="waixian", password=PASSWORD)
    make_member(tenant, "CS", login="tingyong", password=PASSWORD, is_active=False)
    with tenant_scope(tenant):
        make_grant(make_account("guoqi", password=PASSWORD), "CS", ends_on=now().date() - timedelta(days=1))
    pages = set()
    for login, password in (
        ("jingban", "wrong-password-1"),
        ("nobody1", PASSWORD),
        ("waixian", PASSWORD),
        ("tingyong", PASSWORD),
    ):
        visitor = Client()
        visitor.get(LOGIN)
        response = visitor.post(LOGIN, {"login": login, "password": password})
        assert response.status_code == 422
        token = visitor.cookies["csrf"].value
        body = response.content.decode().replace(login, "LOGIN")
        pages.add((body.split("csrfmiddlewaretoken")[0].split("csrf-token")[0], token != "", "error-summary" in body))
        AccessAttempt.objects.all().delete()
    assert len(pages) == 1
    assert sign_in(client, "guoqi") == 422


def test_an_unknown_name_costs_as_much_as_a_wrong_password(member: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """What costs is the hash, each as much as another: as many of them, counted rather than timed."""
    hashed: list[str] = []

    def counted(name: str) -> None:
        real = getattr(Argon2PasswordHasher, name)

        def method(*given: object) -> object:
            hashed.append(name)
            return real(*given)

        monkeypatch.setattr(Argon2PasswordHasher, name, method)

    counted("encode")
    counted("verify")

    def cost(login: str) -> int:
        hashed.clear()
        assert sign_in(Client(), login, "wrong-password-1") == 422
        return len(hashed)

    assert cost("jingban") == cost("nobody1") == 1


def test_a_failure_is_recorded_without_what_was_typed(client: Client, tenant: Tenant, member: Account) -> None:
    sign_in(client, "my-secret-typed-here", "x" * 12)
    sign_in(client, "jingban", "wrong-password-2")
    assert deeds(tenant) == [("sign_in_failed", ""), ("sign_in_failed", "jingban")]
    kept = str(list(AccessAttempt.objects.values("post_data", "get_data")))
    assert "wrong-password-2" not in kept
    assert "my-secret-typed-here" not in kept


def test_five_failures_lock_the_name_from_everywhere(client: Client, member: Account) -> None:
    answers = []
    for n in range(6):
        visitor = Client(REMOTE_ADDR=f"10.0.0.{n}")
        answers.append(sign_in(visitor, password=f"wrong-password-{n}"))
    assert answers == [422, 422, 422, 422, 429, 429]
    assert sign_in(Client(REMOTE_ADDR="10.0.1.1")) == 429
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert sign_in(Client(REMOTE_ADDR="10.0.1.1")) == 302


def test_five_failures_lock_the_address_for_every_name(client: Client, member: Account) -> None:
    for n in range(5):
        sign_in(client, f"guess{n}", "wrong-password-1")
    assert sign_in(client) == 429
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9")) == 302


def test_signing_in_oneself_does_not_buy_new_guesses_at_others(tenant: Tenant, member: Account) -> None:
    make_member(tenant, "UL", login="angreifer", password=PASSWORD)
    client = Client()
    for n in range(4):
        sign_in(client, password=f"wrong-password-{n}")
    assert sign_in(Client(), "angreifer") == 302
    assert sign_in(client, password="wrong-password-5") == 429


def test_a_lock_says_what_to_do(client: Client, member: Account) -> None:
    for n in range(5):
        response = client.post(LOGIN, {"login": "jingban", "password": f"wrong-password-{n}"})
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "15" in response.content.decode()


def test_the_session_gets_a_new_key_at_sign_in_and_the_old_one_is_dead(client: Client, member: Account) -> None:
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["session"] = session.session_key or ""
    before = client.cookies["session"].value
    assert sign_in(client) == 302
    after = client.cookies["session"].value
    assert after != before
    client.cookies["session"] = before
    assert not is_inside(client)


def test_signing_out_kills_the_key_and_clears_the_browser(client: Client, tenant: Tenant, member: Account) -> None:
    sign_in(client)
    key = client.cookies["session"].value
    response = client.post("/gaozhou/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["session"] = key
    assert not is_inside(client)
    assert deeds(tenant)[-1] == ("signed_out", "jingban")
    assert client.get("/gaozhou/logout/").status_code == 405


@pytest.mark.usefixtures("sessions_by_the_minute")
def test_an_idle_session_ends_after_thirty_minutes(client: Client, member: Account) -> None:
    start = now()
    with time_machine.travel(start, tick=False):
        sign_in(client)
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        assert is_inside(client)
    with time_machine.travel(start + timedelta(minutes=60), tick=False):
        assert not is_inside(client)


@pytest.mark.usefixtures("sessions_by_the_minute")
def test_a_session_ends_after_twelve_hours_however_busy(client: Client, member: Account) -> None:
    start = now()
    with time_machine.travel(start, tick=False):
        sign_in(client)
    for minutes in range(20, 720, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert is_inside(client), minutes
    with time_machine.travel(start + timedelta(minutes=721), tick=False):
        assert not is_inside(client)


def test_disabling_an_account_takes_effect_at_the_next_request(client: Client, member: Account) -> None:
    sign_in(client)
    Account.objects.filter(pk=member.pk).update(is_active=False)
    assert not is_inside(client)


def test_a_changed_role_takes_effect_at_the_next_request(client: Client, tenant: Tenant, member: Account) -> None:
    sign_in(client)
    assert client.get("/gaozhou/settings/").status_code == 200
    with tenant_scope(tenant):
        Grant.objects.filter(account=member).update(role="UL")
    assert client.get("/gaozhou/settings/").status_code == 403
    with tenant_scope(tenant):
        Grant.objects.filter(account=member).update(ends_on=now().date() - timedelta(days=1))
    assert client.get("/gaozhou/security/").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/gaozhou/security/", "/gaozhou/security/"),
        ("//evil.example/", "/gaozhou/"),
        ("https://evil.example/", "/gaozhou/"),
        ("javascript:alert(1)", "/gaozhou/"),
        ("/\\evil.example", "/gaozhou/"),
        ("\\\\evil.example", "/gaozhou/"),
        ("", "/gaozhou/"),
    ],
)
def test_next_leads_to_our_own_pages_only(client: Client, member: Account, wanted: str, goes: str) -> None:
    response = client.post(LOGIN, {"login": "jingban", "password": PASSWORD, "next": wanted})
    assert response["Location"] == goes


class TestFirstPassword:
    """A first password signs in once, within seven days, and must be replaced."""

    @pytest.fixture
    def newcomer(self, member: Account) -> Account:
        set_password(account=member, password="erst-pass-wort", now=now(), is_first=True)
        return member

    def test_it_leads_to_the_change_and_nowhere_else(self, client: Client, newcomer: Account) -> None:
        response = client.post(LOGIN, {"login": "jingban", "password": "erst-pass-wort"})
        assert response["Location"] == "/gaozhou/password/"
        response = client.get("/gaozhou/settings/")
        assert (response.status_code, response["Location"]) == (302, "/gaozhou/password/")
        assert client.get("/gaozhou/settings/", headers={"HX-Request": "true"})["HX-Redirect"] == "/gaozhou/password/"
        changed = client.post("/gaozhou/password/", {"new": "ganz-neu-und-lang", "again": "ganz-neu-und-lang"})
        assert changed.status_code == 302
        assert client.get("/gaozhou/settings/").status_code == 200

    def test_it_works_once(self, client: Client, newcomer: Account) -> None:
        assert sign_in(client, password="erst-pass-wort") == 302
        assert sign_in(Client(), password="erst-pass-wort") == 422

    def test_it_expires(self, client: Client, newcomer: Account) -> None:
        with time_machine.travel(now() + timedelta(days=8), tick=False):
            assert sign_in(client, password="erst-pass-wort") == 422


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(client: Client, member: Account) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    form = {"current": PASSWORD, "new": "ganz-neu-und-lang", "again": "ganz-neu-und-lang"}
    assert client.post("/gaozhou/password/", form).status_code == 302
    assert is_inside(client)
    assert not is_inside(other)
    assert Session.objects.filter(account=member).count() == 1
    assert sign_in(Client(), password=PASSWORD) == 422
    assert sign_in(Client(), password="ganz-neu-und-lang") == 302


@pytest.mark.parametrize("password", ["short7", "12345678", "password123", "jingban2024", "gaozhou-2026!", "qwertyuiop"])
def test_easy_passwords_are_refused(client: Client, member: Account, password: str) -> None:
    sign_in(client)
    response = client.post("/gaozhou/password/", {"current": PASSWORD, "new": password, "again": password})
    assert response.status_code == 422
    assert sign_in(Client()) == 302


def test_a_long_password_is_allowed(client: Client, member: Account) -> None:
    sign_in(client)
    long = "correct horse battery staple " * 3 + "1234567890"
    assert client.post("/gaozhou/password/", {"current": PASSWORD, "new": long, "again": long}).status_code == 302
    assert sign_in(Client(), password=long) == 302


def test_guessing_the_present_password_on_an_open_screen_is_counted(client: Client, tenant: Tenant, member: Account) -> None:
    sign_in(client)
    answers = []
    for n in range(6):
        form = {"current": f"wrong-password-{n}", "new": "ganz-neu-und-lang", "again": "ganz-neu-und-lang"}
        answers.append(client.post("/gaozhou/password/", form).status_code)
    assert answers == [422, 422, 422, 422, 429, 429]
    assert sign_in(Client(REMOTE_ADDR="10.0.0.7")) == 429
    assert [deed for deed, _who in deeds(tenant)].count("sign_in_failed") == 4


def test_hashes_are_argon2id(member: Account, admin_db: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM app.login_lookup('jingban')")
        (hashed,) = cursor.fetchone()
    assert hashed.startswith("argon2$argon2id$")


def test_a_stranger_a_missing_county_and_a_missing_page_get_the_same_bytes(
    client: Client, tenant: Tenant, member: Account
) -> None:
    make_tenant("nanhai", "440605", "南海区")
    sign_in(client)
    answers = {client.get(path).content for path in ("/nanhai/security/", "/nowhere/security/", "/gaozhou/no-such-page/")}
    assert len(answers) == 1
    assert client.get("/nanhai/security/").status_code == 404
