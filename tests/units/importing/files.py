"""Spreadsheets for tests, made on the spot: rows of cells in, bytes out."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ROSTER = SAMPLES / "单位花名册.xlsx"
PAIRINGS = SAMPLES / "结对关系一览表.xlsx"
ACTIVITIES = SAMPLES / "活动台账.xlsx"

ROSTER_HEADS = ("单位名称", "单位性质", "党组织名称", "党员数", "主要负责人", "职务", "联系电话", "组长", "组长电话", "备注")
PAIRING_HEADS = ("镇(街道)", "结对村", "村类型", "牵头单位", "结对单位", "组长", "结对时间", "协议签订时间", "备注")


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = (), hidden_rows: Sequence[int] = ()
) -> bytes:
    """An .xlsx file with these sheets; ``hidden_rows`` by their number in Excel, of each sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for number in hidden_rows:
            sheet.set_row(number - 1, None, None, {"hidden": True})
        if name in hidden:
            sheet.hide()
    book.close()
    return out.getvalue()


def roster(*rows: Mapping[str, Any], heads: Sequence[str] = ROSTER_HEADS) -> bytes:
    """A roster of units; each row by heading, the missing cells empty."""
    return workbook({"花名册": [heads, *([row.get(head, "") for head in heads] for row in rows)]})


def pairings(*rows: Mapping[str, Any], filled: str = "填报日期：2024年9月5日") -> bytes:
    """A list of pairings under a line that says when it was filled in."""
    return workbook(
        {
            "结对关系": [
                ["结对关系一览表"],
                [filled],
                PAIRING_HEADS,
                *([row.get(head, "") for head in PAIRING_HEADS] for row in rows),
            ]
        }
    )
