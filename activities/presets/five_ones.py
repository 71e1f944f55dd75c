"""五个一: the quotas of the county plan, in the readings that the plan's explanatory list supports (domain.md §2.2, §2.4).

Numbers behind the values name the question of §2.4 that they answer; each may be answered otherwise when the year is
opened or later, by publishing new terms.
"""

from __future__ import annotations

from activities.models import (
    Carrier,
    CountOn,
    DistinctBy,
    JointCountsFor,
    PeriodKind,
    PersonFilter,
    RuleScope,
    StatusRequired,
    UnitOfCount,
)
from activities.presets.declare import ClassDeclared, Preset, RuleDeclared, TermsDeclared, TypeDeclared

CLASSES = (
    ClassDeclared("organisation", "组织共建"),
    ClassDeclared("team", "队伍共管"),
    ClassDeclared("industry", "产业共谋"),
    ClassDeclared("resources", "优势资源共享"),
    ClassDeclared("livelihood", "民生实事共办"),
    ClassDeclared("brand", "品牌共创"),
)

TYPES = (
    TypeDeclared("labour_day", "集中劳动", content_class="livelihood"),
    TypeDeclared("benefit_project", "利民项目", Carrier.PROJECT, "industry"),
    TypeDeclared("livelihood_item", "民生实事", Carrier.LIVELIHOOD, "livelihood"),
    TypeDeclared("courtyard", "美丽庭院", Carrier.COURTYARD, "livelihood"),
    TypeDeclared("reception", "接待群众来访", Carrier.RECEPTION, "livelihood"),
    TypeDeclared("research_visit", "调查研究", content_class="organisation"),
    TypeDeclared("theme_party_day", "主题党日", content_class="organisation"),
    TypeDeclared("joint_report", "季度联合报告", Carrier.REPORT, "organisation"),
    TypeDeclared("training", "培训/农民夜校", Carrier.TRAINING, "resources"),
    TypeDeclared("sales_support", "助农销售", content_class="industry"),
    TypeDeclared("mutual_visit", "互访交流", content_class="team"),
    TypeDeclared("study_visit", "观摩学习", content_class="team"),
    TypeDeclared("forum", "座谈会", content_class="team"),
    TypeDeclared("volunteer", "志愿服务", content_class="livelihood"),
    TypeDeclared("supervision_meeting", "督导会议", content_class="organisation"),
    TypeDeclared("red_flag", "红旗党组织评选", content_class="brand"),
    TypeDeclared("health_check", "党建体检", content_class="organisation"),
    TypeDeclared("major_matter_return", "重要事权清单月报", content_class="organisation"),
)

RULES = (
    RuleDeclared(
        "labour_day",
        "集中劳动",
        TermsDeclared(
            types=("labour_day",),
            period_kind=PeriodKind.MONTH,
            in_village_only=True,  # A18
            source_text="每月至少到挂点联系村开展1次全民集中劳动日活动",
        ),
        is_active=True,
    ),
    RuleDeclared(
        "benefit_project",
        "利民项目",
        TermsDeclared(
            types=("benefit_project",),
            period_kind=PeriodKind.QUARTER,
            unit_of_count=UnitOfCount.PROJECT,
            distinct_by=DistinctBy.PROJECT,  # A8: progress on a project, not its milestones, is counted
            max_quarters_per_project=2,  # A8
            joint_counts_for=JointCountsFor.LEAD,  # A9: lead and declared co-leads
            source_text="每季度至少领办推动1个项目建设(人才/产业/基础设施)",
        ),
        is_active=True,
    ),
    RuleDeclared(
        "livelihood_item",
        "民生实事",
        TermsDeclared(
            types=("livelihood_item",),
            period_kind=PeriodKind.MONTH,
            unit_of_count=UnitOfCount.ITEM,
            count_on=CountOn.CLOSED,  # A10
            source_text="在走访调研基础上,每月至少为结对村办理1件民生实事",
        ),
        is_active=True,
    ),
    RuleDeclared(
        "courtyard",
        "美丽庭院",
        TermsDeclared(
            types=("courtyard",),
            period_kind=PeriodKind.MONTH,
            unit_of_count=UnitOfCount.HOUSEHOLD,
            count_on=CountOn.BUILT,  # A5
            distinct_by=DistinctBy.HOUSEHOLD,  # A4
            joint_counts_for=JointCountsFor.LEAD,  # A4
            source_text="每月至少指导新建1户“美丽庭院”",
        ),
        is_active=True,
    ),
    RuleDeclared(
        "reception",
        "接待群众来访",
        TermsDeclared(
            types=("reception",),
            period_kind=PeriodKind.WEEK,
            in_village_only=True,  # A18
            online_per_month=1,  # A18
            source_text="每周接待群众来访不少于1次",
        ),
        is_active=True,
    ),
    RuleDeclared(
        "leader_reception",
        "组长接待群众来访",
        TermsDeclared(
            types=("reception",),
            period_kind=PeriodKind.MONTH,
            person_filter=PersonFilter.GROUP_LEADER,  # A15 to A17: the office owes it, deputies do not count
            in_village_only=True,  # A18: they are among the receptions above, so the same places count
            online_per_month=1,
            source_text="其中组长每人每月接待群众来访不少于1次",
        ),
        is_active=True,
        within="reception",  # A14
    ),
    RuleDeclared(
        "research_visit",
        "调查研究",
        TermsDeclared(
            types=("research_visit",),
            period_kind=PeriodKind.MONTH,  # A20: of the branch, so of each pairing
            source_text="机关基层党组织和在职党员每月深入村党组织开展1次调查研究",
        ),
    ),
    RuleDeclared(
        "joint_report",
        "季度联合报告",
        TermsDeclared(
            types=("joint_report",),
            period_kind=PeriodKind.QUARTER,
            unit_of_count=UnitOfCount.REPORT,
            count_on=CountOn.REPORTED,
            grace_days=15,
            source_text="每季度联合书面报告",
        ),
    ),
    RuleDeclared(
        "supervision_meeting",
        "督导会议",
        TermsDeclared(
            types=("supervision_meeting",),
            period_kind=PeriodKind.HALF,
            scope=RuleScope.PROGRAMME,
            status_required=StatusRequired.SUBMITTED,
            source_text="至少每半年召开一次",
        ),
    ),
    RuleDeclared(
        "red_flag",
        "红旗党组织评选",
        TermsDeclared(
            types=("red_flag",),
            period_kind=PeriodKind.HALF,
            scope=RuleScope.PROGRAMME,
            status_required=StatusRequired.SUBMITTED,
            source_text="每半年一次评选",
        ),
    ),
    RuleDeclared(
        "health_check",
        "党建体检",
        TermsDeclared(
            types=("health_check",),
            period_kind=PeriodKind.YEAR,
            unit_of_count=UnitOfCount.REPORT,
            scope=RuleScope.VILLAGE_PARTY,
            status_required=StatusRequired.SUBMITTED,
            source_text="每年一次党建体检",
        ),
    ),
    RuleDeclared(
        "major_matter_return",
        "重要事权清单月报",
        TermsDeclared(
            types=("major_matter_return",),
            period_kind=PeriodKind.MONTH,
            unit_of_count=UnitOfCount.REPORT,
            scope=RuleScope.VILLAGE_PARTY,
            status_required=StatusRequired.SUBMITTED,
            source_text="每月上报",
        ),
    ),
    RuleDeclared(
        "sales_support",
        "助农销售",
        TermsDeclared(
            types=("sales_support",),
            period_kind=PeriodKind.YEAR,
            source_text="每年…主题",
        ),
    ),
)

FIVE_ONES = Preset(
    code="five_ones",
    title="五个一",
    summary="集中劳动、利民项目、民生实事、美丽庭院、接待群众来访五项按期要求；其余规则已备好，默认不启用。",
    classes=CLASSES,
    types=TYPES,
    rules=RULES,
)
