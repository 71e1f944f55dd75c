"""The scope of a county: what it shows, what it refuses, what it leaves behind."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django_scopes.exceptions import ScopeError
from pytest_django import DjangoAssertNumQueries

from tenancy.models import Tenant
from tenancy.scope import Actor, current_tenant, reading_scope, tenant_scope, tenant_token
from tests.factories import make_tenant, make_unit
from units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def other() -> Tenant:
    return make_tenant("nanhai", "440605", "南海区")


def n_units_in_sql() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM units_unit")
        return int(cursor.fetchone()[0])


def set_tenant(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [value])


def test_scope_shows_its_own_rows_and_no_others(tenant: Tenant, other: Tenant) -> None:
    with tenant_scope(tenant):
        make_unit("高州市林业局")
    with tenant_scope(other):
        make_unit("南海区林业局")
        assert [unit.name for unit in Unit.objects.all()] == ["南海区林业局"]
        assert n_units_in_sql() == 1
    assert n_units_in_sql() == 0


def test_without_a_scope_the_manager_is_loud_and_sql_is_empty(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        make_unit()
    with pytest.raises(ScopeError):
        Unit.objects.count()
    assert n_units_in_sql() == 0


def test_forged_expired_and_garbled_tokens_show_nothing(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        make_unit()
    good = tenant_token(tenant.pk)
    number, expiry, digest = good.split(".")
    flipped = ("0" if digest[0] != "0" else "1") + digest[1:]
    for value in (
        str(tenant.pk),
        f"{number}.{expiry}.{flipped}",
        f"{int(number) + 1}.{expiry}.{digest}",
        f"{number}.{int(expiry) + 9}.{digest}",
        tenant_token(tenant.pk, now=1_000_000),
        "garbage",
        "",
    ):
        set_tenant(value)
        assert n_units_in_sql() == 0, value
    set_tenant(good)
    assert n_units_in_sql() == 1


def test_writing_for_another_county_is_refused(tenant: Tenant, other: Tenant) -> None:
    with tenant_scope(other), pytest.raises(DatabaseError), transaction.atomic():
        Unit.objects.create(tenant=tenant, name="x", kind="organisation", pinyin="x", initials="x")


def test_the_scope_ends_with_its_block_also_after_an_error(tenant: Tenant, other: Tenant) -> None:
    with tenant_scope(tenant):
        make_unit()
        with pytest.raises(RuntimeError), tenant_scope(other):
            raise RuntimeError
        assert current_tenant() == tenant
        assert n_units_in_sql() == 1
    with pytest.raises(LookupError):
        current_tenant()


def test_reading_in_a_scope_asks_nothing_of_its_own_and_leaves_it_as_it_is(
    tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with tenant_scope(tenant):
        make_unit("高州市林业局")
        with django_assert_num_queries(1), reading_scope(tenant):
            assert n_units_in_sql() == 1
        assert Unit.objects.count() == 1


def test_reading_elsewhere_is_a_scope_of_its_own(tenant: Tenant, other: Tenant) -> None:
    with tenant_scope(tenant):
        make_unit("高州市林业局")
    with reading_scope(tenant):
        assert n_units_in_sql() == 1
    with tenant_scope(other):
        with reading_scope(tenant):
            assert [unit.name for unit in Unit.objects.all()] == ["高州市林业局"]
        assert n_units_in_sql() == 0
        assert current_tenant() == other


def test_versions_name_who_and_why(tenant: Tenant) -> None:
    with tenant_scope(tenant, actor=Actor(name="职员甲", roles="CS")):
        unit = make_unit()
        with tenant_scope(tenant, actor=Actor(name="职员乙"), reason="改名"):
            Unit.objects.filter(pk=unit.pk).update(name="高州市林业和草原局")
        told = [
            (v.pgh_label, v.name, v.pgh_context["actor"], v.pgh_context.get("reason")) for v in unit.versions.order_by("pgh_id")
        ]
    assert told == [
        ("created", "高州市林业局", "职员甲", None),
        ("changed", "高州市林业和草原局", "职员乙", "改名"),
    ]


def test_the_application_cannot_read_keys_or_password_hashes(tenant: Tenant) -> None:
    for statement in (
        "SELECT * FROM app.signing_key",
        "SELECT * FROM tenancy_credential",
        "UPDATE units_unitversion SET name = 'x'",
        "DELETE FROM tenancy_auditentry",
        "TRUNCATE units_unit",
        "CREATE TABLE t (a int)",
        "CREATE TEMP TABLE t (a int)",
        "SET ROLE pair_owner",
    ):
        refused = pytest.raises(DatabaseError, match=r"permission denied|must be")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
