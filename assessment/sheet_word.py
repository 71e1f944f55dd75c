"""The score sheet as Word: the page's cells on one A4, in the paper form's columns. Always Chinese."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from assessment.queries.paper import PaperLine, SheetPaper
from lib.papers import words

HEADINGS = ("组", "指标", "分值", "评分规则", "系统数", "评审数", "差额", "得分", "说明")
_WIDTHS = (16.0, 25.0, 10.0, 46.0, 33.0, 17.0, 11.0, 13.0, 23.0)
_SIZE = 7.5
_MARGIN = 8.0


def sheet_word(paper: SheetPaper) -> bytes:
    """The file."""
    document = words.new_document(margin_mm=_MARGIN, size_pt=_SIZE)
    words.heading(document, f"{paper.title}评分表", size_pt=13, after_pt=3)
    words.paragraph(
        document, f"单位：{paper.unit}　　结对村：{paper.village}　　评分细则：{paper.rubric}", indent=False, size_pt=8
    )
    table = document.add_table(rows=1, cols=len(HEADINGS))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for index, heading in enumerate(HEADINGS):
        words.cell(table.rows[0].cells[index], heading, size_pt=_SIZE, bold=True, align="center")
    _repeat(table.rows[0])
    for group in paper.groups:
        first = len(table.rows)
        for line in group.lines:
            _row(table.add_row(), line)
        head = table.cell(first, 0).merge(table.cell(len(table.rows) - 1, 0)) if len(group.lines) > 1 else table.cell(first, 0)
        points = f"{group.points}/{group.marks}" if group.points else f"—/{group.marks}"
        words.cell(head, f"{group.code} {group.name} {points}", size_pt=_SIZE, bold=True)
    for row in table.rows:
        for index, width in enumerate(_WIDTHS):
            row.cells[index].width = Mm(width)
    _sums(document, paper)
    return words.content_of(document)


def _row(row: Any, line: PaperLine) -> None:
    told = (f"{line.code} {line.name}", line.marks, line.rule, line.system, line.reviewer, line.difference, line.score, line.note)
    aligned = ("left", "center", "left", "left", "left", "center", "right", "left")
    for index, (text, align) in enumerate(zip(told, aligned, strict=True), 1):
        words.cell(row.cells[index], text, size_pt=_SIZE, align=align)


def _repeat(row: Any) -> None:
    """The headings again on a second page, for a rubric longer than one."""
    mark = row._tr.get_or_add_trPr().makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    row._tr.get_or_add_trPr().append(mark)


def _sums(document: Any, paper: SheetPaper) -> None:
    for label, text in paper.sums:
        words.paragraph(document, f"{label}：{text}", indent=False, size_pt=8)
    final = f"最终得分：{paper.final}　　" if paper.final else ""
    last = words.paragraph(document, f"{final}等次：{paper.grade}", indent=False, size_pt=9)
    last.runs[0].bold = True
    for remark in paper.remarks:
        words.paragraph(document, remark, indent=False, size_pt=8)
    signed = words.paragraph(document, "评审人：　　　　　　　　　复核人：　　　　　　　　　日期：", indent=False, size_pt=8)
    signed.paragraph_format.space_before = Pt(4)
