"""The event log: who reads what, and that a change to it is found (reliability.md §6.1)."""

from __future__ import annotations

import os
import threading
from contextlib import closing

import psycopg2
import pytest
from django.db import connection
from django.test import Client

from tenancy import audit
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import Actor, tenant_scope
from tests.factories import make_member, make_tenant, make_unit
from tests.live import LiveServer


def entries(tenant: Tenant, *, n: int = 5) -> None:
    with tenant_scope(tenant):
        for number in range(n):
            audit.append(Actor(f"经办{number}"), "unit_changed", object_kind="unit", fields=["name"])


@pytest.mark.django_db
class TestPage:
    """Who sees which entries."""

    @pytest.fixture
    def tenant(self) -> Tenant:
        tenant = make_tenant()
        entries(tenant)
        return tenant

    @pytest.mark.parametrize(
        ("role", "status", "sees"), [("CA", 200, True), ("CS", 200, True), ("AU", 200, True), ("IN", 403, False)]
    )
    def test_who_reads_the_log(self, client: Client, tenant: Tenant, role: str, status: int, sees: bool) -> None:
        client.force_login(make_member(tenant, role))
        response = client.get("/gaozhou/audit/")
        assert response.status_code == status
        assert ("经办3" in response.content.decode()) == sees

    def test_a_liaison_sees_the_own_deeds_only(self, client: Client, tenant: Tenant) -> None:
        with tenant_scope(tenant):
            unit = make_unit()
        member = make_member(tenant, "UL", unit=unit, login="lianluo")
        with tenant_scope(tenant):
            audit.append(Actor("lianluo", member.pk), "person_changed", object_kind="person")
        client.force_login(member)
        page = client.get("/gaozhou/audit/").content.decode()
        assert "经办" not in page
        assert "lianluo" in page

    def test_filters_narrow(self, client: Client, tenant: Tenant) -> None:
        client.force_login(make_member(tenant, "CA"))
        page = client.get("/gaozhou/audit/", {"actor": "经办3"}).content.decode()
        assert "经办3" in page
        assert "经办2" not in page
        assert "经办3" not in client.get("/gaozhou/audit/", {"day_to": "2001-01-01"}).content.decode()

    @pytest.mark.parametrize(
        "query", [{"day_from": "2026-99-99"}, {"action": "x"}, {"page": "x"}, {"day_from": "2026-02-01", "day_to": "2026-01-01"}]
    )
    def test_bad_filters_are_said(self, client: Client, tenant: Tenant, query: dict[str, str]) -> None:
        client.force_login(make_member(tenant, "CA"))
        assert client.get("/gaozhou/audit/", query).status_code == 422

    def test_a_refusal_is_recorded_although_it_was_rolled_back(self, client: Client, tenant: Tenant) -> None:
        member = make_member(tenant, "CS", login="jingban")
        client.force_login(member)
        client.post("/gaozhou/settings/", {"sponsor": "x"})
        with tenant_scope(tenant):
            last = AuditEntry.objects.latest("seq")
            assert (last.action, last.actor, last.object_kind, last.result) == (
                "refused",
                "jingban",
                "tenancy:settings",
                "refused",
            )


HARM = [
    ("UPDATE tenancy_auditentry SET actor = '别人' WHERE seq = 3", (3, "altered")),
    ('UPDATE tenancy_auditentry SET details = \'{"fields": ["phone"]}\' WHERE seq = 2', (2, "altered")),
    ("DELETE FROM tenancy_auditentry WHERE seq = 3", (4, "missing")),
    ("UPDATE tenancy_auditentry SET hash = repeat('0', 64) WHERE seq = 2", (2, "altered")),
    (
        """
        UPDATE tenancy_auditentry SET seq = 105 - seq WHERE seq IN (2, 3);
        UPDATE tenancy_auditentry SET seq = seq - 100 WHERE seq > 100
        """,
        (2, "unlinked"),
    ),
]


@pytest.mark.postgres
@pytest.mark.parametrize(("harm", "found"), HARM)
def test_harm_is_found_and_named(live: LiveServer, harm: str, found: tuple[int, str]) -> None:
    tenant = make_tenant()
    entries(tenant)
    with tenant_scope(tenant):
        assert audit.verify() is None
    with closing(psycopg2.connect(os.environ["PAIRING_TEST_ADMIN_URL"])) as administrator, administrator:
        administrator.cursor().execute(harm)
    with tenant_scope(tenant):
        assert audit.verify() == found


@pytest.mark.postgres
def test_parallel_writers_leave_one_unbroken_chain(live: LiveServer) -> None:
    tenant = make_tenant()
    problems: list[BaseException] = []

    def write() -> None:
        try:
            entries(tenant, n=10)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    with tenant_scope(tenant):
        assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 81))
        assert audit.verify() is None
