"""A blank form to fill in: the headings that the importer reads, lists where it knows the words, and how to fill it in."""

from collections.abc import Sequence
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.sheets.columns import Column, SheetKind, Type
from lib.sheets.machine import WORKBOOK_OPTIONS, safe_sheet_name

ROWS = 200
# The importer leaves a sheet of this name alone (lib.sheets.reader).
HELP_SHEET = "填表说明"
_HEADING_ROW = 2
# Excel takes no longer list than this typed into the rule itself.
_LONGEST_LIST = 255
_HOW = {
    Type.TEXT: "文字",
    Type.UNIT_NAME: "名称，简称、常用名也认得；两个镇有同名村时写上镇名",
    Type.NAME: "姓名",
    Type.NAMES: "姓名，多人用顿号隔开",
    Type.PERSON: "姓名，电话可写在同一格或另起一列",
    Type.PHONE: "电话号码，设为文本格式",
    Type.INTEGER: "整数，不写单位",
    Type.NUMBER: "数字",
    Type.MONEY: "金额，单位以表头为准，也可写 3.5万元、8000元",
    Type.YES_NO: "是、否",
    Type.CHOICE: "从列表中选",
    Type.CHOICES: "从列表中选，多项用顿号隔开",
}
_DAY, _MONTH = "日期，如 2024年9月3日、2024.9.3", "年月，如 2024年9月"


def write_blank(file: IO[bytes], kind: SheetKind, columns: Sequence[Column]) -> None:
    """Write the form with these columns of the kind, and a second sheet that says how each is filled in."""
    with xlsxwriter.Workbook(file, {**WORKBOOK_OPTIONS, "constant_memory": False}) as book:
        grid = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"})
        _write_form(book, book.add_worksheet(safe_sheet_name(kind.title or kind.code)), kind, columns, grid)
        _write_help(book, book.add_worksheet(HELP_SHEET), columns, grid)


def _write_form(book: Workbook, sheet: Worksheet, kind: SheetKind, columns: Sequence[Column], grid: Format) -> None:
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    style = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#F2F2F2"}
    heading, needed = book.add_format(style), book.add_format({**style, "font_color": "#B42318"})
    sheet.set_row(0, 32)
    sheet.merge_range(0, 0, 0, len(columns), kind.title, title)
    sheet.merge_range(1, 0, 1, len(columns), "填报单位：        填报日期：")
    sheet.set_row(_HEADING_ROW, 36)
    sheet.write_string(_HEADING_ROW, 0, "序号", heading)
    sheet.set_column(0, 0, 6)
    for place, column in enumerate(columns, start=1):
        sheet.write_string(_HEADING_ROW, place, column.heading, needed if column.required else heading)
        sheet.set_column(place, place, max(12, min(2 * len(column.heading) + 2, 24)), grid)
        words = [option.label for option in column.options]
        if column.type is Type.CHOICE and words and len(",".join(words)) <= _LONGEST_LIST:
            # A word beyond the list is the importer's to ask about, not Excel's to refuse.
            rule = {"validate": "list", "source": words, "error_type": "information"}
            sheet.data_validation(_HEADING_ROW + 1, place, _HEADING_ROW + ROWS, place, rule)
    sheet.freeze_panes(_HEADING_ROW + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING_ROW)


def _write_help(book: Workbook, sheet: Worksheet, columns: Sequence[Column], grid: Format) -> None:
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#F2F2F2"})
    for place, (head, width) in enumerate((("列", 20), ("必填", 8), ("怎么填", 60), ("也认得的表头", 60))):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, bold)
    for line, column in enumerate(columns, start=1):
        for place, text in enumerate((column.heading, "必填" if column.required else "", how(column), _others(column))):
            sheet.write_string(line, place, text, grid)


def how(column: Column) -> str:
    """How a column is filled in."""
    if column.type is Type.DATE:
        return _MONTH if column.precision == "month" else _DAY
    words = "、".join(option.label for option in column.options)
    return f"{_HOW[column.type]}：{words}" if words else _HOW[column.type]


def _others(column: Column) -> str:
    return "、".join(column.aliases[:8])
