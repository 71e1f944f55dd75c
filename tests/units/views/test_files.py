"""Files of lists: exactly what is shown, in both forms, without formulas, logged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client

from lib.sheets.reader import read_workbook
from lib.sheets.readings import Defaults, PersonValue
from lib.sheets.understand import understand
from tenancy.models import AuditEntry, TenantSettings
from tenancy.scope import tenant_scope
from tests.factories import make_unit
from tests.units.views.conftest import County
from units.ledgers import UNITS
from units.models import Unit

AsRole = Callable[[str], Client]


def sheet(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def texts(response: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet(response).iter_rows()]


def test_the_machine_form_reads_back_as_the_same_rows(county: County, as_role: AsRole, tmp_path: Path) -> None:
    response = as_role("CS").get(county.url("organisations/export/"), {"form": "machine", "sort": "n_party_members"})
    path = tmp_path / "file.xlsx"
    path.write_bytes(response.content)
    reading = understand(read_workbook(path, "file.xlsx").sheets[0], UNITS, Defaults())
    assert [row.status for row in reading.rows] == ["ok", "ok"]
    assert reading.unknown_columns == []
    assert [row.values["unit"] for row in reading.rows] == ["高州海关", "高州市林业局"]
    office = reading.rows[1].values
    assert office["nature"] == "administrative"
    assert office["party_org"] == "中共高州市林业局党支部"
    assert office["group_leader"] == PersonValue("组长甲", "13900001111")
    assert str(office["n_members"].value) == "12"  # type: ignore[union-attr]


def test_a_file_holds_what_the_list_shows_filtered_and_in_its_columns(county: County, as_role: AsRole) -> None:
    query = {"form": "machine", "nature": "stationed", "col": ["nature", "is_stationed"]}
    assert texts(as_role("CS").get(county.url("organisations/export/"), query)) == [
        ["单位名称", "单位性质", "是否驻县"],
        ["高州海关", "驻县单位", "是"],
    ]


def test_a_file_holds_all_pages_in_the_order_of_the_list(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        for i in range(60):
            make_unit(f"高州市第{i}局", n_party_members=i)
    client = as_role("CS")
    rows = texts(client.get(county.url("organisations/export/"), {"form": "machine", "size": "20", "sort": "-n_party_members"}))
    shown = client.get(county.url("organisations/"), {"size": "100", "sort": "-n_party_members"}).context["table"]["rows"]
    assert [row[0] for row in rows[1:]] == [row["cells"][0]["text"] for row in shown]
    assert len(rows) == 63


def test_the_official_form_has_title_stamp_numbers_total_and_signatures(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        TenantSettings.objects.update(sponsor="中共高州市委组织部")
    response = as_role("CS").get(county.url("organisations/export/"), {"form": "official"})
    rows, page = texts(response), sheet(response)
    assert rows[0][0] == "高州市单位花名册"
    assert rows[1][0].startswith("填报单位：中共高州市委组织部")
    assert rows[2][:3] == ["序号", "单位名称", "单位性质"]
    body = [row for row in rows if isinstance(row[0], (int, float))]
    assert [row[:2] for row in body] == [[1, "高州海关"], [2, "高州市林业局"]]
    total = next(row for row in rows if row[0] == "合计")
    assert 17 in total
    assert any(str(row[0]).startswith("填表人") for row in rows)
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


def test_no_cell_is_a_formula(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        make_unit('=HYPERLINK("http://x")', notes="+1", superior_name="@SUM(A1)")
    for form in ("machine", "official"):
        response = as_role("CS").get(county.url("organisations/export/"), {"form": form, "col": ["notes", "superior_name"]})
        assert '=HYPERLINK("http://x")' in [row[1 if form == "official" else 0] for row in texts(response)]
        with zipfile.ZipFile(io.BytesIO(response.content)) as package:
            assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_the_file_has_a_chinese_name_and_an_entry_with_its_rows(county: County, as_role: AsRole) -> None:
    response = as_role("AU").get(county.url("villages/export/"), {"form": "machine", "q": "村"})
    name = response.headers["Content-Disposition"]
    assert name.startswith("attachment; filename=\"village.xlsx\"; filename*=UTF-8''")
    assert unquote(name).endswith(".xlsx")
    assert "高州市村(社区)一览表_数据_" in unquote(name)
    with tenant_scope(county.tenant):
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.object_kind, entry.account_id) == ("exported", "village", county.members["AU"].pk)
        assert (entry.details["n_rows"], entry.details["form"], entry.details["filters"]) == (2, "machine", ["q"])


@pytest.mark.parametrize(("role", "status"), [("CA", 200), ("AU", 200), ("TO", 200), ("UL", 200), ("CL", 403), ("HC", 403)])
def test_who_may_take_a_file_away(county: County, as_role: AsRole, role: str, status: int) -> None:
    assert as_role(role).get(county.url("organisations/export/")).status_code == status


def test_an_own_scope_takes_away_the_own_rows(county: County, as_role: AsRole) -> None:
    rows = texts(as_role("TO").get(county.url("villages/export/"), {"form": "machine"}))
    assert [row[0] for row in rows[1:]] == ["曹江社区", "荷垌村"]


def test_a_bad_filter_gives_no_file(county: County, as_role: AsRole) -> None:
    response = as_role("CS").get(county.url("organisations/export/"), {"nature": "xx"})
    assert (response.status_code, response.headers["Content-Type"]) == (422, "text/html; charset=utf-8")
    with tenant_scope(county.tenant):
        assert not AuditEntry.objects.exists()
        assert Unit.objects.count() == 8
