"""Row-level security and composite keys of yearly figures."""

from django.db import migrations

from tenancy.rls import protect

_KEYS: dict[str, dict[str, str]] = {
    "figure": {"unit_id": "units_unit"},
}


class Migration(migrations.Migration):
    dependencies = [("units", "0005_figure")]

    operations = [
        *[protect(f"units_{name}", keys) for name, keys in _KEYS.items()],
        *[protect(f"units_{name}version", is_parent=False) for name in _KEYS],
    ]
