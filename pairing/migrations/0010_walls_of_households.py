"""Row-level security and composite keys of the households of 1+1+N."""

from django.db import migrations

from tenancy.rls import protect

_KEYS: dict[str, dict[str, str]] = {
    "householdcontact": {"pairing_id": "pairing_pairing"},
}


class Migration(migrations.Migration):
    dependencies = [("pairing", "0009_households")]

    operations = [
        *[protect(f"pairing_{name}", keys) for name, keys in _KEYS.items()],
        *[protect(f"pairing_{name}version", is_parent=False) for name in _KEYS],
    ]
