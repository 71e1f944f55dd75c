"""The slip list as a spreadsheet: one row a login, to be cut apart and handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter

from lib.sheets.outgoing import cell_text

# Chinese whatever the reader's language: the slips go to village secretaries.
HEADINGS = ("姓名", "单位(村)与职务", "登录地址", "登录名", "首次密码")
_WIDTHS = (12, 40, 40, 18, 20)
NOTE = "首次密码只能使用一次,七天内有效,登录后请立即改为自己的密码。请当面交付,不要转发。"


def slip_list(slips: Iterable[Mapping[str, Any]], *, title: str, address: str, posts: Mapping[int, str]) -> bytes:
    """``slips`` as units.people.actions.many.take_slips gives them; ``posts``: offices in words by person."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("登录名与首次密码")
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        code = book.add_format({"border": 1, "font_name": "Consolas", "font_size": 12, "valign": "vcenter"})
        sheet.merge_range(0, 0, 0, 4, cell_text(title), book.add_format({"bold": True, "font_size": 14}))
        sheet.merge_range(1, 0, 1, 4, NOTE, book.add_format({"text_wrap": True}))
        sheet.set_row(1, 32)
        for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
            sheet.write_string(2, column, heading, bold)
            sheet.set_column(column, column, width)
        for row, slip in enumerate(slips, start=3):
            person = slip["person"]
            sheet.write_string(row, 0, cell_text(person.name), plain)
            sheet.write_string(row, 1, cell_text(posts.get(person.pk, "")), plain)
            sheet.write_string(row, 2, address, plain)
            sheet.write_string(row, 3, slip["login"], code)
            sheet.write_string(row, 4, slip["password"], code)
        sheet.freeze_panes(3, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    return file.getvalue()
