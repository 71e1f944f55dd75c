"""An active pairing says since when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pairing", "0006_active_from_of_those_active")]

    operations = [
        migrations.AddConstraint(
            model_name="pairing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["active", "suspended"]), _negated=True),
                    ("active_from__isnull", False),
                    _connector="OR",
                ),
                name="pairing_active_since",
            ),
        ),
    ]
