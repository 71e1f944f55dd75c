"""The ledger of households (党员联系户台账, domain.md §8.1, 6) as a form. What the product does not keep is never read."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from lib.sheets.columns import Column, SheetKind, Type
from pairing.ledgers import side_columns

_TOWN, _VILLAGE, _UNIT = side_columns()
_LONGEST = 40


def _text(name: str, heading: str, *aliases: str, most: int = _LONGEST) -> Column:
    return Column(name=name, heading=heading, aliases=aliases, none_words=True, max_length=most)


def _never(name: str, heading: str, *aliases: str) -> Column:
    """Known, and not kept: of a household the product holds the least that telling it apart takes."""
    return Column(name=name, heading=heading, aliases=aliases, dropped=True)


HOUSEHOLDS = SheetKind(
    code="households",
    label=_("Households (1+1+N)"),
    title="党员联系户(1+1+N)台账",
    columns=(
        _TOWN,
        replace(_VILLAGE, required=True),
        _text("group", "村民小组", "小组", "组别"),
        replace(_UNIT, aliases=(*_UNIT.aliases, "结对单位党员/单位", "单位党员/单位")),
        # As typed, with unit and telephone in one cell too.
        _text(
            "unit_member",
            "结对单位党员",
            "结对单位党员/姓名",
            "结对单位党员姓名",
            "单位党员",
            "单位党员/姓名",
            "单位党员姓名",
            "单位包户党员",
            "机关党员",
            "机关党员/姓名",
            most=120,
        ),
        _text(
            "village_member",
            "农村党员",
            "农村党员/姓名",
            "农村党员姓名",
            "村党员",
            "村党员/姓名",
            "村包户党员",
            "村党员姓名",
            most=120,
        ),
        _text("householder", "户主姓名", "户主", "联系户户主", "联系户", "联系户姓名"),
        _text("house_no", "门牌号", "门牌号码", "门牌", "户号", "住户编号", most=80),
        _text("address", "住址", "家庭住址", "地址", "详细地址", most=200),
        Column(
            name="listed_on", heading="建档时间", aliases=("登记时间", "列入时间", "建档日期"), type=Type.DATE, none_words=True
        ),
        Column(
            name="covered_from", heading="包户时间", aliases=("联系时间", "结对时间", "包户日期"), type=Type.DATE, none_words=True
        ),
        Column(name="delisted_on", heading="移出时间", aliases=("销户时间", "移出日期"), type=Type.DATE, none_words=True),
        _text("notes", "备注", most=200),
        _never(
            "phones",
            "联系电话",
            "电话",
            "结对单位党员/电话",
            "单位党员/电话",
            "农村党员/电话",
            "结对单位党员/联系电话",
            "农村党员/联系电话",
        ),
        _never("sort", "户类型", "农户类型", "家庭类型", "户类型(一般户/脱贫户/监测户/低保户/独居老人/留守儿童家庭)"),
        _never("people", "家庭人口", "人口", "人口数"),
        _never("visited", "走访时间", "走访日期"),
        _never("problem", "反映问题", "存在困难", "困难诉求"),
        _never("outcome", "办理情况", "落实情况"),
        _never("signed", "签名", "签字"),
    ),
)
