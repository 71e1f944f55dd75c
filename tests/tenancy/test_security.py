"""Listing and ending one's sessions."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tenancy.models import Account, Session, Tenant
from tenancy.queries.sessions import session_name
from tests.factories import make_member, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Account:
    return make_member(make_tenant(), "CS")


def test_sessions_are_listed_without_their_keys_and_can_be_ended(client: Client, member: Account) -> None:
    other = Client()
    other.force_login(member)
    client.force_login(member)
    page = client.get("/gaozhou/security/").content.decode()
    keys = list(Session.objects.values_list("session_key", flat=True))
    assert len(keys) == 2
    assert not [key for key in keys if key in page]
    names = re.findall(r'name="session" value="([0-9a-f]{24})"', page)
    assert len(names) == 1
    assert client.post("/gaozhou/security/sessions/end/", {"session": names[0]}).status_code == 302
    assert other.get("/gaozhou/security/").status_code == 302
    assert client.get("/gaozhou/security/").status_code == 200


def test_all_other_sessions_end_at_once(client: Client, member: Account) -> None:
    for _n in range(3):
        Client().force_login(member)
    client.force_login(member)
    client.post("/gaozhou/security/sessions/end/", {"session": "others"})
    assert Session.objects.filter(account=member).count() == 1
    assert client.get("/gaozhou/security/").status_code == 200


def test_nobody_ends_somebody_elses_session(client: Client, member: Account) -> None:
    stranger = make_member(Tenant.objects.get(), "UL")
    victim = Client()
    victim.force_login(member)
    client.force_login(stranger)
    name = session_name(victim.session.session_key or "")
    client.post("/gaozhou/security/sessions/end/", {"session": name})
    assert victim.get("/gaozhou/security/").status_code == 200
