"""T11: without a tenant every manager is loud, every table empty, every write refused; also with a worthless token."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, models, transaction
from django_scopes.exceptions import ScopeError
from pghistory.models import Event

from tenancy.scope import tenant_scope
from tests.isolation.each import for_each
from tests.world import World, tenant_models

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MODELS = for_each("model", tenant_models(), named=lambda model: model._meta.label)
# What is set when nobody set anything, and what an attacker without the key can set.
TOKENS = ("", "1", "1.9999999999." + "0" * 64)


@MODELS
def test_the_manager_raises(world: World, model: type[models.Model]) -> None:
    manager = model._meta.managers[0]
    for ask in (manager.count, manager.first, manager.all, lambda: manager.filter(pk=1)):
        with pytest.raises(ScopeError):
            ask()


@pytest.mark.parametrize("token", TOKENS)
@MODELS
def test_a_raw_query_gives_no_rows(world: World, model: type[models.Model], token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [token])
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
        assert cursor.fetchone() == (0,)
        # The unscoped manager that Django uses for related objects: empty too, because the database says so.
        assert model._base_manager.count() == 0


@MODELS
def test_every_write_is_refused_or_touches_nothing(world: World, model: type[models.Model]) -> None:
    table = model._meta.db_table
    with tenant_scope(world.a.tenant), connection.cursor() as cursor:
        # An existing row, copied: nothing is wrong with it but the missing tenant.
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t LIMIT 1")
        row = cursor.fetchone()[0]

    columns = ", ".join(f'"{f.column}"' for f in model._meta.fields if not isinstance(f, models.BigAutoField))
    statement = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    with (
        pytest.raises(DatabaseError, match=r"row-level security|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [row])
    may_change = not issubclass(model, Event) and table != "tenancy_auditentry"
    for statement in (f"UPDATE {table} SET tenant_id = tenant_id", f"DELETE FROM {table}"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                assert may_change
                assert cursor.rowcount == 0
        except DatabaseError as refused:
            assert "permission denied" in str(refused)  # noqa: PT017


def test_the_audit_chain_takes_nothing(world: World) -> None:
    from tenancy import audit

    with pytest.raises(DatabaseError, match="no tenant is set"), transaction.atomic():
        audit.append(None, "x")
