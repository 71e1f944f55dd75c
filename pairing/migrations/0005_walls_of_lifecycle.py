"""Row-level security and composite keys of suspensions and changes."""

from django.db import migrations

from tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("pairing", "0004_lifecycle")]

    operations = [
        protect("pairing_pairingsuspension", {"pairing_id": "pairing_pairing"}),
        protect(
            "pairing_pairingchange",
            {"pairing_id": "pairing_pairing", "from_unit_id": "units_unit", "to_unit_id": "units_unit"},
        ),
        protect("pairing_pairingsuspensionversion", is_parent=False),
    ]
