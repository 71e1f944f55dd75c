"""Readers of a prefecture, and the functions by which its role reads what counties published."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
_BACK = """
DROP FUNCTION app.prefecture_sums();
DROP POLICY prefecture ON reports_publishedsum;
REVOKE SELECT ON reports_publishedsum, tenancy_division FROM pair_login;
DROP FUNCTION app.prefecture();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_signatures"),
        ("tenancy", "0003_account_home_and_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrefectureReader",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "prefecture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.division",
                        verbose_name="prefecture",
                    ),
                ),
            ],
            options={
                "verbose_name": "reader of a prefecture's sums",
                "ordering": ["prefecture_id", "account_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="reader_ends_after_start",
                    )
                ],
            },
        ),
        migrations.RunSQL((SQL / "prefecture.sql").read_text(encoding="utf-8"), _BACK),
    ]
