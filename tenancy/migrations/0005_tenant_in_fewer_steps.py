"""``app.tenant()`` in fewer steps: the same answers, a fifth cheaper for each table of each statement."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0004_tenant_by_signature")]

    operations = [migrations.RunSQL((SQL / "tenant.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)]
