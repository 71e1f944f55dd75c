"""``app.take_statistics()``: what the planner should know at once after a large import."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0005_tenant_in_fewer_steps")]

    operations = [
        migrations.RunSQL((SQL / "statistics.sql").read_text(encoding="utf-8"), "DROP FUNCTION IF EXISTS app.take_statistics()")
    ]
