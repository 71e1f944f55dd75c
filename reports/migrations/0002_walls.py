"""Row-level security and composite keys of this app's tables."""

from django.db import migrations

from tenancy.rls import protect

_KEYS: dict[str, dict[str, str]] = {
    "papertemplate": {},
    "jointreport": {"pairing_id": "pairing_pairing", "record_id": "activities_record"},
    "publishedsum": {},
}
_UNVERSIONED = (
    "papertemplate",
    "publishedsum",
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("pairing", "0010_walls_of_households"), ("activities", "0003_found_untrue")]

    operations = [
        *[protect(f"reports_{name}", keys) for name, keys in _KEYS.items()],
        *[protect(f"reports_{name}version", is_parent=False) for name in _KEYS if name not in _UNVERSIONED],
    ]
