"""What each database role may do with each table: written after every migration, from this one list.

Row-level security says which rows; this says which verbs (reliability.md §1.1). Nobody but the owner
truncates, references, adds triggers or creates.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.utils import CursorWrapper
from pghistory.models import Event

ALL = "SELECT, INSERT, UPDATE, DELETE"
# Tables of pair_app with fewer rights than ALL; an empty text means none.
FEWER = {
    "tenancy_credential": "",  # password hashes: definer functions only
    "tenancy_auditentry": "SELECT",  # app.audit_append writes
    "tenancy_platformevent": "SELECT, INSERT",
    "tenancy_platformfeedback": "SELECT, INSERT, UPDATE",
    "reports_prefecturereader": "SELECT, INSERT, UPDATE",  # ends, is not deleted
    "tenancy_feedback": "SELECT, INSERT, UPDATE",
    "tenancy_grant": "SELECT, INSERT, UPDATE",  # a grant ends, it is not deleted
    "tenancy_tenant": "SELECT, INSERT, UPDATE",
    "tenancy_division": "SELECT, INSERT, UPDATE",
    "tenancy_account": "SELECT, INSERT, UPDATE",
    "notices_outboxmessage": "SELECT, INSERT, UPDATE",  # a message ends, it does not vanish
    "notices_notice": "SELECT, INSERT, UPDATE",
    "activities_period": "SELECT",
    "activities_recordevent": "SELECT, INSERT",
    "activities_obligationflip": "SELECT, INSERT, DELETE",  # only with a pairing whose import is taken back
    "assessment_snapshot": "SELECT, INSERT",  # frozen
    "assessment_sheetchange": "SELECT, INSERT",
    "assessment_correction": "SELECT, INSERT",
    "pghistory_context": "",
    "django_migrations": "SELECT",
    "django_content_type": "SELECT",
    "django_session": "",
    "auth_permission": "",
    "auth_group": "",
    "auth_group_permissions": "",
}
DISPATCH = {
    "tenancy_job": "SELECT, UPDATE",
    "tenancy_tenant": "SELECT",
    "tenancy_heartbeat": "SELECT, INSERT, UPDATE",
}
# Of these the dispatcher sees some columns only: which county waits since when, not for what.
DISPATCH_COLUMNS = {"notices_outboxmessage": "tenant_id, not_before, done_at"}
PREFECTURE = {"tenancy_tenant": "SELECT", "tenancy_division": "SELECT"}


def app_rights() -> dict[str, str]:
    """Verbs of ``pair_app`` by table, for every table of every installed model."""
    rights = {"django_migrations": "SELECT"}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed:
            continue
        table = model._meta.db_table
        default = "SELECT, INSERT" if issubclass(model, Event) else ALL
        rights[table] = FEWER.get(table, default)
    return rights


def statements(existing: set[str]) -> Iterator[str]:
    """GRANT and REVOKE statements for the tables that exist; running them twice changes nothing."""
    for role, rights in (("pair_app", app_rights()), ("pair_dispatch", DISPATCH), ("pair_pref", PREFECTURE)):
        for table in sorted(existing):
            yield f'REVOKE ALL ON "{table}" FROM {role}'
            if rights.get(table):
                yield f'GRANT {rights[table]} ON "{table}" TO {role}'
    for table, columns in DISPATCH_COLUMNS.items():
        if table in existing:
            yield f'GRANT SELECT ({columns}) ON "{table}" TO pair_dispatch'
    yield "GRANT USAGE ON SCHEMA app TO pair_backup"
    yield "GRANT SELECT ON ALL TABLES IN SCHEMA public, app TO pair_backup"
    yield "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, app TO pair_backup"


def apply(cursor: CursorWrapper) -> None:
    """Bring the rights up to this file. To be run by the owner."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    existing = {row[0] for row in cursor.fetchall()}
    cursor.execute(";\n".join(statements(existing)))
