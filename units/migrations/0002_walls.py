"""Row-level security and composite keys of this app's tables."""

from django.db import migrations

from tenancy.rls import composite_key_sql, key_name, protect

VERSIONS = ("unit", "unitalias", "person", "post", "listing")


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial"), ("tenancy", "0002_walls")]

    operations = [
        protect("units_unit", {"parent_id": "units_unit", "succeeded_by_id": "units_unit"}),
        protect("units_unitalias", {"unit_id": "units_unit"}),
        protect("units_person"),
        protect("units_post", {"unit_id": "units_unit", "person_id": "units_person"}),
        protect("units_listing", {"unit_id": "units_unit"}),
        protect("units_divisionrevision"),
        protect("units_divisionchange", {"revision_id": "units_divisionrevision", "unit_id": "units_unit"}),
        protect("units_importbatch", {"job_id": "tenancy_job"}),
        protect("units_importrow", {"batch_id": "units_importbatch"}),
        protect("units_importchange", {"batch_id": "units_importbatch"}),
        protect("units_importanswer"),
        *[protect(f"units_{name}version", is_parent=False) for name in VERSIONS],
        # A grant names a unit of this floor; the key could not be declared on the floor below.
        migrations.RunSQL(
            composite_key_sql("tenancy_grant", "scope_unit_id", "units_unit"),
            f"ALTER TABLE tenancy_grant DROP CONSTRAINT {key_name('tenancy_grant', 'scope_unit_id')}",
        ),
    ]
