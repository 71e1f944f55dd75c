"""T12: the walls taken down one by one, and what notices. Each mutant lives behind a savepoint that is rolled back.

A superuser breaks the schema and then, behind the same savepoint, becomes the application (``SET ROLE``) and tries what
tests/isolation/test_crossing.py tries. ``table_of`` is what stands in docs/security/isolation.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2

from tenancy import lint
from tenancy.rls import POLICY
from tenancy.scope import tenant_token
from tests.clones import undone
from tests.world import World, tenant_models

DOCUMENT = "docs/security/isolation.md"
BEGIN, END = "<!-- teeth: begin -->", "<!-- teeth: end -->"


@dataclass(frozen=True, slots=True)
class Bite:
    """What noticed a mutant: rules of the lint, and whether the SQL tests go red. ``held``: what still protects."""

    wall: str
    lint: tuple[str, ...]
    sql: str

    @property
    def is_caught(self) -> bool:
        return bool(self.lint) and bool(self.sql)

    def __str__(self) -> str:
        return f"{' '.join(self.lint) or '–'}; {self.sql or 'nothing'}"


# Columns that a check ties to others: what must change along, for the key alone to refuse.
AND_WITH = {
    ("tenancy_grant", "scope_unit_id"): ", scope_kind = 'unit', scope_object = NULL",
    ("activities_waiver", "town_id"): ", scope = 'town', pairing_id = NULL",
    ("activities_waiver", "pairing_id"): ", scope = 'pairing', town_id = NULL",
}


def tables() -> list[str]:
    return sorted(model._meta.db_table for model in tenant_models())


def composite_keys(cursor: Any) -> list[tuple[str, str, str, str]]:
    """(table, constraint, column, parent) of the keys that hold children and parents in one county."""
    cursor.execute(
        "SELECT c.conrelid::regclass::text, c.conname, a.attname, c.confrelid::regclass::text"
        " FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]"
        " WHERE c.contype = 'f' AND c.conname LIKE '%same_tenant' ORDER BY 1, 2"
    )
    return [tuple(row) for row in cursor.fetchall()]


@contextmanager
def _as_application(cursor: Any, token: str) -> Iterator[None]:
    cursor.execute("SET LOCAL ROLE pair_app")
    cursor.execute("SELECT set_config('app.tenant', %s, true)", [token])
    yield
    cursor.execute("RESET ROLE")


def _reading(world: World, table: str) -> Callable[[Any], str]:
    def probe(cursor: Any) -> str:
        with _as_application(cursor, tenant_token(world.a.tenant.pk)):
            cursor.execute(f"SELECT count(*) FILTER (WHERE tenant_id = %s), count(*) FROM {table}", [world.a.tenant.pk])
            own, all_rows = cursor.fetchone()
        if all_rows > own:
            return "foreign rows are read"
        return "own rows are gone" if own == 0 else ""

    return probe


def _owner_unset(table: str) -> Callable[[Any], str]:
    def probe(cursor: Any) -> str:
        cursor.execute("SET LOCAL ROLE pair_owner")
        cursor.execute(f"SELECT count(*) FROM {table}")
        n = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
        return "the owner reads every county" if n else ""

    return probe


def _pointing(world: World, table: str, column: str, parent: str) -> Callable[[Any], str]:
    def probe(cursor: Any) -> str:
        cursor.execute(f"SELECT max(id) FROM {parent} WHERE tenant_id = %s", [world.b.tenant.pk])
        theirs = cursor.fetchone()[0]
        extra = AND_WITH.get((table, column), "")
        with _as_application(cursor, tenant_token(world.a.tenant.pk)):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            try:
                cursor.execute(f"UPDATE {table} SET {column} = %s{extra} WHERE id = (SELECT min(id) FROM {table})", [theirs])
            except psycopg2.errors.ForeignKeyViolation:
                return ""
        return "a row points into another county"

    return probe


def _bite(cursor: Any, wall: str, statement: str, probe: Callable[[Any], str]) -> Bite:
    cursor.execute("SAVEPOINT whole")
    cursor.execute(statement)
    found = tuple(sorted({finding.rule for finding in lint.findings(cursor)}))
    bite = Bite(wall, found, probe(cursor))
    cursor.execute("ROLLBACK TO SAVEPOINT whole")
    return bite


def table_mutants(world: World) -> dict[str, list[Bite]]:
    """The four ways to take down the wall of each table."""
    bites = {}
    with undone(os.environ["PAIRING_TEST_ADMIN_URL"]) as cursor:
        for table in tables():
            read = _reading(world, table)
            bites[table] = [
                _bite(cursor, "policy dropped", f"DROP POLICY {POLICY} ON {table}", read),
                _bite(cursor, "policy opened", f"ALTER POLICY {POLICY} ON {table} USING (true)", read),
                _bite(cursor, "security off", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", read),
                _bite(cursor, "not forced", f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", _owner_unset(table)),
            ]
    return bites


def key_mutants(world: World) -> dict[tuple[str, str], Bite]:
    """Each composite key dropped."""
    with undone(os.environ["PAIRING_TEST_ADMIN_URL"]) as cursor:
        return {
            (table, column): _bite(
                cursor,
                "composite key dropped",
                # Some tables the application may only add to; that is another wall than the one tried here.
                f"ALTER TABLE {table} DROP CONSTRAINT {name}; GRANT UPDATE ON {table} TO pair_app",
                _pointing(world, table, column, parent),
            )
            for table, name, column, parent in composite_keys(cursor)
        }


def table_of(walls: dict[str, list[Bite]], keys: dict[tuple[str, str], Bite], held: dict[str, int]) -> str:
    """The table of docs/security/isolation.md: a row for each table, a row for each key."""
    lines = [
        "| table | policy dropped | policy opened | security off | not forced | manager without filter |",
        "|---|---|---|---|---|---|",
        *(
            f"| `{table}` | " + " | ".join(map(str, bites)) + f" | the policy holds: {held[table]} foreign rows |"
            for table, bites in sorted(walls.items())
        ),
        "",
        "| composite key dropped | what notices |",
        "|---|---|",
        *(f"| `{table}.{column}` | {bite} |" for (table, column), bite in sorted(keys.items())),
    ]
    return "\n".join(lines)
