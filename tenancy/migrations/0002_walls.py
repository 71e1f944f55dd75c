"""Functions, row-level security, the sign-in role's functions and the audit chain."""

from pathlib import Path

from django.db import migrations

from tenancy.rls import protect

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE tenancy_tenant ADD CONSTRAINT tenant_is_a_county "
            "CHECK (division_id ~ '^[0-9]{6}$' AND division_id !~ '00$')",
            "ALTER TABLE tenancy_tenant DROP CONSTRAINT tenant_is_a_county",
        ),
        migrations.RunSQL((SQL / "functions.sql").read_text(encoding="utf-8"), "DROP SCHEMA app CASCADE"),
        protect("tenancy_grant"),
        protect("tenancy_grantversion", is_parent=False),
        protect("tenancy_tenantsettings"),
        protect("tenancy_tenantsettingsversion", is_parent=False),
        protect("tenancy_auditentry"),
        protect("tenancy_feedback"),
        protect("tenancy_job"),
        migrations.RunSQL((SQL / "login.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "audit.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
