"""Row-level security and composite keys of this app's tables."""

from django.db import migrations

from tenancy.rls import protect

_KEYS: dict[str, dict[str, str]] = {
    "warning": {"pairing_id": "pairing_pairing"},
    "finding": {"pairing_id": "pairing_pairing"},
}


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial"), ("pairing", "0010_walls_of_households")]

    operations = [
        *[protect(f"supervision_{name}", keys) for name, keys in _KEYS.items()],
        *[protect(f"supervision_{name}version", is_parent=False) for name in _KEYS],
    ]
