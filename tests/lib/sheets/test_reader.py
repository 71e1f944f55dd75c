"""What stands in which cell."""

from datetime import date
from pathlib import Path

import pytest
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.sheets.grid import CellError, OffReason, Visibility, column_index, column_letters
from lib.sheets.markup import MAX_ROWS
from lib.sheets.reader import read_workbook
from lib.sheets.refusals import SheetRefused
from tests.lib.sheets.build import patched, saved, table, xlsx


def test_numbers_texts_dates_and_errors_are_told_apart(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_number("A1", 2024.1)
        sheet.write_string("B1", "2024.1")
        sheet.write_datetime("C1", date(2024, 9, 3), book.add_format({"num_format": "yyyy年m月d日"}))
        sheet.write_formula("D1", "=A1+1", None, 5)
        sheet.write_formula("E1", "=nothing", None, "#REF!")
        sheet.write_string("F1", "#REF!")
        sheet.write_boolean("G1", True)

    row = read_workbook(saved(tmp_path, xlsx(fill))).sheets[0].rows[0]
    assert row == [2024.1, "2024.1", date(2024, 9, 3), 5.0, "#REF!", "#REF!", True]
    assert [type(cell) is CellError for cell in row] == [False, False, False, False, True, False, False]


def test_dates_of_old_macs_are_the_same_days(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_datetime("A1", date(2024, 9, 3), book.add_format({"num_format": 14}))

    read = read_workbook(saved(tmp_path, xlsx(fill, options={"date_1904": True}))).sheets[0]
    assert (read.rows, read.epoch_1904) == ([[date(2024, 9, 3)]], True)


@pytest.mark.parametrize(
    ("number_format", "month_only"),
    [("yyyy年m月", True), (57, True), ("yyyy-mm", True), ("yyyy年m月d日", False), (14, False), ("General", False)],
)
def test_a_month_typed_in_excel_is_read_as_the_month_it_shows(number_format: str | int, month_only: bool, tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_number("B2", 45536, book.add_format({"num_format": number_format}))

    cell = read_workbook(saved(tmp_path, xlsx(fill))).sheets[0].rows[1][1]
    assert (cell == "2024年9月") is month_only


def test_hidden_rows_and_sheets_are_known_and_summaries_are_off(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        for row in range(3):
            sheet.write(row, 0, f"行{row}")
        sheet.set_row(1, None, None, {"hidden": True})
        for name in ("汇 总", "隐藏", "空", "极隐藏"):
            other = book.add_worksheet(name)
            if name != "空":
                other.write(0, 0, "x")
        book.get_worksheet_by_name("隐藏").hide()
        book.get_worksheet_by_name("极隐藏").very_hidden()

    book = read_workbook(saved(tmp_path, xlsx(fill, name="9月")))
    assert book.sheets[0].hidden_rows == {1}
    assert [(s.name, s.visibility, s.off_reason) for s in book.sheets] == [
        ("9月", Visibility.VISIBLE, None),
        ("汇 总", Visibility.VISIBLE, OffReason.SUMMARY),
        ("隐藏", Visibility.HIDDEN, OffReason.HIDDEN),
        ("空", Visibility.VISIBLE, OffReason.EMPTY),
        ("极隐藏", Visibility.VERY_HIDDEN, OffReason.HIDDEN),
    ]


def test_a_summary_without_what_it_sums_up_is_the_ledger_itself(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 0, "x")
        book.add_worksheet("填表说明").write(0, 0, "x")

    book = read_workbook(saved(tmp_path, xlsx(fill, name="群众测评汇总表")))
    assert [sheet.off_reason for sheet in book.sheets] == [None, OffReason.SUMMARY]


def test_formats_in_all_16384_columns_do_no_harm_but_values_there_are_refused(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        bold = book.add_format({"bold": True})
        sheet.write(0, 0, "单位")
        for column in range(1, 16_384):
            sheet.write_blank(0, column, None, bold)

    assert read_workbook(saved(tmp_path, xlsx(fill))).sheets[0].rows == [["单位"]]
    with pytest.raises(SheetRefused) as refusal:
        read_workbook(saved(tmp_path, table([["x"] * 16_384])))
    assert refusal.value.code == "too_many_columns"


def test_a_value_in_the_last_row_of_excel_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    def fill(_book: Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 0, "单位")
        sheet.write(1_048_575, 0, "x")

    with pytest.raises(SheetRefused) as refusal:
        read_workbook(saved(tmp_path, xlsx(fill)))
    assert (refusal.value.code, refusal.value.params["limit"]) == ("too_many_rows", MAX_ROWS)


def test_a_few_values_far_apart_do_not_span_a_huge_rectangle(tmp_path: Path) -> None:
    def fill(_book: Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 255, "x")
        sheet.write(49_998, 0, "x")

    with pytest.raises(SheetRefused) as refusal:
        read_workbook(saved(tmp_path, xlsx(fill)))
    assert (refusal.value.code, refusal.value.params["limit"]) == ("too_many_columns", 120)


def test_prefixed_xml_of_other_programs_is_read(tmp_path: Path) -> None:
    def prefix(part: bytes) -> bytes:
        for tag in (b"worksheet", b"sheetData", b"row", b"v"):
            part = part.replace(b"<" + tag, b"<x:" + tag).replace(b"</" + tag, b"</x:" + tag)
        part = part.replace(b"<c ", b"<x:c ").replace(b"</c>", b"</x:c>")
        return part.replace(b"xmlns=", b"xmlns:x=")

    def fill(_book: Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 0, 1)
        sheet.write_formula("B1", "=1/0", None, "#DIV/0!")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write(2, 0, 3)

    data = patched(xlsx(fill), {"xl/worksheets/sheet1.xml": prefix})
    read = read_workbook(saved(tmp_path, data)).sheets[0]
    assert read.hidden_rows == {2}
    assert read.rows[0][1] is CellError.DIVISION


def test_a_csv_knows_its_separator_and_keeps_quoted_lines(tmp_path: Path) -> None:
    path = saved(tmp_path, '单位;备注\n林业局;"第一行\n第二行"\n'.encode(), "a.csv")
    assert read_workbook(path).sheets[0].rows == [["单位", "备注"], ["林业局", "第一行\n第二行"]]


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")])
def test_columns_have_excels_names(index: int, letters: str) -> None:
    assert column_letters(index) == letters
    assert column_index(letters) == index
