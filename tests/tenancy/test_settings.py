"""The county's settings and the footer that they fill."""

from __future__ import annotations

import pytest
from django.test import Client

from tenancy.models import AuditEntry, Tenant, TenantSettings
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_tenant

pytestmark = pytest.mark.django_db
FORM = {
    "sponsor": "中共高州市委组织部",
    "registration_no": "粤政备2026-0001",
    "date_style": "dots",
    "retirement_note": "先移交后删除",
}


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.mark.parametrize(("role", "reads", "writes"), [("CA", 200, 302), ("CS", 200, 403), ("AU", 200, 403), ("UL", 403, 403)])
def test_who_reads_and_who_writes(client: Client, tenant: Tenant, role: str, reads: int, writes: int) -> None:
    client.force_login(make_member(tenant, role))
    assert client.get("/gaozhou/settings/").status_code == reads
    assert client.post("/gaozhou/settings/", FORM).status_code == writes
    with tenant_scope(tenant):
        assert TenantSettings.objects.get().sponsor == (FORM["sponsor"] if writes == 302 else "")


def test_a_change_is_versioned_named_without_values_and_shown_to_everybody(client: Client, tenant: Tenant) -> None:
    client.force_login(make_member(tenant, "CA"))
    client.post("/gaozhou/settings/", FORM)
    with tenant_scope(tenant):
        row = TenantSettings.objects.get()
        assert [version.pgh_label for version in row.versions.order_by("pgh_id")] == ["created", "changed"]
        entry = AuditEntry.objects.get(action="settings_changed")
    assert set(entry.details["fields"]) == {"sponsor", "registration_no", "date_style", "retirement_note", "phone_pages"}
    assert FORM["sponsor"] not in str(entry.details)
    page = Client().get("/gaozhou/login/").content.decode()
    assert FORM["sponsor"] in page
    assert FORM["registration_no"] in page
    assert FORM["retirement_note"] in Client().get("/gaozhou/settings/retirement/").content.decode()


def test_nothing_changed_writes_nothing(client: Client, tenant: Tenant) -> None:
    client.force_login(make_member(tenant, "CA"))
    client.post("/gaozhou/settings/", {"date_style": "words", "phone_pages": "on"})
    with tenant_scope(tenant):
        assert not AuditEntry.objects.filter(action="settings_changed").exists()


def test_a_value_that_is_too_long_is_said_and_kept_on_the_form(client: Client, tenant: Tenant) -> None:
    client.force_login(make_member(tenant, "CA"))
    response = client.post("/gaozhou/settings/", FORM | {"sponsor": "长" * 81})
    assert response.status_code == 422
    assert "长" * 81 in response.content.decode()
