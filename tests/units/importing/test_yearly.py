"""The ledger of village economy comes in: by year or figure by figure, in 元 and 万元, corrected, asked about, undone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import translation

from lib.kinds.exporting import Form, Paper, export
from lib.kinds.listing import Listing
from tenancy import clock
from tenancy.access import access_for
from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_member, make_tenant, make_town, make_village
from tests.factories_judgement import make_figure
from tests.units.importing.conftest import Send, answer, commit, rows
from tests.units.importing.files import workbook
from units.actions.figures import set_figure
from units.importing import actions, registry
from units.importing.undoing import UndoBlocked
from units.kinds.figures import FIGURE
from units.models import Figure, ImportBatch, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MOMENT = datetime(2026, 1, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HEADS = ("序号", "镇", "村", "户数", "2023年收入(万元)", "2024年收入", "其中经营性收入", "主要来源", "备注")


@pytest.fixture
def village(tenant: Tenant) -> Iterator[Unit]:
    with clock.at(MOMENT):
        yield make_village(town=make_town())


def wide(*found: Mapping[str, Any], heads: tuple[str, ...] = HEADS) -> bytes:
    return workbook({"村集体": [["薄弱村集体经济台账"], heads, *([row.get(head, "") for head in heads] for row in found)]})


def long(*found: Mapping[str, Any], title: str = "村集体经济收入台账", sheet: str = "台账") -> bytes:
    heads = ("镇(街道)", "村", "指标", "年度", "金额(元)", "数据来源")
    return workbook({sheet: [[title], heads, *([row.get(head, "") for head in heads] for row in found)]})


def figures() -> list[tuple[str, str, int, Decimal]]:
    return list(Figure.objects.order_by("unit__name", "metric", "year").values_list("unit__name", "metric", "year", "value"))


def codes(batch: ImportBatch, row: int = 0) -> list[str]:
    return [problem["code"] for problem in rows(batch)[row].problems]


def test_a_column_a_year_in_ten_thousands_and_with_the_unit_asked_once(village: Unit, send: Send) -> None:
    found = [{"镇": "曹江镇", "村": "荷垌", "2023年收入(万元)": 8.6, "2024年收入": 9.3, "其中经营性收入": "35000元"}]
    batch = send("figures", wide(*found))
    assert (rows(batch)[0].status, codes(batch)) == ("question", ["money_no_unit"])
    answer(batch, "wan")
    assert rows(batch)[0].status == "ok"
    assert "2024" in batch.summary["information"][0]
    commit(batch)
    assert figures() == [
        ("荷垌村", "collective_income", 2023, Decimal("86000.00")),
        ("荷垌村", "collective_income", 2024, Decimal("93000.00")),
        ("荷垌村", "operating_income", 2024, Decimal("35000.00")),
    ]


def test_the_same_file_again_changes_nothing(village: Unit, send: Send) -> None:
    data = wide({"村": "荷垌村", "2023年收入(万元)": 8.6})
    commit(send("figures", data))
    again = send("figures", data)
    assert (again.summary["same"], again.summary["add"], again.summary["change"]) == (1, 0, 0)
    assert commit(again)["changed"] == 0
    assert Figure.objects.get().versions.count() == 1


def test_another_value_is_a_correction_that_the_preview_shows_and_an_undo_takes_back(village: Unit, send: Send) -> None:
    held = make_figure(village, 2023, "80000", source="村账")
    before = (held.value, held.source)
    batch = send("figures", wide({"村": "荷垌村", "2023年收入(万元)": 8.6, "2024年收入": "9万元"}), name="2025年报.xlsx")
    row = rows(batch)[0]
    assert row.effect == "change"
    assert [(one["from"], one["to"]) for one in row.changes] == [("80,000", "86,000"), ("", "90,000")]
    commit(batch)
    held.refresh_from_db()
    assert held.value == Decimal(86000)
    reason = held.versions.order_by("-pgh_id")[0].pgh_context["reason"]
    assert "2025年报.xlsx" in reason
    actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    held.refresh_from_db()
    assert (held.value, held.source) == before
    assert Figure.objects.count() == 1


def test_an_undo_is_refused_once_somebody_corrected_a_figure(village: Unit, send: Send) -> None:
    batch = send("figures", wide({"村": "荷垌村", "2023年收入(万元)": 8.6}))
    commit(batch)
    set_figure(unit=village, metric="collective_income", year=2023, value=Decimal(87000), reason="按审计更正")
    with pytest.raises((actions.ImportRefused, UndoBlocked)):
        actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    assert Figure.objects.get().value == Decimal(87000)


def test_rows_of_one_figure_each_take_the_year_of_their_column(village: Unit, send: Send) -> None:
    found: list[dict[str, Any]] = [
        {"村": "荷垌村", "指标": "村集体经济收入", "年度": 2024, "金额(元)": 93000, "数据来源": "村账"},
        {"村": "荷垌村", "指标": "经营性收入", "年度": "2024年", "金额(元)": "4.2万元"},
    ]
    commit(send("figures", long(*found)))
    assert figures() == [
        ("荷垌村", "collective_income", 2024, Decimal("93000.00")),
        ("荷垌村", "operating_income", 2024, Decimal("42000.00")),
    ]
    assert Figure.objects.get(metric="collective_income").source == "村账"


def test_a_year_is_taken_from_the_title_else_asked_once_for_the_file(village: Unit, send: Send) -> None:
    row: dict[str, Any] = {"村": "荷垌村", "金额(元)": 93000}
    assert rows(send("figures", long(row, title="2024年村集体经济收入台账")))[0].status == "ok"
    batch = send("figures", long(row, {**row, "指标": "经营性收入"}))
    assert codes(batch) == codes(batch, 1) == ["year_missing"]
    answer(batch, "2025")
    assert {one.status for one in rows(batch)} == {"ok"}
    commit(batch)
    assert {year for _name, _metric, year, _value in figures()} == {2025}


def test_two_rows_that_differ_are_asked_about_and_equal_ones_imported_once(village: Unit, send: Send) -> None:
    row: dict[str, Any] = {"村": "荷垌村", "年度": "2024", "金额(元)": 93000}
    batch = send("figures", long(row, row, {**row, "金额(元)": 95000}))
    assert [one.status for one in rows(batch)] == ["ok", "ok", "question"]
    assert codes(batch, 1) == ["same_twice"]
    answer(batch, "this", row=2)
    commit(batch)
    assert figures() == [("荷垌村", "collective_income", 2024, Decimal("95000.00"))]


def test_the_first_of_two_differing_rows_holds_when_somebody_says_so(village: Unit, send: Send) -> None:
    row: dict[str, Any] = {"村": "荷垌村", "年度": "2024", "金额(元)": 93000}
    batch = send("figures", long(row, {**row, "金额(元)": 95000}))
    answer(batch, "leave", row=1)
    commit(batch)
    assert figures() == [("荷垌村", "collective_income", 2024, Decimal("93000.00"))]


@pytest.mark.parametrize(
    ("cells", "status", "code"),
    [
        ({"村": "无名村"}, "question", "village_unknown"),
        ({"年度": "去年"}, "error", "year_unreadable"),
        ({"年度": "2031"}, "error", "year_out_of_range"),
        ({"年度": "1999"}, "error", "year_unreadable"),
        ({"金额(元)": ""}, "error", "no_figure"),
        ({"金额(元)": "很多"}, "error", "money_unreadable"),
        ({"金额(元)": "200000000000"}, "error", "too_much"),
    ],
)
def test_what_cannot_be_is_kept_out_with_its_place(
    village: Unit, send: Send, cells: Mapping[str, Any], status: str, code: str
) -> None:
    batch = send("figures", long({"村": "荷垌村", "年度": "2024", "金额(元)": 93000, **cells}))
    row = rows(batch)[0]
    assert (row.sheet, row.row, row.status) == ("台账", 3, status)
    assert code in codes(batch)
    assert row.reason


def test_what_the_product_exports_comes_in_again_unchanged(village: Unit, send: Send) -> None:
    make_figure(village, 2023, "86000.55", source="村账")
    make_figure(village, 2024, "93000")
    make_figure(village, 2024, "42000", metric="operating_income")
    tenant = village.tenant
    access = access_for(make_member(tenant, "CA"), tenant)
    assert access is not None
    forms: tuple[Form, ...] = ("machine", "official")
    for form in forms:
        with translation.override("zh-hans"):
            listing = Listing(FIGURE, access, tenant.slug, date(2026, 1, 8), {}, tuple(field.key for field in FIGURE.fields))
            batch = send("figures", export(listing, form, Paper("高州市")).content)
        assert (batch.summary["same"], batch.summary["question"], batch.summary["error"]) == (3, 0, 0), form


def test_a_file_writes_to_the_own_county_only(village: Unit, send: Send) -> None:
    other = make_tenant("dianbai", "440904", "电白区")
    with tenant_scope(other):
        theirs = make_village(town=make_town())
        make_figure(theirs, 2023, "1")
    commit(send("figures", wide({"村": "荷垌村", "2023年收入(万元)": 8.6})))
    assert figures() == [("荷垌村", "collective_income", 2023, Decimal("86000.00"))]
    with tenant_scope(other):
        assert figures() == [(theirs.name, "collective_income", 2023, Decimal("1.00"))]


@pytest.mark.parametrize(
    ("role", "may"), [("CA", True), ("CS", True), ("TO", False), ("UL", False), ("VS", False), ("AU", False)]
)
def test_the_county_brings_it_in(village: Unit, role: str, may: bool) -> None:
    scope = {"TO": village.parent, "UL": village, "VS": village}.get(role)
    access = access_for(make_member(village.tenant, role, unit=scope), village.tenant)
    assert access is not None
    assert registry.may_import(access, registry.get("figures")) is may


def test_the_command_says_what_a_file_gives_as_json(village: Unit, tmp_path: Path) -> None:
    file = tmp_path / "村集体.xlsx"
    file.write_bytes(wide({"村": "荷垌村", "2023年收入(万元)": 8.6}, {"村": "荷垌村"}))
    out = StringIO()
    call_command("import_sheet", village.tenant.slug, "村集体经济收入台账", str(file), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["summary"] == {"ok": 1, "question": 0, "error": 1}
    assert told["rows"][0]["collective_income_2023"] == "86000"
    assert not Figure.objects.exists()
