"""Row-level security and composite keys of corrections."""

from django.db import migrations

from tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("assessment", "0004_corrections")]

    operations = [protect("assessment_correction", {"cycle_id": "assessment_cycle"})]
