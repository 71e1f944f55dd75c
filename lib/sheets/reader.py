"""Opening a checked file: .xlsx through calamine, .csv through the csv module.

calamine reads the cached values of formulas, tells dates by the cell's format, and is some thirty
times faster than openpyxl; what it leaves out comes from `markup`.
"""

import csv
import io
import re
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from lib.sheets import markup
from lib.sheets.grid import Cell, MergedRange, OffReason, Sheet, Visibility, Workbook
from lib.sheets.package import read_part
from lib.sheets.refusals import SheetRefused
from lib.sheets.safety import Checked, check_file

MAX_SHEETS = 60
MACHINE_MARK = "pairing-machine-form"

_SUMMARY_NAME = re.compile(r"汇总|合计|总表|统计|填表说明|填报说明|数据字典")


def read_workbook(path: Path, filename: str = "") -> Workbook:
    """Check and read a file in this process. Uploads go through `limited.read_limited` instead."""
    checked = check_file(path, filename or path.name)
    workbook = _read_csv(path, checked) if checked.format == "csv" else _read_xlsx(path)
    if all(not sheet.rows for sheet in workbook.sheets):
        raise SheetRefused("no_sheets")
    return workbook


def _read_xlsx(path: Path) -> Workbook:
    try:
        with zipfile.ZipFile(path) as package, CalamineWorkbook.from_path(path) as book:
            listed = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
            if len(listed) > MAX_SHEETS:
                raise SheetRefused("too_many_sheets", limit=MAX_SHEETS)
            parts = markup.sheet_parts(package)
            month_styles = markup.month_only_styles(package)
            sheets = [_sheet(book, meta, package, parts.get(meta.name), month_styles) for meta in listed]
            is_machine = MACHINE_MARK.encode() in read_part(package, "docProps/custom.xml")
            epoch_1904 = markup.uses_1904(package)
            for sheet in sheets:
                sheet.is_machine, sheet.epoch_1904 = is_machine, epoch_1904
            _keep_one(sheets)
            return Workbook(sheets)
    except (CalamineError, zipfile.BadZipFile, OSError) as problem:
        raise SheetRefused("damaged") from problem


def _sheet(
    book: CalamineWorkbook, meta: SheetMetadata, package: zipfile.ZipFile, part: str | None, month_styles: frozenset[int]
) -> Sheet:
    found = markup.scan_sheet(package, part, meta.name, month_styles) if part else markup.SheetMarkup()
    content = book.get_sheet_by_name(meta.name)
    if content.total_height > markup.MAX_ROWS:
        raise SheetRefused("too_many_rows", sheet=meta.name, limit=markup.MAX_ROWS)
    if content.total_width > markup.MAX_COLUMNS:
        raise SheetRefused("too_many_columns", sheet=meta.name, limit=markup.MAX_COLUMNS)
    rows: list[list[Cell]] = [list(row) for row in content.to_python(skip_empty_area=False)]
    for row, column in found.month_only:
        # Whoever typed 2024年9月 got the first of September stored; the day was never written.
        cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        if isinstance(cell, date):
            rows[row][column] = f"{cell.year}年{cell.month}月"
    for (row, column), error in found.errors.items():
        # An error cell alone in its row or column may lie outside what calamine returns.
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = error
    merged = [MergedRange(*start, *end) for start, end in content.merged_cell_ranges or []]
    visibility = _visibility(meta)
    return Sheet(
        name=meta.name,
        rows=rows,
        merged=merged,
        hidden_rows=frozenset(found.hidden_rows),
        visibility=visibility,
        off_reason=_off_reason(meta.name, rows, visibility),
    )


def _keep_one(sheets: list[Sheet]) -> None:
    """A summary is left out beside what it sums up. Where there is nothing else (群众测评汇总表), the first is the ledger."""
    if not any(sheet.default_on for sheet in sheets):
        first = next((sheet for sheet in sheets if sheet.off_reason is OffReason.SUMMARY), None)
        if first is not None:
            first.off_reason = None


def _visibility(meta: SheetMetadata) -> Visibility:
    if meta.visible == SheetVisibleEnum.Visible:
        return Visibility.VISIBLE
    return Visibility.HIDDEN if meta.visible == SheetVisibleEnum.Hidden else Visibility.VERY_HIDDEN


def _off_reason(name: str, rows: list[list[Cell]], visibility: Visibility) -> OffReason | None:
    if not any(cell != "" for row in rows for cell in row):
        return OffReason.EMPTY
    if visibility is not Visibility.VISIBLE:
        return OffReason.HIDDEN
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", name))
    return OffReason.SUMMARY if _SUMMARY_NAME.search(plain) else None


def _read_csv(path: Path, checked: Checked) -> Workbook:
    rows, _delimiter = csv_rows(path.read_bytes().decode(checked.encoding))
    if not any(cell for row in rows for cell in row):
        raise SheetRefused("no_sheets")
    sheet = Sheet(name="CSV", rows=[list[Cell](row) for row in rows])
    return Workbook([sheet], format="csv", encoding=checked.encoding)


def csv_rows(text: str) -> tuple[list[list[str]], str]:
    """The rows of a text table and the sign between its cells: comma, tab or semicolon."""
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",\t;", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= markup.MAX_ROWS:
                raise SheetRefused("too_many_rows", sheet="CSV", limit=markup.MAX_ROWS)
            if len(row) > markup.MAX_COLUMNS:
                raise SheetRefused("too_many_columns", sheet="CSV", limit=markup.MAX_COLUMNS)
            rows.append(row)
    except csv.Error as problem:
        raise SheetRefused("damaged") from problem
    return rows, delimiter
