"""Tables of an assessment as Excel, in the official form: grades, the public notice, self-reports, the score sheet (§8.1, 12).

Always Chinese: papers are. Rows stand as on the page, in administrative order.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.models import Assessed, SelfReport, Sheet, UnitResult
from assessment.queries.paper import SheetPaper
from lib.kinds import cells
from lib.kinds.exporting import Paper
from lib.sheets.columns import Column, SheetKind, Type
from lib.sheets.official import OfficialForm, write_official
from lib.sheets.readings import NumberValue, Value
from tenancy import clock

Cell = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Table:
    """A finished table: its name, headings with the type of their cells, rows."""

    title: str
    columns: Sequence[tuple[str, Type]]
    rows: Sequence[Sequence[Cell]]
    reporter: str = ""
    notes: tuple[str, ...] = ()


def excel(table: Table, paper: Paper) -> tuple[str, bytes, int]:
    """(file name, content, rows)."""
    columns = tuple(Column(name=heading, heading=heading, type=sort) for heading, sort in table.columns)
    form = OfficialForm(
        title=table.title,
        reporter=table.reporter or paper.reporter,
        filled_on=cells.long_day(clock.today()),
        dates=paper.dates,
        notes=table.notes,
    )
    file = io.BytesIO()
    rows: list[dict[str, Value | None]] = [
        {column.name: _value(cell) for column, cell in zip(columns, row, strict=True)} for row in table.rows
    ]
    n_rows = write_official(file, SheetKind(code="assessment", label=table.title, columns=columns), rows, form)
    return f"{table.title}.xlsx", file.getvalue(), n_rows


def _value(cell: Cell) -> Value | None:
    if isinstance(cell, Decimal):
        return NumberValue(cell)
    return cell or None


_TEXT, _NUMBER = Type.TEXT, Type.NUMBER


def grades(title: str, rows: Iterable[UnitResult], words: Mapping[str, str], sheets: Mapping[int, Sequence[Sheet]]) -> Table:
    """Scores and both grades of every unit."""
    told = [
        (
            row.unit.name,
            row.final,
            words.get(row.grade_by_score, ""),
            words.get(row.grade_final, ""),
            _why(row),
            "；".join(f"{sheet.pairing.village.name}{sheet.final:.2f}" for sheet in sheets.get(row.unit_id, ())),
        )
        for row in rows
    ]
    columns = (
        ("单位", _TEXT),
        ("得分", _NUMBER),
        ("按得分等次", _TEXT),
        ("评定等次", _TEXT),
        ("说明", _TEXT),
        ("各结对村得分", _TEXT),
    )
    return Table(f"{title}得分与等次", columns, told)


def _why(row: UnitResult) -> str:
    found = []
    if row.is_vetoed:
        found.append("有否决事项")
    if row.limited_by_quota:
        found.append("受最高等次比例限制")
    if row.changed_because:
        found.append(row.changed_because)
    return "；".join(found)


def public_notice(title: str, rows: Iterable[UnitResult], words: Mapping[str, str]) -> Table:
    """Unit and grade, nothing else."""
    told = [(row.unit.name, words.get(row.grade_final, row.get_grade_final_display())) for row in rows]
    return Table(f"{title}结果公示", (("单位", _TEXT), ("等次", _TEXT)), told)


def self_reports(title: str, rows: Iterable[Assessed], reports: Mapping[int, SelfReport]) -> Table:
    """Who has handed in what, and when."""
    told = []
    for row in rows:
        report = reports.get(row.pairing_id)
        told.append(
            (
                row.unit.name,
                row.village.name,
                report.self_score if report else None,
                cells.day(report.submitted_on) if report and report.submitted_on else "",
                cells.day(report.approved_on) if report and report.approved_on else "",
                report.approved_name if report else "",
            )
        )
    columns = (
        ("单位", _TEXT), ("结对村", _TEXT), ("自评分", _NUMBER), ("提交日期", _TEXT), ("审定日期", _TEXT), ("审定人", _TEXT),
    )  # fmt: skip
    return Table(f"{title}自评情况", columns, told)


def score_sheet(sheet: SheetPaper, own: Mapping[str, object]) -> Table:
    """考核评分表, as people know it. ``own``: what the unit gave itself, by line."""
    told: list[Sequence[Cell]] = [
        (
            f"{group.code} {group.name}",
            f"{line.code} {line.name}",
            Decimal(line.marks),
            line.rule,
            Decimal(str(own[line.code])) if own.get(line.code) not in (None, "") else None,
            Decimal(line.score) if _is_number(line.score) else line.score,
            line.note,
            "；".join(f"{who}：{told}" for who, told in (("系统数", line.system), ("评审数", line.reviewer)) if told),
        )
        for group in sheet.groups
        for line in group.lines
    ]
    columns = (
        ("考核项目", _TEXT), ("考核内容", _TEXT), ("分值", _NUMBER), ("评分标准", _TEXT), ("自评分", _NUMBER),
        ("考核分", _NUMBER), ("扣分原因", _TEXT), ("备注", _TEXT),
    )  # fmt: skip
    sums = tuple(f"{label}：{text}" for label, text in sheet.sums)
    grade = (f"等次：{sheet.grade}",) if sheet.grade else ()
    title = f"{sheet.title}评分表（{sheet.unit}—{sheet.village}）"
    return Table(title, columns, told, sheet.unit, (*sums, *grade, *sheet.remarks))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit()
