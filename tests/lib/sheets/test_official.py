"""The form that is printed and sent upward."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from lib.sheets.columns import SheetKind
from lib.sheets.forms import DateStyle, Row
from lib.sheets.official import OfficialForm, write_official
from lib.sheets.reader import read_workbook
from lib.sheets.readings import DateValue, MoneyValue, NumberValue
from lib.sheets.understand import understand
from tests.lib.sheets.build import SAMPLES, saved
from tests.lib.sheets.kinds import ACTIVITIES, PAIRINGS, UNITS

DAY = DateValue(date(2024, 9, 3), date(2024, 9, 3))


def ledger(dates: DateStyle = "chinese") -> bytes:
    out = io.BytesIO()
    rows: list[Row] = [
        {"occurred_on": DAY, "unit": "林业局", "village": "荷垌村", "type": "=1+1",
         "person_times": NumberValue(Decimal(30), True),
         "money": MoneyValue(Decimal(5000))},
        {"occurred_on": DAY, "unit": "档案馆", "village": "茅坡村", "type": "调研", "person_times": NumberValue(Decimal(20)),
         "money": MoneyValue(Decimal(14000))},
    ]  # fmt: skip
    form = OfficialForm(
        title="2024年结对共建活动台账", reporter="高州市委组织部", filled_on="2024年9月5日", dates=dates,
        totals=("person_times", "money"), notes=("本表每月25日前报送。",),
    )  # fmt: skip
    assert write_official(out, ACTIVITIES, rows, form) == 2
    return out.getvalue()


def test_the_form_looks_as_offices_expect() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(ledger())).worksheets[0]
    merged = {str(block) for block in sheet.merged_cells.ranges}
    assert {"A1:P1", "A2:P2"} <= merged
    assert sheet["A1"].value == "2024年结对共建活动台账"
    assert sheet["A2"].value == "填报单位：高州市委组织部（盖章）        填报日期：2024年9月5日"
    assert [sheet["A3"].value, sheet["B3"].value, sheet["M3"].value] == ["序号", "时间", "投入资金(万元)"]
    assert [sheet["A4"].value, sheet["B4"].value, sheet["J4"].value, sheet["M4"].value] == [1, "2024年9月3日", "约30", 0.5]
    assert [sheet["A6"].value, sheet["J6"].value, sheet["M6"].value] == ["合计", 50, 1.9]
    assert str(sheet["A7"].value).startswith("填表人：")
    assert sheet["A8"].value == "注：1.本表每月25日前报送。"
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize), sheet.page_setup.fitToWidth) == (
        "landscape",
        "9",
        None,
    )
    page = sheet.sheet_properties.pageSetUpPr
    assert page is not None
    assert page.fitToPage
    assert str(sheet.page_setup.fitToHeight) == "0"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet["A1"].font.name, sheet["B4"].font.name) == ("宋体", "仿宋")


def test_nothing_in_the_form_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(ledger())).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet["F4"].value == "=1+1"
    assert sheet["F4"].quotePrefix


@pytest.mark.parametrize(("style", "text"), [("chinese", "2024年9月3日"), ("dots", "2024.9.3"), ("iso", "2024-09-03")])
def test_dates_are_written_as_chosen(style: DateStyle, text: str) -> None:
    assert openpyxl.load_workbook(io.BytesIO(ledger(style))).worksheets[0]["B4"].value == text


@pytest.mark.parametrize(("name", "kind"), [("单位花名册.xlsx", UNITS), ("结对关系一览表.xlsx", PAIRINGS)])
def test_grouped_headings_take_two_rows_and_read_back(name: str, kind: SheetKind, tmp_path: Path) -> None:
    first = understand(read_workbook(SAMPLES / name).sheets[0], kind)
    out = io.BytesIO()
    write_official(
        out, kind, [row.values for row in first.rows], OfficialForm(title=first.title, total_texts={"unit": "108个单位"})
    )
    again = understand(read_workbook(saved(tmp_path, out.getvalue())).sheets[0], kind)
    assert [row.values for row in again.rows] == [row.values for row in first.rows]
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert sheet.print_title_rows == "$3:$4"
    assert "A3:A4" in {str(block) for block in sheet.merged_cells.ranges}
