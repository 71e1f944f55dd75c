"""``app.tenant()`` without a pattern match: the signature alone says that a token is ours, at half the cost."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_account_home_and_limits")]

    operations = [migrations.RunSQL((SQL / "tenant.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)]
