"""T3: every model belongs to a county, with all that means, or stands on the global list with a reason.

That each has rows with canaries, and so is made by somebody, tests/isolation/test_world.py holds.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models
from django_scopes.manager import ScopedManager
from pghistory.models import Event

from tenancy.lint import GLOBAL
from tenancy.models import TenantModel
from tenancy.rights import DISPATCH, FEWER, PREFECTURE, app_rights
from tests.isolation.each import for_each
from tests.world import tenant_models

# A model without a table: a query that unites versions.
NO_TABLE = {"pghistory.Events"}
MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy and model._meta.label not in NO_TABLE
]


@for_each("model", MODELS, named=lambda model: model._meta.label)
def test_a_model_is_a_county_s_or_on_the_global_list(model: type[models.Model]) -> None:
    is_global = model._meta.db_table in GLOBAL
    assert is_global is not (model in tenant_models()), (
        f"{model._meta.label}: inherit tenancy.models.TenantModel, or put its table on tenancy.lint.GLOBAL and say why."
    )


@for_each("model", tenant_models(), named=lambda model: model._meta.label)
def test_a_county_s_model_has_the_whole_equipment(model: type[models.Model]) -> None:
    tenant = model._meta.get_field("tenant")
    assert not tenant.null
    assert type(model._meta.managers[0]).__name__ == type(ScopedManager(tenant="tenant")).__name__
    assert issubclass(model, (TenantModel, Event))
    if issubclass(model, TenantModel):
        assert {"id", "uid"} <= {field.name for field in model._meta.fields}


def test_the_rights_in_the_database_are_those_of_the_list(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.rolname, c.relname, string_agg(a.privilege_type, ', ' ORDER BY"
            " array_position(ARRAY['SELECT','INSERT','UPDATE','DELETE'], a.privilege_type))"
            " FROM pg_class c, aclexplode(c.relacl) a, pg_roles g"
            " WHERE c.relnamespace = 'public'::regnamespace AND g.oid = a.grantee AND g.rolname = ANY(%s) GROUP BY 1, 2",
            [["pair_app", "pair_dispatch", "pair_pref"]],
        )
        found = {(role, table): verbs for role, table, verbs in cursor.fetchall()}
    wanted = {("pair_app", table): verbs for table, verbs in app_rights().items() if verbs and table != "pghistory_events"}
    wanted |= {("pair_dispatch", table): verbs for table, verbs in DISPATCH.items()}
    wanted |= {("pair_pref", table): verbs for table, verbs in PREFECTURE.items()}
    assert found == wanted


def test_the_exceptions_to_the_rights_name_existing_tables() -> None:
    tables = {model._meta.db_table for model in MODELS} | {"django_migrations"}
    assert sorted((set(FEWER) | set(DISPATCH) | set(PREFECTURE)) - tables) == []
