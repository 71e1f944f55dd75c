"""What leaves in machine form comes back the same, whatever it says."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chinese.text import tidy
from lib.sheets.columns import Column, Option, SheetKind, Type
from lib.sheets.forms import Row
from lib.sheets.machine import safe_sheet_name, write_machine
from lib.sheets.outgoing import MAX_CELL, cell_text
from lib.sheets.reader import read_workbook
from lib.sheets.readings import DateValue, MoneyValue, NumberValue, PersonValue, SheetReading
from lib.sheets.understand import understand
from tests.lib.sheets.build import SAMPLES
from tests.lib.sheets.kinds import ACTIVITIES, PAIRINGS, UNITS

KIND = SheetKind(
    "k",
    "试验",
    (
        Column(name="key", heading="名称", required=True, max_length=MAX_CELL),
        Column(name="text", heading="说明", max_length=MAX_CELL),
        Column(name="on", heading="日期", type=Type.DATE, precision="month"),
        Column(name="n", heading="数量", type=Type.NUMBER),
        Column(name="money", heading="资金(万元)", type=Type.MONEY),
        Column(name="done", heading="完成", type=Type.YES_NO),
        Column(name="sort", heading="类型", type=Type.CHOICE, options=(Option("a", "甲类"), Option("b", "乙类"))),
        Column(name="who", heading="组长", type=Type.PERSON),
        Column(name="team", heading="队员", type=Type.NAMES),
    ),
)


def round_trip(rows: list[Row], kind: SheetKind = KIND) -> SheetReading:
    out = io.BytesIO()
    assert write_machine(out, kind, rows) == len(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(out.getvalue())
        return understand(read_workbook(path).sheets[0], kind)


HOSTILE = [
    "=1+1", "-5", "+1", "@x", "'quoted", "=HYPERLINK(\"http://x\",\"y\")",
    "https://example.org", "〃", "同上", "合计", "注：x", "无", "/", "1.4", "2024.1", "_x0041_",
    "a\nb", "𠮷😀👨‍👩‍👧", "<b>&amp;", "\"", "=DISPIMG(1)", "#REF!", "TRUE", "0012", "{=1}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_text(text: str) -> None:
    reading = round_trip([{"key": text, "text": text}, {"key": "x", "text": text}])
    assert [row.values for row in reading.rows] == [{"key": text, "text": text}, {"key": "x", "text": text}]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=12))
def test_any_text_comes_back_cleaned_and_otherwise_unchanged(texts: list[str]) -> None:
    rows: list[Row] = [{"key": f"行{i}", "text": text} for i, text in enumerate(texts)]
    assert [row.values.get("text", "") for row in round_trip(rows).rows] == [tidy(text) for text in texts]


DAYS = st.dates(date(1950, 1, 1), date(2090, 1, 1))
NUMBERS = st.decimals(1, 10**7, places=2)


@st.composite
def a_number(draw: st.DrawFn) -> NumberValue:
    value = draw(NUMBERS)
    form = draw(st.sampled_from(["exact", "about", "floor", "ceiling", "range"]))
    high = value + 1
    return {
        "exact": NumberValue(value),
        "about": NumberValue(value, True),
        "floor": NumberValue(value, True, low=value),
        "ceiling": NumberValue(value, True, high=value),
        "range": NumberValue(value, True, value, high),
    }[form]


@settings(deadline=None, max_examples=60)
@given(DAYS, st.integers(0, 40), a_number(), a_number(), st.booleans())
def test_values_of_every_type_come_back(day: date, more: int, number: NumberValue, money: NumberValue, done: bool) -> None:
    values: Row = {
        "key": "x",
        "on": DateValue(day, day + timedelta(days=more)),
        "n": number,
        "money": MoneyValue(money.value, money.approx, money.low, money.high),
        "done": done,
        "sort": "b",
        "who": PersonValue("张三", "13900001234"),
        "team": ("李某", "王某"),
    }
    (row,) = round_trip([values]).rows
    assert row.values == values


@pytest.mark.parametrize(
    "value",
    [
        DateValue(date(2024, 9, 1), date(2024, 9, 30), "month"),
        DateValue(date(2024, 9, 1), date(2024, 10, 31), "month"),
        DateValue(date(2024, 9, 11), date(2024, 9, 20), "ten_days"),
    ],
)
def test_inexact_dates_come_back_as_inexact(value: DateValue) -> None:
    assert round_trip([{"key": "x", "on": value}]).rows[0].values["on"] == value


@pytest.mark.parametrize(
    ("name", "kind"), [("单位花名册.xlsx", UNITS), ("结对关系一览表.xlsx", PAIRINGS), ("活动台账.xlsx", ACTIVITIES)]
)
def test_a_ledger_written_again_has_no_changes(name: str, kind: SheetKind) -> None:
    first = understand(read_workbook(SAMPLES / name).sheets[0], kind)
    rows = [row.values for row in first.rows if row.status == "ok"]
    again = round_trip(list(rows), kind)
    assert [row.values for row in again.rows] == rows
    assert again.n_by_status["ok"] == len(rows)


def test_no_cell_is_a_formula_or_a_link_and_dangerous_text_is_quoted() -> None:
    out = io.BytesIO()
    write_machine(out, KIND, [{"key": text} for text in HOSTILE])
    with zipfile.ZipFile(out) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet.lower()
    book = openpyxl.load_workbook(out)
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [text.startswith(("=", "+", "-", "@")) for text in HOSTILE]


def test_text_beyond_excels_limit_is_cut_with_a_mark() -> None:
    assert len(cell_text("长" * 40_000)) == MAX_CELL
    assert cell_text("长" * 40_000).endswith("已截断）")
    assert cell_text("长" * MAX_CELL) == "长" * MAX_CELL
    emoji = cell_text("😀" * 20_000)
    assert len(emoji.encode("utf-16-le")) // 2 <= MAX_CELL


@pytest.mark.parametrize(
    ("name", "safe"),
    [("2024/9月[草稿]", "2024-9月-草稿-"), ("'x'", "x"), ("", "Sheet1"), ("长" * 40, "长" * 31), ("a\x00b", "ab")],
)
def test_sheet_names_are_made_ones_that_excel_takes(name: str, safe: str) -> None:
    assert safe_sheet_name(name) == safe


def test_money_is_written_in_yuan_whatever_the_heading() -> None:
    out = io.BytesIO()
    write_machine(out, KIND, [{"key": "x", "money": MoneyValue(Decimal("123456789.01"))}])
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert (sheet["E1"].value, sheet["E2"].value) == ("资金(元)", 123456789.01)
