"""The live server itself: it serves, knows who is signed in, sees what is committed, and leaves nothing behind."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from django.db import connection

from tenancy.models import Account, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_tenant, make_unit
from tests.live import LiveServer


def _get(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_starts_with_an_empty_database(live: LiveServer, time: int) -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        make_unit()
    make_member(tenant)
    assert (Tenant.objects.count(), Account.objects.count()) == (1, 1)


def test_a_session_made_by_hand_signs_in(live: LiveServer) -> None:
    tenant = make_tenant()
    key = live.session_key(make_member(tenant, "CA"))
    stranger = live.session_key(make_member(make_tenant("nanhai", "440605", "南海区"), "CA"))

    status, _body = _get(live.address(f"/{tenant.slug}/"), Cookie=f"session={key}")
    refused, _body = _get(live.address(f"/{tenant.slug}/"), Cookie=f"session={stranger}")

    assert (status, refused) == (200, 404)


def test_tests_run_as_the_application(live: LiveServer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("pair_app",)
