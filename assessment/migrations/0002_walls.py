"""Row-level security and composite keys of this app's tables."""

from django.db import migrations

from tenancy.rls import protect

_KEYS: dict[str, dict[str, str]] = {
    "rubric": {"copied_from_id": "assessment_rubric"},
    "rubricgroup": {"rubric_id": "assessment_rubric"},
    "rubricline": {"rubric_id": "assessment_rubric", "group_id": "assessment_rubricgroup"},
    "rubricband": {"rubric_id": "assessment_rubric"},
    "cycle": {"programme_id": "pairing_programme", "rubric_id": "assessment_rubric"},
    "assessed": {
        "cycle_id": "assessment_cycle",
        "pairing_id": "pairing_pairing",
        "unit_id": "units_unit",
        "village_id": "units_unit",
    },
    "selfreport": {"cycle_id": "assessment_cycle", "pairing_id": "pairing_pairing"},
    "dispute": {
        "cycle_id": "assessment_cycle",
        "pairing_id": "pairing_pairing",
        "line_id": "assessment_rubricline",
        "record_id": "activities_record",
    },
    "unitresult": {"cycle_id": "assessment_cycle", "unit_id": "units_unit"},
    "snapshot": {"cycle_id": "assessment_cycle"},
    "entry": {"cycle_id": "assessment_cycle", "pairing_id": "pairing_pairing", "line_id": "assessment_rubricline"},
    "poll": {"cycle_id": "assessment_cycle", "pairing_id": "pairing_pairing"},
    "honour": {"pairing_id": "pairing_pairing"},
    "veto": {"cycle_id": "assessment_cycle", "pairing_id": "pairing_pairing"},
    "sheet": {"cycle_id": "assessment_cycle", "pairing_id": "pairing_pairing", "unit_id": "units_unit"},
    "sheetline": {"sheet_id": "assessment_sheet", "line_id": "assessment_rubricline"},
    "sheetchange": {"cycle_id": "assessment_cycle", "pairing_id": "pairing_pairing"},
}
_UNVERSIONED = (
    "snapshot",
    "sheet",
    "sheetline",
    "sheetchange",
)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial"), ("pairing", "0010_walls_of_households"), ("activities", "0003_found_untrue")]

    operations = [
        *[protect(f"assessment_{name}", keys) for name, keys in _KEYS.items()],
        *[protect(f"assessment_{name}version", is_parent=False) for name in _KEYS if name not in _UNVERSIONED],
    ]
