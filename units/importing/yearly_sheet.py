"""The ledger of village economy (村集体经济收入台账) as a form: a row a village with a column a year, or a row a figure.

People keep the first (domain.md §8.1, 9); the product's own export is the second.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from lib.sheets.columns import Column, Option, SheetKind, Type
from units.models import Metric

FIRST_YEAR, LAST_YEAR = 2000, 2100
_COLUMN = re.compile(r"(collective_income|operating_income)_([0-9]{4})")
# 其中经营性收入, without a year: of the last year in the sheet.
OF_LAST_YEAR = "operating_income_of_last_year"

_COLLECTIVE = Option(
    Metric.COLLECTIVE_INCOME,
    "村集体经济收入(元)",
    ("村集体经济收入", "集体经济收入", "村集体收入", "集体收入", "村集体经济总收入", "村级集体经济收入"),
)
_OPERATING = Option(
    Metric.OPERATING_INCOME, "经营性收入(元)", ("经营性收入", "集体经营性收入", "村集体经营性收入", "其中经营性收入", "经营收入")
)


def _of_year(metric: str, year: int) -> Column:
    word, *others = (
        ("收入", "村集体经济收入", "集体经济收入", "村集体收入", "集体收入", "村级集体经济收入", "总收入", "")
        if metric == Metric.COLLECTIVE_INCOME
        else ("经营性收入", "其中经营性收入", "集体经营性收入", "经营收入")
    )
    return Column(
        name=f"{metric}_{year}",
        heading=f"{year}年{word}(万元)",
        aliases=tuple(f"{stem}{other}" for other in others for stem in (f"{year}年", f"{year}年度")),
        type=Type.MONEY,
        none_words=True,
    )


def figure_of(column: str) -> tuple[str, int] | None:
    """Metric and year that a column of the wide form stands for; None for any other."""
    found = _COLUMN.fullmatch(column)
    return (found[1], int(found[2])) if found else None


FIGURES = SheetKind(
    code="figures",
    label=_("Village economy by year"),
    title="村集体经济收入台账",
    # 村 and one year are a sheet.
    needs=2,
    columns=(
        Column(
            name="town",
            heading="镇(街道)",
            label=_("Town"),
            aliases=("镇", "镇街", "乡镇", "街道", "镇(街)", "乡镇(街道)", "所属镇", "所在镇"),
            type=Type.UNIT_NAME,
            none_words=True,
            max_length=80,
        ),
        Column(
            name="village",
            heading="村",
            label=_("Village"),
            aliases=("村(社区)", "行政村", "村名", "所在村", "结对村", "薄弱村", "村名称"),
            type=Type.UNIT_NAME,
            required=True,
            max_length=80,
        ),
        Column(
            name="metric",
            heading="指标",
            label=_("Figure"),
            aliases=("指标名称", "收入类别"),
            type=Type.CHOICE,
            options=(_COLLECTIVE, _OPERATING),
            none_words=True,
        ),
        Column(name="year", heading="年度", label=_("Year"), aliases=("年份", "年"), none_words=True, max_length=20),
        Column(
            name="value",
            heading="金额(元)",
            label=_("Value (yuan)"),
            aliases=("金额", "金额(万元)", "数值", "收入", "村集体经济收入", "集体经济收入", "村集体收入"),
            type=Type.MONEY,
            none_words=True,
        ),
        Column(
            name="source",
            heading="数据来源",
            label=_("Source"),
            aliases=("来源", "依据", "数据出处"),
            none_words=True,
            max_length=120,
        ),
        *(_of_year(Metric.COLLECTIVE_INCOME, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)),
        *(_of_year(Metric.OPERATING_INCOME, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)),
        Column(
            name=OF_LAST_YEAR,
            heading="其中经营性收入(万元)",
            aliases=("其中:经营性收入", "经营性收入", "其中经营性收入"),
            type=Type.MONEY,
            none_words=True,
        ),
    ),
)
