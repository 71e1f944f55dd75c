"""Word files made from nothing but words: fonts that every Chinese office has, A4, no macros, no fields."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lib.chinese.text import tidy

_FONT, _HEADING_FONT = "仿宋", "黑体"


def new_document(*, landscape: bool = False, margin_mm: float = 25, size_pt: float = 14) -> Any:
    """An empty A4 document in the fonts of official papers."""
    document = Document()
    section = document.sections[0]
    short, long = Mm(210), Mm(297)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(margin_mm))
    style = document.styles["Normal"]
    style.font.size = Pt(size_pt)
    _set_font(style, _FONT)
    style.paragraph_format.space_after = Pt(0)
    return document


def _set_font(holder: Any, name: str) -> None:
    """The font for Western and for Chinese letters: Word keeps them apart."""
    holder.font.name = name
    holder.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def heading(document: Any, text: str, *, size_pt: float = 18, after_pt: float = 12) -> None:
    """The title of a paper, centred."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(after_pt)
    run = paragraph.add_run(tidy(text))
    run.font.size, run.bold = Pt(size_pt), True
    _run_font(run, _HEADING_FONT)


def _run_font(run: Any, name: str) -> None:
    run.font.name = name
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def paragraph(document: Any, text: str, *, indent: bool = True, size_pt: float | None = None, right: bool = False) -> Any:
    """One paragraph; its first line is set in by two letters, as papers are written."""
    made = document.add_paragraph()
    if indent:
        made.paragraph_format.first_line_indent = Pt((size_pt or 14) * 2)
    if right:
        made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = made.add_run(tidy(text))
    if size_pt:
        run.font.size = Pt(size_pt)
    return made


def cell(into: Any, text: str, *, size_pt: float, bold: bool = False, align: str = "left") -> None:
    """Text in a cell of a table."""
    made = into.paragraphs[0]
    made.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
    }[align]
    run = made.add_run(tidy(text))
    run.font.size, run.bold = Pt(size_pt), bold


def content_of(document: Any) -> bytes:
    """The file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
