"""The product's own Word templates, from which counties begin: reports/papers/templates/*.docx.

    python tools/papers/make_templates.py

Run it after changing this file; the results are committed. tests/reports/papers/test_templates.py tries them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
FOLDER = ROOT / "reports/papers/templates"

_SUMS = ("应完成", "已完成", "待确认", "进行中", "未完成", "完成率")


def _table(document: Any, field: str, columns: Sequence[tuple[str, str, float]]) -> None:
    """A table with a row for each of a list; columns: heading, field, width in mm."""
    from lib.papers import words

    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for index, (heading, name, width) in enumerate(columns):
        for row in table.rows:
            row.cells[index].width = Mm(width)
        words.cell(table.rows[0].cells[index], heading, size_pt=10.5, bold=True, align="center")
        words.cell(table.rows[2].cells[index], f"{{{{ 行.{name} }}}}", size_pt=10.5, align="left" if width > 22 else "center")
    words.cell(table.rows[1].cells[0], "{%tr for 行 in " + field + " %}", size_pt=10.5)
    words.cell(table.rows[3].cells[0], "{%tr endfor %}", size_pt=10.5)


def _sums(first: Sequence[tuple[str, str, float]], *more: tuple[str, str, float]) -> list[tuple[str, str, float]]:
    return [*first, *((name, name, 17.0) for name in _SUMS), *more]


def _part(document: Any, heading: str, field: str, columns: Sequence[tuple[str, str, float]], none: str) -> None:
    from lib.papers import words

    words.paragraph(document, heading)
    words.paragraph(document, "{%p if " + field + " %}", indent=False)
    _table(document, field, columns)
    words.paragraph(document, "{%p else %}", indent=False)
    words.paragraph(document, none)
    words.paragraph(document, "{%p endif %}", indent=False)


def month() -> Any:
    """结对共建工作月报."""
    from lib.papers import words

    document = words.new_document(margin_mm=20)
    words.heading(document, "{{ 县 }}结对共建工作月报")
    words.paragraph(document, "（{{ 月份 }}）　填报单位：{{ 填报单位 }}　填报日期：{{ 填报日期 }}", indent=False, size_pt=12)
    words.paragraph(
        document,
        "{{ 月份 }}，按《{{ 工作方案 }}》应完成{{ 应完成 }}期，已完成{{ 已完成 }}期，待确认{{ 待确认 }}期，"
        "进行中{{ 进行中 }}期，未完成{{ 未完成 }}期，完成率{{ 完成率 }}。",
    )
    rule = [("序号", "序号", 11.0), ("规则", "名称", 34.0), ("周期", "周期", 16.0)]
    _part(document, "一、按规则完成情况", "规则", _sums(rule, ("上月完成率", "上月完成率", 17.0)), "本月没有应完成事项。")
    _part(
        document, "二、按镇完成情况", "镇", _sums([("序号", "序号", 11.0), ("镇（街道）", "名称", 40.0)]), "本月没有应完成事项。"
    )
    _part(document, "三、本月到期的季度、半年和年度事项", "到期事项", _sums(rule), "本月没有到期的季度、半年和年度事项。")
    overdue = [
        ("序号", "序号", 11.0),
        ("镇", "镇", 26.0),
        ("村", "村", 26.0),
        ("单位", "单位", 44.0),
        ("事项", "事项", 46.0),
        ("次数", "次数", 13.0),
    ]
    _part(document, "四、未完成事项（按行政区划顺序）", "未完成事项", overdue, "本月没有未完成事项。")
    _part(document, "五、本月变化", "变化", [("日期", "日期", 26.0), ("内容", "内容", 140.0)], "本月没有变化。")
    return document


def notice() -> Any:
    """考核结果通知."""
    from lib.papers import words

    document = words.new_document()
    words.heading(document, "{{ 年度 }}年度结对共建考核结果通知")
    words.paragraph(document, "{{ 单位 }}：", indent=False)
    words.paragraph(
        document,
        "根据{{ 考核名称 }}，你单位{{ 年度 }}年度结对共建考核得分{{ 得分 }}分，等次为“{{ 等次 }}”。{{ 等次说明 }}",
    )
    columns = [
        ("序号", "序号", 14.0),
        ("结对村", "村", 50.0),
        *((name, name, 24.0) for name in ("基础分", "加分", "扣分", "得分")),
    ]
    _part(document, "各结对村得分如下：", "结对", columns, "本年度没有参加考核的结对村。")
    words.paragraph(document, "{%p if 公示期 %}", indent=False)
    words.paragraph(document, "公示期：{{ 公示期 }}。如有异议，请在公示期内提出。")
    words.paragraph(document, "{%p endif %}", indent=False)
    words.paragraph(document, "")
    words.paragraph(document, "{{ 填报单位 }}", right=True)
    words.paragraph(document, "{{ 通知日期 }}", right=True)
    return document


def main() -> None:
    import django

    django.setup()
    from lib.papers import words

    for name, made in (("month", month()), ("notice", notice())):
        (FOLDER / f"{name}.docx").write_bytes(words.content_of(made))


if __name__ == "__main__":
    main()
