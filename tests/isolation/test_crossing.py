"""With a tenant set, nothing of another is read, written or pointed to: SQL as the application runs it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, models, transaction
from pghistory.models import Event

from tenancy.lint import GLOBAL
from tenancy.models import TenantModel
from tenancy.rights import app_rights
from tenancy.scope import tenant_scope, tenant_token
from tests.isolation.each import for_each
from tests.isolation.teeth import AND_WITH
from tests.world import World, digest, tenant_models

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MODELS = for_each("model", tenant_models(), named=lambda model: model._meta.label)
WRITABLE = [m for m in tenant_models() if not issubclass(m, Event) and m._meta.db_table != "tenancy_auditentry"]


def _run(*statements: str) -> None:
    """In a transaction of their own, so that the test goes on after a refusal."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def keys_between_tenants() -> list[tuple[type[models.Model], str]]:
    """(child, column) of every foreign key from one tenant table to another."""
    found = [
        (model, f.column)
        for model in WRITABLE
        for f in model._meta.fields
        if f.remote_field and isinstance(f, models.ForeignKey) and issubclass(f.related_model, TenantModel)
    ]
    # Declared without Django's help: a grant names a unit of a floor above.
    grant = next(model for model in WRITABLE if model.__name__ == "Grant")
    return [*found, (grant, "scope_unit_id")]


@MODELS
def test_another_county_s_rows_are_not_read(world: World, model: type[models.Model]) -> None:
    table = model._meta.db_table
    with tenant_scope(world.b.tenant), connection.cursor() as cursor:
        key = model._meta.pk.column
        cursor.execute(f"SELECT {key} FROM {table} LIMIT 1")
        theirs = cursor.fetchone()[0]
    with tenant_scope(world.a.tenant), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE tenant_id <> %s) FROM {table}", [world.a.tenant.pk])
        n, foreign = cursor.fetchone()
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {key} = %s OR tenant_id = %s", [theirs, world.b.tenant.pk])
        assert (n > 0, foreign, cursor.fetchone()[0]) == (True, 0, 0)


@for_each("model", WRITABLE, named=lambda model: model._meta.label)
def test_another_county_s_rows_are_not_written(world: World, model: type[models.Model]) -> None:
    table, before = model._meta.db_table, digest(world.b)
    with tenant_scope(world.a.tenant):
        for statement in (
            f"UPDATE {table} SET uid = uid WHERE tenant_id = {world.b.tenant.pk}",
            f"DELETE FROM {table} WHERE tenant_id = {world.b.tenant.pk}",
        ):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount == 0
            except DatabaseError as refused:
                assert "permission denied" in str(refused)  # noqa: PT017
        # Giving one of our own rows away is refused as well.
        with pytest.raises(DatabaseError, match=r"row-level security|permission denied"):
            _run(f"UPDATE {table} SET tenant_id = {world.b.tenant.pk}")
    assert digest(world.b) == before


@for_each("key", keys_between_tenants(), named=lambda key: f"{key[0].__name__}.{key[1]}")
def test_a_row_cannot_point_into_another_county(world: World, key: tuple[type[models.Model], str]) -> None:
    """And the error is that of a row which does not exist: a foreign key tells nobody what others hold."""
    model, column = key
    table = model._meta.db_table
    parent = "units_unit" if column == "scope_unit_id" else _parent(model, column)
    with tenant_scope(world.b.tenant), connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {parent}")
        foreign = cursor.fetchone()[0]
    told = []
    for number in (foreign, 999_999_999):
        extra = AND_WITH.get((table, column), "")
        statement = f"UPDATE {table} SET {column} = {number}{extra} WHERE id = (SELECT min(id) FROM {table})"
        with tenant_scope(world.a.tenant), pytest.raises(DatabaseError) as refused:
            _run("SET CONSTRAINTS ALL IMMEDIATE", statement)
        told.append(str(refused.value).replace(str(number), "?"))
    if "UPDATE" not in app_rights()[table]:
        # Rows that are only added to (tenancy.rights) cannot be turned to another parent at all.
        assert told == [f"permission denied for table {table}\n"] * 2
        return
    assert "foreign key" in told[0]
    # Which of the two keys PostgreSQL names first differs; that the row "is not present" is all there is to read.
    assert ["is not present in table" in text for text in told] == [True, True]


def _parent(model: type[models.Model], column: str) -> str:
    field = next(f for f in model._meta.fields if f.column == column)
    return str(field.related_model._meta.db_table)  # type: ignore[union-attr]


def test_no_unique_key_tells_of_another_county(world: World) -> None:
    """The same codes and names stand in both counties already; one more copy in A fails only on A's own rows."""
    from units.models import Unit

    with tenant_scope(world.b.tenant):
        theirs = Unit.objects.create(tenant=world.b.tenant, kind="organisation", name="只有乙县有", pinyin="z", initials="z")
        Unit.objects.filter(pk=theirs.pk).update(division_code="440605999")
    with tenant_scope(world.a.tenant):
        Unit.objects.create(
            tenant=world.a.tenant,
            uid=theirs.uid,
            kind="organisation",
            name=theirs.name,
            pinyin="z",
            initials="z",
            division_code="440605999",
        )
        assert Unit.objects.filter(division_code="440605999").count() == 1


def test_a_token_of_one_county_does_not_open_another(world: World) -> None:
    number, expiry, digest_ = tenant_token(world.a.tenant.pk).split(".")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [f"{world.b.tenant.pk}.{expiry}.{digest_}"])
        cursor.execute("SELECT app.tenant()")
        assert cursor.fetchone() == (None,)
    assert number == str(world.a.tenant.pk)


def test_the_dispatcher_reads_ids_and_counts_only(world: World, admin_db: object) -> None:
    readable = {"tenancy_job", "notices_outboxmessage", "tenancy_tenant", "tenancy_heartbeat"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND has_any_column_privilege('pair_dispatch', oid, 'SELECT')"
        )
        assert {row[0] for row in cursor.fetchall()} == readable
    assert readable - set(GLOBAL) == {"tenancy_job", "notices_outboxmessage"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'notices_outboxmessage'::regclass AND attnum > 0"
            " AND has_column_privilege('pair_dispatch', attrelid, attnum, 'SELECT')"
        )
        # When something waits, and for which county: not whom it is for, nor what it says.
        assert {row[0] for row in cursor.fetchall()} == {"tenant_id", "not_before", "done_at"}
