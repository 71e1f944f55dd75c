"""A board asks as many questions of the database for fifty pairings as for five."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import (
    make_flip,
    make_member,
    make_obligation,
    make_pairing,
    make_programme,
    make_rule,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)

pytestmark = pytest.mark.django_db


def fill(n: int, slug: str, code: str) -> tuple[Tenant, Any]:
    """``n`` pairings, each in a town of its own, each with an overdue duty that was done last week."""
    tenant = make_tenant(slug, code, slug)
    with tenant_scope(tenant):
        programme = make_programme()
        rules = [make_rule(programme, "labour_day"), make_rule(programme, "reception", "接待群众来访")]
        pairings = [
            make_pairing(make_unit(f"第{i}局"), make_village(f"第{i}村", town=make_town(f"第{i}镇")), programme) for i in range(n)
        ]
        for pairing in pairings:
            for rule in rules:
                make_flip(make_obligation(pairing, rule), "met", "missed")
    return tenant, pairings[0]


def n_statements(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_statements_do_not_grow_with_the_county() -> None:
    counts: list[list[int]] = []
    for n, slug, code in ((5, "xiao", "440981"), (50, "da-xian", "440982")):
        tenant, pairing = fill(n, slug, code)
        client, own = Client(), Client()
        client.force_login(make_member(tenant, "CA"), backend="tenancy.backends.AccountBackend")
        with tenant_scope(tenant):
            unit = pairing.unit
        own.force_login(make_member(tenant, "UL", unit=unit), backend="tenancy.backends.AccountBackend")
        board = f"/{slug}/board/?period=2024-10"
        counts.append(
            [
                n_statements(client, board),
                n_statements(client, f"/{slug}/api/v1/board/?period=2024-10"),
                n_statements(client, f"/{slug}/board/publish/"),
                n_statements(own, board),
                n_statements(client, f"/{slug}/units/organisations/{unit.uid}/"),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) < 40
