"""Row-level security and composite keys of this app's tables, and every period there is."""

from datetime import date
from typing import Any

from django.db import migrations

from lib.periods import KINDS, periods
from tenancy.rls import protect

_PROGRAMME = {"programme_id": "pairing_programme"}
_KEYS = {
    "yearsettings": _PROGRAMME,
    "contentclass": _PROGRAMME,
    "activitytype": {**_PROGRAMME, "content_class_id": "activities_contentclass"},
    "rule": _PROGRAMME,
    "ruleterms": {"rule_id": "activities_rule"},
    "workingday": {},
    "waiver": {**_PROGRAMME, "town_id": "units_unit", "pairing_id": "pairing_pairing"},
    "reopening": {**_PROGRAMME, "pairing_id": "pairing_pairing"},
    "item": {**_PROGRAMME, "pairing_id": "pairing_pairing", "village_id": "units_unit"},
    "itemlead": {"item_id": "activities_item", "pairing_id": "pairing_pairing"},
    "record": {**_PROGRAMME, "item_id": "activities_item", "proxy_for_id": "units_unit"},
    "share": {
        **_PROGRAMME,
        "record_id": "activities_record",
        "pairing_id": "pairing_pairing",
        "village_id": "units_unit",
        "item_id": "activities_item",
    },
    "recordevent": {"record_id": "activities_record", "acting_for_id": "units_unit"},
    "visitor": {"record_id": "activities_record"},
    "obligation": {
        **_PROGRAMME,
        "rule_id": "activities_rule",
        "terms_id": "activities_ruleterms",
        "pairing_id": "pairing_pairing",
        "village_id": "units_unit",
    },
    "obligationflip": {"rule_id": "activities_rule", "pairing_id": "pairing_pairing", "village_id": "units_unit"},
    "obligationanswer": {"rule_id": "activities_rule", "pairing_id": "pairing_pairing"},
}
_UNVERSIONED = ("share", "recordevent", "obligation", "obligationflip")


def fill_periods(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("activities", "Period")
    spans = [span for kind in KINDS for span in periods(kind, date(2010, 1, 1), date(2060, 12, 31))]
    model.objects.using(schema_editor.connection.alias).bulk_create(
        model(kind=span.kind, starts_on=span.starts_on, ends_on=span.ends_on, code=span.code) for span in spans
    )


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("pairing", "0002_walls"), ("units", "0002_walls")]

    operations = [
        # Before the keys that point to them, their (tenant_id, id).
        *[protect(f"activities_{name}", keys) for name, keys in _KEYS.items()],
        *[protect(f"activities_{name}version", is_parent=False) for name in _KEYS if name not in _UNVERSIONED],
        # Cells are updated in place again and again (performance.md).
        migrations.RunSQL("ALTER TABLE activities_obligation SET (fillfactor = 80)", migrations.RunSQL.noop),
        migrations.RunPython(fill_periods, migrations.RunPython.noop),
    ]
