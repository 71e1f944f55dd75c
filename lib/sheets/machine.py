"""The machine form: one clean heading row, no merging, ISO dates, phones as text; it reads back the same."""

from collections.abc import Iterable
from typing import IO

import xlsxwriter

from lib.sheets.columns import SheetKind, Type
from lib.sheets.forms import FlatColumn, Row, flat_columns, written
from lib.sheets.outgoing import cell_text, starts_like_formula
from lib.sheets.reader import MACHINE_MARK

WORKBOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def write_machine(file: IO[bytes], kind: SheetKind, rows: Iterable[Row], *, sheet_name: str = "") -> int:
    """Write rows (values by column name) in machine form; returns how many.

    The file carries a mark in its properties: where the reader finds it, a cell that says 〃 or 合计
    is that text and nothing else.
    """
    n_rows = 0
    with xlsxwriter.Workbook(file, WORKBOOK_OPTIONS) as book:
        book.set_custom_property("form", MACHINE_MARK)
        sheet = book.add_worksheet(safe_sheet_name(sheet_name or kind.code))
        heading_format = book.add_format({"bold": True, "text_wrap": True, "num_format": "@"})
        text_format = book.add_format({"num_format": "@"})
        # Opened for editing, such a cell must stay text: Excel's own mark for a typed apostrophe.
        quoted_format = book.add_format({"num_format": "@", "quote_prefix": True})
        flat = flat_columns(kind)
        for index, column in enumerate(flat):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, machine_heading(column), heading_format)
        sheet.freeze_panes(1, 0)
        for row in rows:
            n_rows += 1
            for index, column in enumerate(flat):
                value = written(row, column, "iso", in_yuan=True)
                if isinstance(value, float):
                    sheet.write_number(n_rows, index, value)
                elif value is not None:
                    text = cell_text(value)
                    sheet.write_string(n_rows, index, text, quoted_format if starts_like_formula(text) else text_format)
    return n_rows


def machine_heading(flat: FlatColumn) -> str:
    """The heading in one line; money says that it is in yuan."""
    if flat.part != "value":
        return f"{flat.group}{flat.heading}"
    heading = flat.column.heading
    if flat.column.type is Type.MONEY:
        return f"{heading.replace('（', '(').split('(')[0]}(元)"
    return heading


def safe_sheet_name(name: str) -> str:
    """A name Excel takes for a sheet: at most 31 characters, none of []:*?/\\, no ' at the ends."""
    cleaned = "".join("-" if c in "[]:*?/\\" else c for c in cell_text(name).replace("\n", " "))
    return cleaned.encode("utf-16-le")[:62].decode("utf-16-le", "ignore").strip("' ") or "Sheet1"
