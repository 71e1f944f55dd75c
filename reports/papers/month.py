"""The month report in words and as Excel: one set of values for the page's paper, Word and PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from activities.models import PeriodKind
from lib.kinds import cells
from lib.kinds.exporting import Paper
from lib.sheets.columns import Column, SheetKind
from lib.sheets.columns import Type as ColumnType
from lib.sheets.official import OfficialForm, write_official
from lib.sheets.readings import NumberValue, Value
from reports.papers.fields import PAPERS
from reports.papers.pdf import Printed, Table
from reports.queries.board import Line
from reports.queries.month import Month, RuleLine
from tenancy import clock

PERIODS: Mapping[str, str] = {
    PeriodKind.WEEK: "每周",
    PeriodKind.MONTH: "每月",
    PeriodKind.QUARTER: "每季度",
    PeriodKind.HALF: "每半年",
    PeriodKind.YEAR: "每年",
}
_CODES = {"应完成": "owed", "已完成": "done", "待确认": "waiting", "进行中": "going", "未完成": "overdue"}
_NUMBER = ColumnType.INTEGER


def month_words(month: Month) -> str:
    """2025年3月."""
    return f"{month.first.year}年{month.first.month}月"


def share(done: int, owed: int) -> str:
    """83.3%; a dash where nothing was owed."""
    return f"{Decimal(done) * 100 / Decimal(owed):.1f}%" if owed else "—"


def sums(line: Line) -> dict[str, str]:
    """The six figures of a line, by their names in templates."""
    found = {word: str(line.figures[code].value) for word, code in _CODES.items()}
    return {**found, "完成率": share(line.figures["done"].value, line.figures["owed"].value)}


def values_of(month: Month, paper: Paper) -> dict[str, Any]:
    """Every field of the month report (``reports.papers.fields``)."""
    return {
        "县": paper.county,
        "填报单位": paper.reporter,
        "月份": month_words(month),
        "工作方案": month.programme.title,
        "填报日期": cells.long_day(clock.today()),
        **sums(month.board.totals),
        "规则": [
            _rule(n, one) | {"上月完成率": share(*one.before) if one.before else "—"} for n, one in enumerate(month.rules, 1)
        ],
        "镇": [{"序号": str(n), "名称": line.label, **sums(line)} for n, line in enumerate(month.board.towns, 1)],
        "到期事项": [_rule(n, one) for n, one in enumerate(month.longer, 1)],
        "未完成事项": [
            {
                "序号": str(n),
                "镇": one.town,
                "村": one.village,
                "单位": one.unit,
                "事项": "、".join(one.rules),
                "次数": str(one.figure.value),
            }
            for n, one in enumerate(month.exceptions, 1)
        ],
        "变化": [{"日期": one.day.isoformat(), "内容": one.text} for one in month.happenings],
    }


def _rule(n: int, one: RuleLine) -> dict[str, str]:
    return {"序号": str(n), "名称": one.line.label, "周期": PERIODS[one.period_kind], **sums(one.line)}


# Tables of the report that also go out as Excel: address word → (field, title, columns besides 序号).
TABLES: Mapping[str, tuple[str, str]] = {
    "rules": ("规则", "按规则完成情况"),
    "towns": ("镇", "按镇完成情况"),
    "longer": ("到期事项", "到期事项完成情况"),
    "overdue": ("未完成事项", "未完成事项"),
    "changes": ("变化", "本月变化"),
}
_COUNTS = frozenset((*_CODES, "次数"))


def excel_of(table: str, month: Month, paper: Paper) -> tuple[str, bytes, int]:
    """(file name, content, rows) of one table in the official form. Raises KeyError for no table of the report."""
    name, title = TABLES[table]
    fields = PAPERS["month"].fields[name] or ()
    columns = tuple(
        Column(name=one, heading=one, type=_NUMBER if one in _COUNTS else ColumnType.TEXT) for one in fields if one != "序号"
    )
    rows: Sequence[Mapping[str, str]] = values_of(month, paper)[name]
    form = OfficialForm(
        title=f"{paper.county}{month_words(month)}{title}",
        reporter=paper.reporter,
        filled_on=cells.long_day(clock.today()),
        dates=paper.dates,
        totals=tuple(one.name for one in columns if one.type == _NUMBER),
        sheet_name=title,
    )
    file = io.BytesIO()
    n_rows = write_official(file, SheetKind(code=f"month_{table}", label=title, columns=columns), _typed(rows, columns), form)
    return f"{paper.county}{month_words(month)}{title}.xlsx", file.getvalue(), n_rows


def _typed(rows: Sequence[Mapping[str, str]], columns: Sequence[Column]) -> list[dict[str, Value | None]]:
    return [
        {one.name: NumberValue(Decimal(row[one.name])) if one.type == _NUMBER else row[one.name] or None for one in columns}
        for row in rows
    ]


def printed(month: Month, paper: Paper) -> Printed:
    """The report for PDF, in the same words as the product's Word template."""
    found = values_of(month, paper)
    headings = {
        "规则": ("一、按规则完成情况", "本月没有应完成事项。"),
        "镇": ("二、按镇完成情况", "本月没有应完成事项。"),
        "到期事项": ("三、本月到期的季度、半年和年度事项", "本月没有到期的季度、半年和年度事项。"),
        "未完成事项": ("四、未完成事项（按行政区划顺序）", "本月没有未完成事项。"),
        "变化": ("五、本月变化", "本月没有变化。"),
    }
    tables = []
    for name, (heading, none) in headings.items():
        columns = PAPERS["month"].fields[name] or ()
        tables.append(Table(heading, columns, [[row[column] for column in columns] for row in found[name]], none))
    sentence = (
        "{月份}，按《{工作方案}》应完成{应完成}期，已完成{已完成}期，待确认{待确认}期，进行中{进行中}期，"
        "未完成{未完成}期，完成率{完成率}。"
    )
    return Printed(
        title=f"{paper.county}结对共建工作月报",
        under=f"（{found['月份']}）　填报单位：{paper.reporter}　填报日期：{found['填报日期']}",
        sentences=[sentence.format(**{name: value for name, value in found.items() if isinstance(value, str)})],
        tables=tables,
    )
