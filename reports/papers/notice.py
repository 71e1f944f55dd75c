"""The notice of a unit's result: its values for the county's template, and the same for PDF. Always Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from assessment.models import Assessed, Sheet, UnitResult
from assessment.queries.results import grade_order
from assessment.queries.sheets import explained
from assessment.queries.withheld import withheld
from lib.kinds import cells
from lib.kinds.exporting import Paper
from reports.papers.fields import PAPERS
from reports.papers.pdf import Printed, Table
from tenancy import clock

_NONE = "—"


def values_of(result: UnitResult, paper: Paper) -> dict[str, Any]:
    """Every field of the notice (``reports.papers.fields``); ``result`` with cycle, rubric and unit.

    A notice goes to the unit: where a sum would give its village's mark away it has a dash (decision 15).
    """
    cycle = result.cycle
    words = grade_order(cycle.rubric)
    sheets = list(
        Sheet.objects.filter(cycle=cycle, unit=result.unit)
        .select_related("cycle__rubric", "pairing__village")
        .order_by("pairing__village__pinyin", "id")
    )
    with translation.override("zh-hans"):
        hidden = {sheet.pk for sheet in sheets if withheld(explained(sheet, with_refs=False)).totals}
    rows = [_row(number, sheet, is_hidden=sheet.pk in hidden) for number, sheet in enumerate(sheets, 1)]
    exempt = Assessed.objects.filter(cycle=cycle, unit=result.unit).exclude(exempt_because="").count()
    return {
        "县": paper.county,
        "填报单位": paper.reporter,
        "单位": result.unit.name,
        "年度": str(cycle.year),
        "考核名称": cycle.title,
        "得分": _NONE if hidden else f"{result.final:.2f}",
        "等次": words.get(result.grade_final, ""),
        "按分数等次": words.get(result.grade_by_score, ""),
        "等次说明": _why(result, words, exempt),
        "公示期": f"{cells.long_day(cycle.public_from)}至{cells.long_day(cycle.public_to)}"
        if cycle.public_from is not None and cycle.public_to is not None
        else "",
        "纪要编号": cycle.minutes_no,
        "通知日期": cells.long_day(clock.today()),
        "结对": rows,
    }


def _row(number: int, sheet: Sheet, *, is_hidden: bool) -> dict[str, str]:
    figures = {"基础分": sheet.base, "加分": sheet.bonus, "扣分": sheet.deduction, "得分": sheet.final}
    shown = {name: _NONE if is_hidden and name in ("基础分", "得分") else f"{value:.2f}" for name, value in figures.items()}
    return {"序号": str(number), "村": sheet.pairing.village.name, **shown}


def _why(result: UnitResult, words: dict[str, str], n_exempt: int) -> str:
    found = []
    if result.is_vetoed:
        found.append("有否决事项，等次受限。")
    if result.limited_by_quota:
        best = next(iter(words.values()), "")
        found.append(f"得分达到“{best}”等次，因该等次比例限制，定为“{words.get(result.grade_final, '')}”。")
    if result.changed_because:
        found.append(f"经领导小组研究调整：{result.changed_because.rstrip('。')}。")
    if n_exempt:
        found.append(f"另有{n_exempt}个结对村本年度免考核。")
    return "".join(found)


def sentences_of(found: dict[str, Any]) -> Sequence[str]:
    """The notice's text, as in the product's own template."""
    first = (
        f"根据{found['考核名称']}，你单位{found['年度']}年度结对共建考核得分{found['得分']}分，"
        f"等次为“{found['等次']}”。{found['等次说明']}"
    )
    last = f"公示期：{found['公示期']}。如有异议，请在公示期内提出。"
    return [first, last] if found["公示期"] else [first]


def printed(result: UnitResult, paper: Paper) -> Printed:
    """The notice for PDF."""
    found = values_of(result, paper)
    columns = PAPERS["notice"].fields["结对"] or ()
    return Printed(
        title=f"{found['年度']}年度结对共建考核结果通知",
        under="",
        sentences=[f"{found['单位']}：", *sentences_of(found)],
        tables=[
            Table(
                "各结对村得分如下：",
                columns,
                [[row[name] for name in columns] for row in found["结对"]],
                "本年度没有参加考核的结对村。",
            )
        ],
        end=[found["填报单位"], found["通知日期"]],
    )
