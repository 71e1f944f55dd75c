"""The same file with a column of error notes."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.sheets.annotate import HEADING, annotate_errors
from lib.sheets.reader import read_workbook
from lib.sheets.refusals import SheetRefused
from tests.lib.sheets.badfiles import BAD
from tests.lib.sheets.build import SAMPLES, patched, saved, xlsx

NOTES = {("9月", 29): "“2024.1”有两种读法 <1月> & 10月", ("9月", 31): "=cmd|'/c calc'!A1", ("10月", 18): "x_x0041_y"}


def test_notes_stand_in_a_new_last_column_and_all_else_is_as_it_was(tmp_path: Path) -> None:
    data = (SAMPLES / "活动台账.xlsx").read_bytes()
    noted = annotate_errors(data, "活动台账.xlsx", NOTES, {"9月": 4})
    before = read_workbook(SAMPLES / "活动台账.xlsx")
    after = read_workbook(saved(tmp_path, noted))
    sheet = after.sheet("9月")
    assert (sheet.rows[3][16], sheet.rows[28][16], sheet.rows[30][16]) == (HEADING, NOTES["9月", 29], NOTES["9月", 31])
    assert after.sheet("10月").rows[17][16] == "x_x0041_y"
    for old, new in zip(before.sheets, after.sheets, strict=True):
        assert [row[:16] for row in new.rows] == old.rows
        assert sorted(new.merged) == sorted(old.merged)


def test_a_note_is_never_a_formula() -> None:
    noted = annotate_errors((SAMPLES / "活动台账.xlsx").read_bytes(), "a.xlsx", NOTES)
    cell = openpyxl.load_workbook(io.BytesIO(noted))["9月"]["Q31"]
    assert (cell.value, cell.data_type) == (NOTES["9月", 31], "s")


def test_parts_that_no_library_would_keep_are_kept() -> None:
    data = patched((SAMPLES / "活动台账.xlsx").read_bytes(), {"xl/cellimages.xml": b"<etc:cellImages/>"})
    noted = annotate_errors(data, "a.xlsx", NOTES)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(noted)) as new:
        assert new.namelist() == old.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert len(changed) == 2


def test_widths_dates_and_rows_without_cells_survive(tmp_path: Path) -> None:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        sheet.set_column(0, 1, 30)
        sheet.write_datetime(0, 0, date(2024, 9, 3), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.set_row(1, 40)

    noted = annotate_errors(xlsx(fill), "a.xlsx", {("Sheet1", 1): "一", ("Sheet1", 2): "二"})
    assert read_workbook(saved(tmp_path, noted)).sheets[0].rows == [[date(2024, 9, 3), "一"], ["", "二"]]
    sheet = openpyxl.load_workbook(io.BytesIO(noted)).worksheets[0]
    assert sheet.row_dimensions[2].height == 39.75


def test_a_csv_gets_its_column_and_opens_in_excel() -> None:
    noted = annotate_errors(
        "单位,日期\n甲,=1\n乙\n".encode("gb18030"), "a.csv", {("CSV", 2): "=坏", ("CSV", 3): "缺日期"}, {"CSV": 1}
    )
    assert noted.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(noted.decode("utf-8-sig"))))
    assert rows == [["单位", "日期", HEADING], ["甲", "=1", "'=坏"], ["乙", "", "缺日期"]]


@pytest.mark.parametrize("name", ["billion laughs in sheet", "bomb by ratio", "truncated", "old xls"])
def test_a_file_that_may_not_come_in_is_not_opened_for_notes_either(name: str) -> None:
    code, filename, make = BAD[name]
    with pytest.raises(SheetRefused) as refusal:
        annotate_errors(make(), filename, {("Sheet1", 1): "x"})
    assert refusal.value.code == code
