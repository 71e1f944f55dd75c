"""The score sheet as Excel: the form people know, and no more than a unit sees on its page."""

from __future__ import annotations

import pytest
from django.test import Client

from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.assessment.cycle.test_tables import below, rows_of
from tests.assessment.sheets.conftest import Assessed


def test_the_score_sheet_is_the_form_people_know(client: Client, county: Assessed) -> None:
    client.force_login(county.members["CA"])
    all_rows = rows_of(client.get(county.url("sheet/excel/")))
    rows = below(all_rows, "评分标准")
    assert sum(float(row[6]) for row in rows if row[1][0] in "ABCDEFG") == pytest.approx(86.05)
    by_code = {row[2].split()[0]: row for row in rows}
    assert (by_code["E4"][3], by_code["E4"][6]) == (5, 4.61)
    assert any("85.05" in str(row[0]) for row in all_rows)
    with tenant_scope(county.tenant):
        assert AuditEntry.objects.filter(action="exported", object_kind="cycle").count() == 1


def test_a_unit_takes_its_own_sheet_without_the_villages_mark(client: Client, county: Assessed) -> None:
    client.force_login(county.members["UL"])
    assert client.get(county.url("sheet/excel/")).status_code == 404
    county.publish()
    rows = {row[2].split()[0]: row for row in below(rows_of(client.get(county.url("sheet/excel/"))), "评分标准")}
    for code in ("G1", "G2"):
        assert rows[code][6] is None
        assert rows[code][8] is None
    assert rows["E4"][6] == 4.61
