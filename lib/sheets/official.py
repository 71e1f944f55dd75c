"""The official form: what is printed, stamped and sent upward."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.sheets.columns import SheetKind, Type
from lib.sheets.forms import DateStyle, FlatColumn, Row, flat_columns, total, written
from lib.sheets.machine import WORKBOOK_OPTIONS, safe_sheet_name
from lib.sheets.outgoing import cell_text, starts_like_formula

_PAPER_A4 = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialForm:
    """What stands around the table. `totals` names columns to add up; empty texts leave their place free.

    `signatures` are printed with a blank behind each; `notes` become 注：1.… below the table.
    """

    title: str
    reporter: str = ""
    filled_on: str = ""
    dates: DateStyle = "chinese"
    totals: tuple[str, ...] = ()
    total_texts: dict[str, str] = field(default_factory=dict)
    signatures: tuple[str, ...] = ("填表人", "审核人", "联系电话")
    notes: tuple[str, ...] = ()
    sheet_name: str = ""


@dataclass(slots=True)
class _Formats:
    title: Format
    stamp: Format
    heading: Format
    text: Format
    quoted: Format
    number: Format
    total: Format


def write_official(file: IO[bytes], kind: SheetKind, rows: Iterable[Row], form: OfficialForm) -> int:
    """Write rows (values by column name) as the form people know; returns how many rows."""
    listed = list(rows)
    flat = flat_columns(kind)
    # Cells merged over two rows need rows that can still be written to.
    with xlsxwriter.Workbook(file, WORKBOOK_OPTIONS | {"constant_memory": False}) as book:
        sheet = book.add_worksheet(safe_sheet_name(form.sheet_name or form.title))
        formats = _formats(book)
        width = len(flat) + 1
        first = _write_top(sheet, flat, form, formats, width)
        _set_page(sheet, flat, first)
        for index, row in enumerate(listed):
            line = first + index
            sheet.write_number(line, 0, index + 1, formats.number)
            for column, at in enumerate(flat, start=1):
                _write(sheet, line, column, written(row, at, form.dates), formats)
        end = first + len(listed)
        if form.totals or form.total_texts:
            _write_totals(sheet, end, flat, listed, form, formats)
            end += 1
        _write_bottom(sheet, end, form, formats, width)
    return len(listed)


def _write_top(sheet: Worksheet, flat: list[FlatColumn], form: OfficialForm, formats: _Formats, width: int) -> int:
    """Title, stamp line and headings; returns the first data row (from 0)."""
    sheet.set_row(0, 34)
    sheet.merge_range(0, 0, 0, width - 1, cell_text(form.title), formats.title)
    sheet.set_row(1, 20)
    stamp = f"填报单位：{form.reporter}（盖章）        填报日期：{form.filled_on}"
    sheet.merge_range(1, 0, 1, width - 1, cell_text(stamp), formats.stamp)
    tops = ["序号", *(column.group or column.heading for column in flat)]
    belows = ["", *(column.heading if column.group else "" for column in flat)]
    if not any(belows):
        for index, text in enumerate(tops):
            sheet.write_string(2, index, text, formats.heading)
        return 3
    sheet.set_row(2, 22)
    spans = _spans(flat)
    for index, text in enumerate(tops):
        if not belows[index]:
            sheet.merge_range(2, index, 3, index, "", formats.heading)
        elif (last := spans.get(index)) is not None and last > index:
            sheet.merge_range(2, index, 2, last, "", formats.heading)
        starts = not belows[index] or index in spans
        sheet.write_string(2, index, text if starts else "", formats.heading)
    for index, text in enumerate(belows):
        sheet.write_string(3, index, text, formats.heading)
    return 4


def _spans(flat: list[FlatColumn]) -> dict[int, int]:
    """Of each group the first and last written column (counted from 序号 = 0)."""
    spans: dict[int, int] = {}
    start = 0
    for index, column in enumerate(flat, start=1):
        if not column.group:
            start = 0
        elif start and flat[start - 1].group == column.group and flat[index - 2].group == column.group:
            spans[start] = index
        else:
            start = index
            spans[start] = index
    return spans


def _write(sheet: Worksheet, line: int, column: int, value: str | float | None, formats: _Formats) -> None:
    if value is None:
        sheet.write_blank(line, column, None, formats.text)
    elif isinstance(value, float):
        sheet.write_number(line, column, value, formats.number)
    else:
        text = cell_text(value)
        sheet.write_string(line, column, text, formats.quoted if starts_like_formula(text) else formats.text)


def _write_totals(
    sheet: Worksheet, line: int, flat: list[FlatColumn], rows: list[Row], form: OfficialForm, formats: _Formats
) -> None:
    sheet.write_string(line, 0, "合计", formats.total)
    for column, at in enumerate(flat, start=1):
        name = at.column.name
        if name in form.total_texts and at.part != "phone":
            sheet.write_string(line, column, cell_text(form.total_texts[name]), formats.total)
        elif name in form.totals and at.column.type in (Type.INTEGER, Type.NUMBER, Type.MONEY):
            sheet.write_number(line, column, float(total(rows, at.column)), formats.total)
        else:
            sheet.write_blank(line, column, None, formats.total)


def _write_bottom(sheet: Worksheet, line: int, form: OfficialForm, formats: _Formats, width: int) -> None:
    if form.signatures:
        text = "                ".join(f"{signature}：" for signature in form.signatures)
        sheet.merge_range(line, 0, line, width - 1, cell_text(text), formats.stamp)
        line += 1
    for number, note in enumerate(form.notes, start=1):
        lead = "注：" if number == 1 else "    "
        sheet.merge_range(line, 0, line, width - 1, cell_text(f"{lead}{number}.{note}"), formats.stamp)
        line += 1


def _set_page(sheet: Worksheet, flat: list[FlatColumn], first: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, first - 1)
    sheet.freeze_panes(first, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.set_column(0, 0, 6)
    for index, column in enumerate(flat, start=1):
        sheet.set_column(index, index, column.width)


def _formats(book: Workbook) -> _Formats:
    body: dict[str, Any] = {"font_name": "仿宋", "font_size": 11, "border": 1, "text_wrap": True, "valign": "vcenter"}
    return _Formats(
        title=book.add_format({"font_name": "宋体", "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"}),
        stamp=book.add_format({"font_name": "仿宋", "font_size": 11, "valign": "vcenter"}),
        heading=book.add_format(body | {"font_name": "宋体", "bold": True, "align": "center"}),
        text=book.add_format(body | {"num_format": "@"}),
        # Opened for editing, such a cell must stay text: Excel's own mark for a typed apostrophe.
        quoted=book.add_format(body | {"num_format": "@", "quote_prefix": True}),
        number=book.add_format(body | {"align": "center"}),
        total=book.add_format(body | {"bold": True, "align": "center"}),
    )
