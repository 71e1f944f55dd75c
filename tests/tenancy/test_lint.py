"""The schema lint: the database as migrated has no finding, and each planted hole is found, alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tenancy import lint
from tenancy.rls import CONDITION
from tests.clones import cloned, undone

pytestmark = pytest.mark.postgres

# (rule, object named by the finding, statements that make the hole)
HOLES = {
    "a table without tenant": ("L1", "leak", "CREATE TABLE leak (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text)"),
    "a table without tenant in another schema": ("L1", "app.leak", "CREATE TABLE app.leak (note text)"),
    "an exemption for a table that is gone": ("L1", "tenancy_heartbeat", "DROP TABLE tenancy_heartbeat"),
    "an exemption that is not needed": (
        "L1",
        "tenancy_heartbeat",
        (
            "ALTER TABLE tenancy_heartbeat ADD tenant_id bigint NOT NULL;"
            "ALTER TABLE tenancy_heartbeat ENABLE ROW LEVEL SECURITY; ALTER TABLE tenancy_heartbeat FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY tenant_iso ON tenancy_heartbeat TO pair_app, pair_owner USING ({CONDITION}) WITH CHECK ({CONDITION});"
            "ALTER TABLE tenancy_heartbeat DROP CONSTRAINT tenancy_heartbeat_pkey CASCADE;"
            "DROP INDEX IF EXISTS tenancy_heartbeat_name_e8dcd3a9_like"
        ),
    ),
    "a nullable tenant": ("L2", "units_unit", "ALTER TABLE units_unit ALTER tenant_id DROP NOT NULL"),
    "security not forced": ("L3", "units_person", "ALTER TABLE units_person NO FORCE ROW LEVEL SECURITY"),
    "security not enabled": ("L3", "units_person", "ALTER TABLE units_person DISABLE ROW LEVEL SECURITY"),
    "no policy": ("L4", "units_post", "DROP POLICY tenant_iso ON units_post"),
    "one more permissive policy": ("L4", "units_post", "CREATE POLICY more ON units_post TO pair_app USING (true)"),
    "a dispatcher's policy elsewhere": (
        "L4",
        "units_post",
        "CREATE POLICY dispatch ON units_post FOR ALL TO pair_dispatch USING (true) WITH CHECK (true)",
    ),
    "a sign-in policy for the application": ("L4", "tenancy_grant", "ALTER POLICY login_lookup ON tenancy_grant TO pair_app"),
    "a policy with another text": ("L4", "units_post", "ALTER POLICY tenant_iso ON units_post USING (tenant_id > 0)"),
    "a policy with another check": ("L4", "units_post", "ALTER POLICY tenant_iso ON units_post WITH CHECK (true)"),
    "a policy for everyone": ("L4", "units_post", "ALTER POLICY tenant_iso ON units_post TO PUBLIC"),
    "a policy that forgets the owner": ("L4", "units_post", "ALTER POLICY tenant_iso ON units_post TO pair_app"),
    "a cross-tenant unique index": ("L5", "units_unit", "CREATE UNIQUE INDEX hole ON units_unit (division_code)"),
    "a cross-tenant unique constraint": ("L5", "units_person", "ALTER TABLE units_person ADD CONSTRAINT hole UNIQUE (uid)"),
    "a unique index with the tenant only carried along": (
        "L5",
        "units_unit",
        "CREATE UNIQUE INDEX hole ON units_unit (division_code) INCLUDE (tenant_id)",
    ),
    "a cross-tenant exclusion": (
        "L5",
        "units_unit",
        "ALTER TABLE units_unit ADD CONSTRAINT hole EXCLUDE USING btree (division_code WITH =)",
    ),
    "a primary key that people choose": (
        "L5",
        "units_importanswer",
        "ALTER TABLE units_importanswer DROP CONSTRAINT units_importanswer_pkey, ADD PRIMARY KEY (asked)",
    ),
    "a foreign key without tenant": (
        "L6",
        "units_unitalias",
        "ALTER TABLE units_unitalias DROP CONSTRAINT units_unitalias_unit_id_same_tenant",
    ),
    "a composite key not checked for old rows": (
        "L6",
        "units_unitalias",
        (
            "ALTER TABLE units_unitalias DROP CONSTRAINT units_unitalias_unit_id_same_tenant;"
            "ALTER TABLE units_unitalias ADD CONSTRAINT k FOREIGN KEY (tenant_id, unit_id) "
            "REFERENCES units_unit (tenant_id, id) NOT VALID"
        ),
    ),
    "a reference without any key": (
        "L6",
        "tenancy_grant",
        "ALTER TABLE tenancy_grant DROP CONSTRAINT tenancy_grant_scope_unit_id_same_tenant",
    ),
    "an exemption for a key that is there": (
        "L6",
        "units_importchange.object_id",
        "ALTER TABLE units_importchange DROP COLUMN object_id",
    ),
    "a global table that points into a county": (
        "L6",
        "tenancy_heartbeat",
        "ALTER TABLE tenancy_heartbeat ADD unit bigint REFERENCES units_unit (id)",
    ),
    "a view with its owner's rights": (
        "L7",
        "leak",
        "CREATE VIEW leak AS SELECT * FROM units_person; GRANT SELECT ON leak TO pair_app",
    ),
    "a view for the prefecture, one column": (
        "L7",
        "leak",
        "CREATE VIEW leak WITH (security_barrier) AS SELECT * FROM units_person; GRANT SELECT (name) ON leak TO pair_pref",
    ),
    "a view for everyone": ("L7", "leak", "CREATE VIEW leak AS SELECT * FROM units_person; GRANT SELECT ON leak TO PUBLIC"),
    "a materialised view": (
        "L8",
        "leak",
        "CREATE MATERIALIZED VIEW leak AS SELECT * FROM units_person; GRANT SELECT ON leak TO pair_app",
    ),
    "a definer function": (
        "L9",
        "app.leak()",
        (
            "CREATE FUNCTION app.leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
            " AS 'SELECT count(*) FROM public.units_person'"
        ),
    ),
    "a listed function with a loose path": ("L9", "app.tenant()", "ALTER FUNCTION app.tenant() RESET search_path"),
    "a listed function that is gone": (
        "L9",
        "app.credential_set(bigint, text)",
        "DROP FUNCTION app.credential_set(bigint, text)",
    ),
    "a superuser application": ("L10", "pair_app", "ALTER ROLE pair_app SUPERUSER"),
    "an application past the policies": ("L10", "pair_app", "ALTER ROLE pair_app BYPASSRLS"),
    "an owner past the policies": ("L10", "pair_owner", "ALTER ROLE pair_owner BYPASSRLS"),
    "an application that is the owner's member": ("L10", "pair_app", "GRANT pair_owner TO pair_app"),
    "an application that is a superuser's member": ("L10", "pair_app", "GRANT postgres TO pair_app"),
    "a dispatcher that reads all data": ("L10", "pair_dispatch", "GRANT pg_read_all_data TO pair_dispatch"),
    "an application that owns a table": ("L10", "pair_app", "ALTER TABLE units_unit OWNER TO pair_app"),
    "an application that owns a schema": ("L10", "pair_app", "CREATE SCHEMA s AUTHORIZATION pair_app"),
    "TRUNCATE for the application": ("L11", "units_unit", "GRANT TRUNCATE ON units_unit TO pair_app"),
    "REFERENCES on one column for everyone": ("L11", "units_unit", "GRANT REFERENCES (id) ON units_unit TO PUBLIC"),
    "TRIGGER for the dispatcher": ("L11", "tenancy_job", "GRANT TRIGGER ON tenancy_job TO pair_dispatch"),
    "a sequence that tells volumes": ("L11", "units_unit_id_seq", "GRANT SELECT ON SEQUENCE units_unit_id_seq TO pair_app"),
    "CREATE in a schema": ("L12", "schema public", "GRANT CREATE ON SCHEMA public TO pair_app"),
    "TEMP for everyone": (
        "L12",
        "database",
        "DO $$BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END$$",
    ),
    "CREATE on the database": (
        "L12",
        "database",
        "DO $$BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO pair_app', current_database()); END$$",
    ),
    "an index without the tenant in front": ("L13", "units_unit", "CREATE INDEX hole ON units_unit (name, tenant_id)"),
}

# What else the lint rightly says of a hole: an owner has every right on its table.
CONSEQUENCES = {"an application that owns a table": ("units_unit", "units_unit_id_seq")}


@pytest.fixture(scope="module")
def copy(django_db_setup: None) -> Iterator[dict[str, str]]:
    with cloned() as urls:
        yield urls


@pytest.mark.django_db
def test_the_migrated_database_has_no_hole() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("pair_app",)
        assert lint.findings(cursor) == []


@pytest.mark.parametrize("role", ["admin", "owner", "dispatch", "pref"])
def test_every_role_can_run_the_lint(copy: dict[str, str], role: str) -> None:
    with closing(psycopg2.connect(copy[role])) as connected:
        assert lint.findings(connected.cursor()) == []


@pytest.mark.parametrize("name", HOLES)
def test_a_planted_hole_is_found(copy: dict[str, str], name: str) -> None:
    rule, broken, statements = HOLES[name]
    with undone(copy["admin"]) as cursor:
        cursor.execute(statements)
        found = lint.findings(cursor)

    assert (rule, broken) in {(finding.rule, finding.object) for finding in found}, found
    assert {finding.object for finding in found} <= {broken, *CONSEQUENCES.get(name, ())}, found


def test_every_rule_has_a_planted_hole() -> None:
    assert {rule for rule, _object, _sql in HOLES.values()} == {f"L{n}" for n in range(1, 14)}


def test_the_canonical_text_is_that_of_the_migrations(copy: dict[str, str]) -> None:
    with undone(copy["admin"]) as cursor:
        cursor.execute("CREATE TABLE t (tenant_id bigint)")
        cursor.execute(f"CREATE POLICY p ON t USING ({CONDITION})")
        cursor.execute("SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'p'")
        assert cursor.fetchone() == (lint.CANONICAL,)


def test_every_exemption_says_why() -> None:
    assert [name for name, reason in (lint.GLOBAL | lint.DEFINERS | lint.UNKEYED).items() if len(reason) < 10] == []


@pytest.mark.django_db
def test_the_command_says_that_all_is_well(capsys: Any) -> None:
    call_command("lint_schema")
    assert "没有发现问题" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_fails_and_names_the_hole(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.delitem(lint.GLOBAL, "tenancy_heartbeat")
    with pytest.raises(CommandError, match="1 处"):
        call_command("lint_schema")
    assert "L1 tenancy_heartbeat: has no tenant_id" in capsys.readouterr().out
