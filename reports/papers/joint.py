"""The joint report as Word: title, text with the marks of its footnotes, the records they name, both signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lib.kinds import cells
from lib.papers import words
from reports.models import JointReport
from reports.papers import sentences
from reports.queries.joint_reports import Footnote

_NOT_SIGNED = "（未签）"


def title_of(report: JointReport) -> str:
    """高州市林业局与荷垌村2025年第一季度联合报告."""
    pairing = report.pairing
    return f"{pairing.unit.name}与{pairing.village.name}{sentences.quarter_words(report.quarter)}联合报告"


def footnote_line(note: Footnote, types: Mapping[str, str]) -> str:
    """[3] 2025-01-08 接待群众来访（由单位记录）."""
    record = note.record
    if record is None:
        return f"[{note.number}] 记录已不存在"
    side = {"unit": "由单位记录", "village": "由村记录", "county": "由县记录"}[record.author_side]
    void = "，已作废" if record.status == "voided" else ""
    return f"[{note.number}] {record.occurred_on.isoformat()} {types.get(record.type, record.type)}（{side}{void}）"


def signature_line(report: JointReport, side: str) -> str:
    """单位（签名）：…　2025年4月3日; by proxy with its basis."""
    who = {"unit": report.pairing.unit.name, "village": report.pairing.village.name}[side]
    on = getattr(report, f"{side}_signed_on")
    if on is None:
        return f"{who}：{_NOT_SIGNED}"
    basis = getattr(report, f"{side}_basis")
    by = f"，代签依据：{basis}" if basis else ""
    return f"{who}：{getattr(report, f'{side}_signed_name')}（{cells.long_day(on)}{by}）"


def joint_report_word(report: JointReport, notes: Sequence[Footnote], types: Mapping[str, str]) -> bytes:
    """The file; ``report`` with both sides of its pairing."""
    document = words.new_document()
    words.heading(document, title_of(report))
    for line in report.text.split("\n"):
        if line.strip():
            words.paragraph(document, line)
    words.paragraph(document, "")
    for side in ("unit", "village"):
        words.paragraph(document, signature_line(report, side))
    if notes:
        words.paragraph(document, "")
        words.paragraph(document, "所依据的记录：", indent=False, size_pt=10.5)
        for note in notes:
            words.paragraph(document, footnote_line(note, types), indent=False, size_pt=10.5)
    return words.content_of(document)
