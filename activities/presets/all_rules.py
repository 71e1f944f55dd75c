"""Every rule of the table switched on: for counties whose plan asks for all of it, and for seeing what that would cost."""

from __future__ import annotations

from activities.presets.five_ones import FIVE_ONES

ALL_RULES = FIVE_ONES.all_switched_on(
    code="all_rules",
    title="全部规则",
    summary="五个一之外，调查研究、季度联合报告、督导会议、红旗评选、党建体检、事权月报、助农销售也全部启用。",
)
