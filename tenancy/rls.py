"""The wall: one policy text for every tenant table, written by migrations (reliability.md §1.2).

    operations = [protect("units_unit", keys={"parent_id": "units_unit"})]

``protect`` switches row-level security on and forces it on the owner too, adds the policy, the
``(tenant_id, id)`` key that children point to, and for each foreign key between tenant tables the
composite key beside Django's own: PostgreSQL skips policies when it checks a foreign key, so a
single-column key would accept, and thereby tell of, another county's row.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import migrations

POLICY = "tenant_iso"
CONDITION = "tenant_id = (SELECT app.tenant())"
# Roles under the policy. The owner is one of them: FORCE alone would leave it without any rows.
SUBJECTS = "pair_app, pair_owner"
# Tables that the dispatcher reads across counties; they hold ids and counts, never personal data.
DISPATCHED = ("tenancy_job", "notices_outboxmessage")
# Tables that the sign-in functions (owner pair_login) read before a tenant is known.
LOOKED_UP = ("tenancy_grant",)
# Tables whose rows a county has published upward; app.prefecture_sums (owner pair_login) reads them across counties.
# The policy is written by the migration of the app above.
PUBLISHED = ("reports_publishedsum",)


def policy_sql(table: str) -> str:
    """The statements that raise the wall around one table; the same for every tenant table."""
    lines = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {POLICY} ON {table} FOR ALL TO {SUBJECTS} USING ({CONDITION}) WITH CHECK ({CONDITION})",
    ]
    if table in DISPATCHED:
        lines.append(f"CREATE POLICY dispatch ON {table} FOR ALL TO pair_dispatch USING (true) WITH CHECK (true)")
    if table in LOOKED_UP:
        lines.append(f"CREATE POLICY login_lookup ON {table} FOR SELECT TO pair_login USING (true)")
    return ";\n".join(lines) + ";"


def composite_key_sql(table: str, column: str, parent: str) -> str:
    """The double key of one column: both ends must be of the same county.

    ``pgh_obj_id`` of version tables and the likes are left out on purpose: they carry no Django key either.
    """
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {key_name(table, column)} FOREIGN KEY (tenant_id, {column}) "
        f"REFERENCES {parent} (tenant_id, id) DEFERRABLE INITIALLY DEFERRED;"
    )


def key_name(table: str, column: str) -> str:
    """Name of a composite key; PostgreSQL cuts names at 63 characters."""
    return f"{table}_{column}_same_tenant"[:63]


def protect(table: str, keys: Mapping[str, str] | None = None, *, is_parent: bool = True) -> migrations.RunSQL:
    """Raise the wall around ``table``; ``keys`` maps its columns to the tenant tables they point to.

    ``is_parent=False`` leaves out the ``(tenant_id, id)`` key, for version tables that nothing points to.
    """
    forward = [policy_sql(table)]
    backward = [
        f"DROP POLICY {POLICY} ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        *(f"DROP POLICY dispatch ON {table};" for _ in [0] if table in DISPATCHED),
        *(f"DROP POLICY login_lookup ON {table};" for _ in [0] if table in LOOKED_UP),
    ]
    if is_parent:
        forward.append(f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_id_id UNIQUE (tenant_id, id);")
        backward.insert(0, f"ALTER TABLE {table} DROP CONSTRAINT {table}_tenant_id_id;")
    for column, parent in (keys or {}).items():
        forward.append(composite_key_sql(table, column, parent))
        backward.insert(0, f"ALTER TABLE {table} DROP CONSTRAINT {key_name(table, column)};")
    return migrations.RunSQL("\n".join(forward), "\n".join(backward))
