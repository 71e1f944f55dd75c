"""Pages of 人员与授权: who may open them, what they do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from tenancy.models import Account, AuditEntry, Grant, Session
from tenancy.passwords import set_password
from tenancy.scope import tenant_scope
from tests.factories import make_grant, make_member, make_person, make_post, make_tenant, make_unit
from tests.units.people.conftest import County
from units.models import Person

pytestmark = pytest.mark.django_db


def deeds(county: County) -> list[str]:
    with tenant_scope(county.tenant):
        return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


def first_password_on(page: str) -> str:
    found = re.search(r"<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>", page)
    assert found is not None
    return found[1]


def with_login(county: County, client: Client) -> Account:
    """The liaison with a login made on the page."""
    client.post(f"/gaozhou/people/{county.liaison.uid}/login/new/", {"login": "liangmingfang"})
    return Account.objects.get(login="liangmingfang")


# -- who may -----------------------------------------------------------------------------------
def addresses(county: County, account: Account, grant: Grant) -> dict[str, tuple[str, ...]]:
    """Address → methods that write or show the form."""
    base, login = "/gaozhou/people", f"/gaozhou/people/logins/{account.uid}"
    return {
        f"{base}/": ("R",),
        f"{base}/{county.liaison.uid}/": ("R",),
        f"{base}/many/": ("W",),
        f"{base}/{county.secretary.uid}/login/new/": ("W",),
        f"{login}/password/": ("W",),
        f"{login}/state/": ("W",),
        f"{login}/grants/new/": ("W",),
        f"{base}/grants/{grant.uid}/end/": ("W",),
    }


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("CA", 200, 200), ("CS", 200, 403), ("AU", 200, 403), ("UL", 200, 403), ("VS", 403, 403), ("IN", 403, 403)],
)
def test_each_page_opens_for_the_right_roles(client: Client, county: County, role: str, reads: int, writes: int) -> None:
    client.force_login(county.admin)
    account = with_login(county, client)
    with tenant_scope(county.tenant):
        grant = make_grant(account, "UL", unit=county.unit)
    unit = {"UL": county.unit, "VS": county.village}.get(role)
    visitor = Client()
    visitor.force_login(make_member(county.tenant, role, unit=unit))
    for address, (kind,) in addresses(county, account, grant).items():
        expected = reads if kind == "R" else writes
        assert visitor.get(address).status_code == expected, address
        if kind == "W" and writes != 200:
            assert visitor.post(address, {"login": "x"}).status_code == 403, address


def test_nobody_is_sent_to_sign_in_and_a_stranger_finds_nothing(county: County) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    stranger = Client()
    stranger.force_login(make_member(other, "CA"))
    for address in ("/gaozhou/people/", f"/gaozhou/people/{county.liaison.uid}/", "/gaozhou/people/many/"):
        assert Client().get(address).status_code == 302
        assert stranger.get(address).status_code == 404
        assert stranger.get(address).content == stranger.get("/gaozhou/people/00000000-0000-4000-8000-000000000000/").content


def test_a_liaison_sees_the_own_unit_only(county: County) -> None:
    visitor = Client()
    visitor.force_login(make_member(county.tenant, "UL", unit=county.unit))
    page = visitor.get("/gaozhou/people/").content.decode()
    assert "梁明芳" in page
    assert "陈志强" not in page
    assert visitor.get(f"/gaozhou/people/{county.secretary.uid}/").status_code == 404


# -- logins ------------------------------------------------------------------------------------
def test_a_login_is_suggested_from_the_name_and_free(admin: Client, county: County) -> None:
    address = f"/gaozhou/people/{county.liaison.uid}/login/new/"
    assert 'value="liangmingfang"' in admin.get(address).content.decode()
    Account.objects.create(login="liangmingfang")
    assert 'value="liangmingfang2"' in admin.get(address).content.decode()


def test_the_first_password_is_shown_once_and_signs_in_once(admin: Client, county: County) -> None:
    page = admin.post(f"/gaozhou/people/{county.liaison.uid}/login/new/", {"login": "liangmingfang"}).content.decode()
    password = first_password_on(page)
    account = Account.objects.get(login="liangmingfang")
    assert account.home == county.tenant
    admin.post(f"/gaozhou/people/logins/{account.uid}/grants/new/?role=CS", {"starts_on": localdate().isoformat()})
    visitor = Client()
    response = visitor.post("/gaozhou/login/", {"login": "liangmingfang", "password": password})
    assert response["Location"] == "/gaozhou/password/"
    assert Client().post("/gaozhou/login/", {"login": "liangmingfang", "password": password}).status_code == 422
    assert password not in admin.get(f"/gaozhou/people/{county.liaison.uid}/").content.decode()
    with tenant_scope(county.tenant):
        assert password not in str(list(AuditEntry.objects.values()))
    assert deeds(county)[:2] == ["login_created", "grant_given"]


@pytest.mark.parametrize("login", ["", "ab", "Groß", "has space", "taken"])
def test_a_login_name_that_cannot_be_is_refused_with_what_was_typed(admin: Client, county: County, login: str) -> None:
    Account.objects.create(login="taken")
    response = admin.post(f"/gaozhou/people/{county.liaison.uid}/login/new/", {"login": login})
    assert response.status_code == 422
    with tenant_scope(county.tenant):
        assert Person.objects.get(pk=county.liaison.pk).account is None


def test_a_reset_ends_sessions_and_the_old_password(admin: Client, county: County) -> None:
    account = with_login(county, admin)
    set_password(account=account, password="mein-eigenes-wort", now=now())
    visitor = Client()
    visitor.force_login(account)
    page = admin.post(f"/gaozhou/people/logins/{account.uid}/password/").content.decode()
    first_password_on(page)
    assert Session.objects.filter(account=account).count() == 0
    account.refresh_from_db()
    assert account.must_change_password
    assert "password_reset" in deeds(county)


def test_a_disabled_login_is_out_at_once_and_can_come_back(admin: Client, county: County) -> None:
    account = with_login(county, admin)
    with tenant_scope(county.tenant):
        Grant.objects.create(tenant=county.tenant, account=account, role="CS", starts_on=localdate())
    set_password(account=account, password="mein-eigenes-wort", now=now())
    account.refresh_from_db()
    visitor = Client()
    visitor.force_login(account)
    assert visitor.get("/gaozhou/security/").status_code == 200
    assert admin.post(f"/gaozhou/people/logins/{account.uid}/state/").status_code == 302
    assert visitor.get("/gaozhou/security/").status_code == 302
    admin.post(f"/gaozhou/people/logins/{account.uid}/state/")
    account.refresh_from_db()
    assert account.is_active


def test_the_last_administrator_cannot_be_shut_out(admin: Client, county: County) -> None:
    Account.objects.filter(pk=county.admin.pk).update(home=county.tenant)
    assert admin.post(f"/gaozhou/people/logins/{county.admin.uid}/state/").status_code == 422
    with tenant_scope(county.tenant):
        grant = Grant.objects.get(account=county.admin)
    assert admin.post(f"/gaozhou/people/grants/{grant.uid}/end/", {"when": "now", "reason": "x"}).status_code == 422
    county.admin.refresh_from_db()
    with tenant_scope(county.tenant):
        grant.refresh_from_db()
    assert (county.admin.is_active, grant.ends_on) == (True, None)


def test_a_login_of_another_county_is_not_reset_here(admin: Client, county: County) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    shared = make_member(other, "CA", home=other)
    with tenant_scope(county.tenant):
        Grant.objects.create(tenant=county.tenant, account=shared, role="CS", starts_on=localdate())
    stamp = shared.password_stamp
    for page in ("password", "state"):
        assert admin.post(f"/gaozhou/people/logins/{shared.uid}/{page}/").status_code == 422
    admin.post(f"/gaozhou/people/logins/{shared.uid}/second-factor/", {"do": "require"})
    shared.refresh_from_db()
    assert (shared.password_stamp, shared.is_active, shared.needs_second_factor) == (stamp, True, False)


def test_an_account_unknown_here_cannot_be_granted_anything(admin: Client, county: County) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    theirs = make_member(other, "CA", home=other)
    address = f"/gaozhou/people/logins/{theirs.uid}/grants/new/?role=CS"
    assert admin.post(address, {"starts_on": localdate().isoformat()}).status_code == 404
    with tenant_scope(county.tenant):
        assert not Grant.objects.filter(account=theirs).exists()


def test_a_stray_login_is_linked_to_a_person(admin: Client, county: County) -> None:
    assert "guanli" in admin.get("/gaozhou/people/").content.decode()
    address = f"/gaozhou/people/logins/{county.admin.uid}/person/"
    assert "梁明芳" in admin.get(address, {"q": "lmf"}).content.decode()
    assert admin.post(address, {"person": str(county.liaison.uid)}).status_code == 302
    # From then on the person's name stands where the login stood.
    page = admin.get("/gaozhou/settings/").content.decode()
    assert "梁明芳" in page
    assert admin.get(f"/gaozhou/people/logins/{county.admin.uid}/").status_code == 302


# -- grants ------------------------------------------------------------------------------------
def test_a_role_is_given_over_a_unit_found_by_pinyin(admin: Client, county: County) -> None:
    account = with_login(county, admin)
    address = f"/gaozhou/people/logins/{account.uid}/grants/new/"
    assert "?role=UL" in admin.get(address).content.decode()
    assert county.unit.name in admin.get(address, {"role": "UL", "q": "gzslyj"}).content.decode()
    form = {"unit": str(county.unit.uid), "starts_on": localdate().isoformat(), "reason": "高组〔2026〕7号"}
    assert admin.post(f"{address}?role=UL", form).status_code == 302
    with tenant_scope(county.tenant):
        grant = Grant.objects.get(account=account)
        told = (grant.role, grant.scope_kind, grant.scope_unit_id, grant.granted_by_id, grant.reason)
        versions = [version.pgh_label for version in grant.versions.all()]
    assert told == ("UL", "unit", county.unit.pk, county.admin.pk, "高组〔2026〕7号")
    assert versions == ["created"]
    assert admin.post(f"{address}?role=UL", form).status_code == 422


@pytest.mark.parametrize(("role", "over"), [("VS", "unit"), ("UL", "village"), ("TO", "village")])
def test_a_role_over_the_wrong_thing_is_refused(admin: Client, county: County, role: str, over: str) -> None:
    account = with_login(county, admin)
    unit: Any = getattr(county, over)
    form = {"unit": str(unit.uid), "starts_on": localdate().isoformat()}
    assert admin.post(f"/gaozhou/people/logins/{account.uid}/grants/new/?role={role}", form).status_code == 422
    with tenant_scope(county.tenant):
        assert not Grant.objects.filter(account=account).exists()


def test_a_unit_of_another_county_cannot_be_named(admin: Client, county: County) -> None:
    account = with_login(county, admin)
    other = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        theirs = make_unit("南海区林业局")
    address = f"/gaozhou/people/logins/{account.uid}/grants/new/?role=UL"
    foreign = admin.post(address, {"unit": str(theirs.uid), "starts_on": localdate().isoformat()})
    missing = admin.post(address, {"unit": "00000000-0000-4000-8000-000000000000", "starts_on": localdate().isoformat()})
    assert (foreign.status_code, missing.status_code) == (422, 422)


def test_an_auditor_gets_the_role_for_a_time(admin: Client, county: County) -> None:
    account = with_login(county, admin)
    address = f"/gaozhou/people/logins/{account.uid}/grants/new/?role=AU"
    assert admin.post(address, {"starts_on": localdate().isoformat()}).status_code == 422
    until = (localdate() + timedelta(days=30)).isoformat()
    assert admin.post(address, {"starts_on": localdate().isoformat(), "ends_on": until}).status_code == 302


@pytest.mark.parametrize("days_ago", [0, 30])
def test_a_role_ended_at_once_is_gone_with_the_next_click_and_readable(admin: Client, county: County, days_ago: int) -> None:
    account = with_login(county, admin)
    set_password(account=account, password="mein-eigenes-wort", now=now())
    account.refresh_from_db()
    with tenant_scope(county.tenant):
        start = localdate() - timedelta(days=days_ago)
        grant = Grant.objects.create(tenant=county.tenant, account=account, role="CS", starts_on=start)
    visitor = Client()
    visitor.force_login(account)
    assert visitor.get("/gaozhou/security/").status_code == 200
    response = admin.post(f"/gaozhou/people/grants/{grant.uid}/end/", {"when": "now", "reason": "调离"})
    assert response.status_code == 302
    assert visitor.get("/gaozhou/security/").status_code == 404
    page = admin.get(f"/gaozhou/people/{county.liaison.uid}/").content.decode()
    with tenant_scope(county.tenant):
        grant.refresh_from_db()
        version = grant.versions.order_by("pgh_id").last()
        assert version is not None
        assert version.pgh_context["reason"] == "调离"
    assert str(grant.ends_on) in page


def test_ending_needs_a_reason(admin: Client, county: County) -> None:
    account = with_login(county, admin)
    with tenant_scope(county.tenant):
        grant = Grant.objects.create(tenant=county.tenant, account=account, role="CS", starts_on=localdate())
    assert admin.post(f"/gaozhou/people/grants/{grant.uid}/end/", {"when": "now", "reason": " "}).status_code == 422


# -- the list ----------------------------------------------------------------------------------
def test_search_by_pinyin_and_filters(admin: Client, county: County) -> None:
    with_login(county, admin)
    for query, sees in (({"q": "lmf"}, "梁明芳"), ({"q": "chenzhi"}, "陈志强"), ({"state": "none"}, "陈志强")):
        page = admin.get("/gaozhou/people/", query).content.decode()
        rest = {"梁明芳", "陈志强"} - {sees}
        assert sees in page, query
        assert not [name for name in rest if name in page], query


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_the_same_queries_however_long(
    admin: Client, county: County, n: int, django_assert_num_queries: Any
) -> None:
    with tenant_scope(county.tenant):
        for number in range(n):
            make_post(county.unit, make_person(f"职员{number}"), "staff")
    admin.get("/gaozhou/people/")
    with django_assert_num_queries(14):
        admin.get("/gaozhou/people/")


def test_telephones_are_masked(admin: Client, county: County) -> None:
    page = admin.get(f"/gaozhou/people/{county.secretary.uid}/").content.decode()
    assert "13900000002" not in page
    assert "139****0002" in page
