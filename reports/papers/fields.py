"""What a template may name: the fields of each paper, in Chinese, for that is what people type into Word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lib.papers.language import Fields
from reports.models import PaperTemplateKind

_SUMS = ("应完成", "已完成", "待确认", "进行中", "未完成", "完成率")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. ``title`` also names its files."""

    title: str
    fields: Fields


PAPERS: Mapping[str, Paper] = {
    PaperTemplateKind.MONTH: Paper(
        "结对共建工作月报",
        {
            "县": None,
            "填报单位": None,
            "月份": None,
            "工作方案": None,
            "填报日期": None,
            **dict.fromkeys(_SUMS),
            "规则": ("序号", "名称", "周期", *_SUMS, "上月完成率"),
            "镇": ("序号", "名称", *_SUMS),
            "到期事项": ("序号", "名称", "周期", *_SUMS),
            "未完成事项": ("序号", "镇", "村", "单位", "事项", "次数"),
            "变化": ("日期", "内容"),
        },
    ),
    PaperTemplateKind.NOTICE: Paper(
        "考核结果通知",
        {
            "县": None,
            "填报单位": None,
            "单位": None,
            "年度": None,
            "考核名称": None,
            "得分": None,
            "等次": None,
            "按分数等次": None,
            "等次说明": None,
            "公示期": None,
            "纪要编号": None,
            "通知日期": None,
            "结对": ("序号", "村", "基础分", "加分", "扣分", "得分"),
        },
    ),
}
