"""The second factor: set up, asked for, single-use, counted, required."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils.timezone import now

from tenancy import second_factor
from tenancy.models import Account, AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, make_member, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def member(tenant: Tenant) -> Account:
    return make_member(tenant, "CS", login="jingban", password=PASSWORD)


def code_now(secret: str, step: int = 0) -> str:
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2] + step)))


def secret_of(account: Account) -> str:
    return str(Authenticator.objects.get(user=account, type="totp").data["secret"])


@pytest.fixture
def codes(member: Account) -> list[str]:
    """The account's recovery codes, its second factor being on."""
    secret = second_factor.secret_for(member, "elsewhere")
    with time_machine.travel(now() - timedelta(minutes=5), tick=False):
        found = second_factor.switch_on(account=member, secret=secret, code=code_now(secret))
    assert found is not None
    return found


def give_password(client: Client) -> str:
    form = {"login": "jingban", "password": PASSWORD, "next": "/gaozhou/settings/"}
    return str(client.post("/gaozhou/login/", form)["Location"])


def is_inside(client: Client) -> bool:
    return client.get("/gaozhou/security/").status_code == 200


def test_setting_it_up_takes_a_right_code_and_shows_recovery_codes_once(client: Client, tenant: Tenant, member: Account) -> None:
    client.force_login(member)
    page = client.get("/gaozhou/security/second-factor/").content.decode()
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture is not None
    assert base64.b64decode(picture[1]).startswith(b"<?xml")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret is not None
    key = secret[1].replace(" ", "")
    assert client.post("/gaozhou/security/second-factor/", {"code": "000000"}).status_code == 422
    assert not second_factor.is_on(member)
    done = client.post("/gaozhou/security/second-factor/", {"code": code_now(key)})
    shown = re.findall(r"<li><code>(\d+)</code></li>", done.content.decode())
    assert len(shown) == 10
    assert second_factor.is_on(member)
    with tenant_scope(tenant):
        entry = AuditEntry.objects.latest("seq")
        assert entry.action == "second_factor_on"
        assert key not in str(AuditEntry.objects.values())


def test_the_password_alone_signs_nobody_in(client: Client, member: Account, codes: list[str]) -> None:
    assert give_password(client).startswith("/gaozhou/login/code/?next=")
    assert not is_inside(client)
    done = client.post("/gaozhou/login/code/", {"code": code_now(secret_of(member)), "next": "/gaozhou/settings/"})
    assert done["Location"] == "/gaozhou/settings/"
    assert is_inside(client)


def test_a_code_works_once(member: Account, codes: list[str]) -> None:
    code = code_now(secret_of(member))
    assert second_factor.check(account=member, code=code, now=now())
    assert not second_factor.check(account=member, code=code, now=now())
    # Nor does the one of the step before, which a clock half a minute slow would show.
    assert not second_factor.check(account=member, code=code_now(secret_of(member), -1), now=now())


def test_a_recovery_code_works_once(client: Client, member: Account, codes: list[str]) -> None:
    give_password(client)
    assert client.post("/gaozhou/login/code/", {"code": codes[0]}).status_code == 302
    other = Client()
    give_password(other)
    assert other.post("/gaozhou/login/code/", {"code": codes[0]}).status_code == 422
    assert not is_inside(other)
    assert second_factor.n_recovery_codes(member) == 9


def test_wrong_codes_lock_like_wrong_passwords(client: Client, member: Account, codes: list[str]) -> None:
    give_password(client)
    answers = [client.post("/gaozhou/login/code/", {"code": f"11111{n}"}).status_code for n in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]
    assert client.post("/gaozhou/login/code/", {"code": code_now(secret_of(member))}).status_code == 429
    assert not is_inside(client)


def test_the_wait_for_a_code_ends_after_five_minutes(client: Client, member: Account, codes: list[str]) -> None:
    give_password(client)
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        response = client.post("/gaozhou/login/code/", {"code": code_now(secret_of(member))})
        assert response["Location"] == "/gaozhou/login/"
        assert not is_inside(client)


def test_the_wait_belongs_to_its_county(client: Client, member: Account, codes: list[str]) -> None:
    make_tenant("nanhai", "440605", "南海区")
    give_password(client)
    assert client.get("/nanhai/login/code/")["Location"] == "/nanhai/login/"


def test_switching_off_takes_a_code(client: Client, member: Account, codes: list[str]) -> None:
    give_password(client)
    client.post("/gaozhou/login/code/", {"code": codes[0]})
    assert client.post("/gaozhou/security/second-factor/off/", {"code": "222222"}).status_code == 422
    assert second_factor.is_on(member)
    assert client.post("/gaozhou/security/second-factor/off/", {"code": codes[1]}).status_code == 302
    assert not second_factor.is_on(member)


def test_new_recovery_codes_void_the_old(client: Client, member: Account, codes: list[str]) -> None:
    give_password(client)
    client.post("/gaozhou/login/code/", {"code": codes[0]})
    assert client.post("/gaozhou/security/recovery-codes/", {"code": codes[1]}).status_code == 200
    assert not second_factor.check(account=member, code=codes[2], now=now())


def test_where_it_is_required_nothing_opens_without_it(client: Client, member: Account) -> None:
    Account.objects.filter(pk=member.pk).update(needs_second_factor=True)
    client.force_login(member)
    assert client.get("/gaozhou/settings/")["Location"] == "/gaozhou/security/second-factor/"
    assert client.get("/gaozhou/security/second-factor/").status_code == 200
    key = second_factor.secret_for(member, client.session.session_key or "")
    client.post("/gaozhou/security/second-factor/", {"code": code_now(key)})
    assert client.get("/gaozhou/settings/").status_code == 200
    assert client.get("/gaozhou/security/second-factor/off/")["Location"] == "/gaozhou/security/"


def test_setting_it_up_signs_other_devices_out(client: Client, member: Account) -> None:
    other = Client()
    other.force_login(member)
    client.force_login(member)
    client.get("/gaozhou/security/second-factor/")
    client.post(
        "/gaozhou/security/second-factor/", {"code": code_now(second_factor.secret_for(member, client.session.session_key or ""))}
    )
    assert is_inside(client)
    assert not is_inside(other)


def test_setting_it_up_again_takes_a_new_secret(client: Client, member: Account) -> None:
    client.force_login(member)
    first = second_factor.secret_for(member, client.session.session_key or "")
    with time_machine.travel(now() - timedelta(minutes=5), tick=False):
        codes = second_factor.switch_on(account=member, secret=first, code=code_now(first))
    assert codes is not None
    client.post("/gaozhou/security/second-factor/off/", {"code": codes[0]})
    assert first not in client.get("/gaozhou/security/second-factor/").content.decode().replace(" ", "")
