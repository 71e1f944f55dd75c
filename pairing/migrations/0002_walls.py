"""Row-level security and composite keys of this app's tables."""

from django.db import migrations

from tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("pairing", "0001_initial"), ("units", "0002_walls")]

    operations = [
        protect("pairing_programme"),
        protect(
            "pairing_pairing",
            {
                "programme_id": "pairing_programme",
                "unit_id": "units_unit",
                "village_id": "units_unit",
                "party_org_id": "units_unit",
            },
        ),
        protect("pairing_pairingpost", {"pairing_id": "pairing_pairing", "person_id": "units_person"}),
        *[protect(f"pairing_{name}version", is_parent=False) for name in ("programme", "pairing", "pairingpost")],
    ]
