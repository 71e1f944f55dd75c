"""JDGJ-100 结对共建年度考核评分细则: the rubric of domain.md §3.2, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from assessment.models import Grade, LineSource, Rubric, RubricBand, RubricGroup, RubricLine, Section
from tenancy.scope import current_tenant

CODE = "JDGJ-100"
TITLE = "结对共建年度考核评分细则"


@dataclass(frozen=True, slots=True)
class LineDeclared:
    """One line; names and meanings are those of ``RubricLine``."""

    code: str
    name: str
    marks: str
    source: LineSource
    reading: str
    pattern: str
    reading_terms: dict[str, Any] = field(default_factory=dict)
    pattern_terms: dict[str, Any] = field(default_factory=dict)
    evidence: str = ""
    on_site: bool = False


@dataclass(frozen=True, slots=True)
class GroupDeclared:
    code: str
    name: str
    lines: tuple[LineDeclared, ...]
    section: Section = Section.BASE


_SYSTEM, _REVIEWER = LineSource.SYSTEM, LineSource.REVIEWER

GROUPS = (
    GroupDeclared(
        "A",
        "组织共建",
        (
            LineDeclared(
                "A1", "共建协议与年度计划", "4", _SYSTEM, "papers", "parts",
                {"papers": ["agreement", "plan"]}, {"parts": {"agreement": 2, "plan": 2}}, "协议签订日期、计划批准日期",
            ),
            LineDeclared(
                "A2", "单位主要负责人到村调研", "4", _REVIEWER, "entry", "per_missing",
                {
                    "least": 0, "most": 366,
                    "beside": {"reading": "records", "types": ["research_visit"], "only": "principal"},
                },
                {"required": 4, "each": 1, "floor": True, "figure": "value"}, "调查研究记录（主要负责人在场）", on_site=True,
            ),
            LineDeclared(
                "A3", "联合主题党日", "4", _SYSTEM, "records", "per_missing",
                {"types": ["theme_party_day"]}, {"required": 4, "each": 1, "floor": True}, "主题党日记录",
            ),
            LineDeclared(
                "A4", "季度联合报告", "3", _SYSTEM, "reports", "per_missing",
                {"type": "joint_report", "rule": "joint_report", "a_year": 4, "days": 15},
                {"required": "due", "each": 1, "floor": True, "figure": "submitted", "late_each": "0.5"}, "季度联合书面报告",
            ),
        ),
    ),
    GroupDeclared(
        "B",
        "队伍共管",
        (
            LineDeclared(
                "B1", "“1+1+N”包户覆盖", "6", _SYSTEM, "households", "ratio",
                {}, {"part": "covered", "whole": "listed"}, "党员联系户台账",
            ),
            LineDeclared(
                "B2", "群众知晓包户党员", "4", LineSource.HOUSEHOLDS, "entry", "per_missed",
                {"least": 0, "most": 10, "sampled": 10}, {"each": "0.5", "floor": True, "figure": "value"}, "入户抽查表",
                on_site=True,
            ),
        ),
    ),
    GroupDeclared(
        "C",
        "产业共谋",
        (
            LineDeclared(
                "C1", "利民项目", "8", _REVIEWER, "periods", "per_met",
                {"rule": "benefit_project"}, {"each": 2, "of_due": True}, "利民项目每季度完成情况",
            ),
            LineDeclared(
                "C2", "助农销售", "3", _REVIEWER, "records", "threshold",
                {"types": ["sales_support"]}, {"at_least": 1, "else": 0}, "助农销售记录",
            ),
            LineDeclared(
                "C3", "村集体经济收入增长", "4", _REVIEWER, "growth", "steps",
                {"metric": "collective_income"},
                {"steps": [{"from": 10, "score": 4}, {"from": 5, "score": 3}, {"above": 0, "score": 2}]}, "村集体经济台账",
            ),
        ),
    ),
    GroupDeclared(
        "D",
        "优势资源共享",
        (
            LineDeclared(
                "D1", "农民夜校/技术培训", "5", _SYSTEM, "records", "per_missing",
                {"types": ["training"]}, {"required": 2, "each": "2.5", "floor": True}, "培训记录",
            ),
        ),
    ),
    GroupDeclared(
        "E",
        "民生实事共办（五个一）",
        (
            LineDeclared(
                "E1", "集中劳动", "6", _SYSTEM, "periods", "per_missed",
                {"rule": "labour_day"}, {"each": 1, "floor": True}, "每月完成情况",
            ),
            LineDeclared(
                "E2", "民生实事", "6", _SYSTEM, "periods", "per_missed",
                {"rule": "livelihood_item"}, {"each": 1, "floor": True}, "每月完成情况",
            ),
            LineDeclared(
                "E3", "美丽庭院", "4", _SYSTEM, "periods", "per_missed",
                {"rule": "courtyard"}, {"each": "0.5", "floor": True}, "每月完成情况",
            ),
            LineDeclared(
                "E4", "每周接访", "5", _SYSTEM, "periods", "ratio",
                {"rule": "reception"}, {"part": "met", "whole": "due"}, "每周完成情况",
            ),
            LineDeclared(
                "E5", "组长接访", "4", _SYSTEM, "periods", "per_missed",
                {"rule": "leader_reception"}, {"each": "0.5", "floor": True}, "每月完成情况",
            ),
        ),
    ),
    GroupDeclared(
        "F",
        "亮点品牌共创",
        (
            LineDeclared(
                "F", "亮点品牌共创", "5", _REVIEWER, "entry", "choice",
                {}, {"choices": {"adopted": 5, "submitted": 3, "none": 0}}, "亮点材料采用情况",
            ),
        ),
    ),
    GroupDeclared(
        "G",
        "满意度",
        (
            LineDeclared(
                "G1", "村党组织评价", "10", LineSource.OTHER_SIDE, "entry", "mark",
                {"least": 0, "most": 100}, {"of": 100}, "村党组织评价表",
            ),
            LineDeclared(
                "G2", "群众测评", "15", LineSource.POLL, "poll", "weighted_poll",
                {}, {"weights": {"satisfied": "1", "fairly": "0.75", "dissatisfied": "0.55"}, "least_valid": 10},
                "群众满意度测评",
            ),
        ),
    ),
    GroupDeclared(
        "H",
        "加分",
        (
            LineDeclared(
                "H", "经验做法推广", "5", _SYSTEM, "honours", "levels",
                {}, {"levels": {"city": 2, "province": 3}}, "上级推广文件",
            ),
        ),
        Section.BONUS,
    ),
    GroupDeclared(
        "I",
        "扣分",
        (
            LineDeclared(
                "I", "不实记录、逾期整改和预警", "10", _SYSTEM, "conduct", "penalties",
                {},
                {
                    "penalties": {
                        "untrue": {"each": 2, "every": 1},
                        "overdue": {"each": 1, "every": 1},
                        "yellow": {"each": 1, "every": 2},
                        "red": {"each": 2, "every": 1},
                    }
                },
                "抽查、整改台账、预警",
            ),
        ),
        Section.DEDUCTION,
    ),
)  # fmt: skip

BANDS = ((Grade.GOOD, "好", "90"), (Grade.FAIRLY_GOOD, "较好", "80"), (Grade.AVERAGE, "一般", "60"), (Grade.POOR, "较差", None))


@transaction.atomic
def make(*, number: int = 1, **fields: Any) -> Rubric:
    """The rubric with its groups, lines and bands, as version ``number``; ``fields`` of ``Rubric`` as given."""
    tenant = current_tenant()
    rubric: Rubric = Rubric.objects.create(
        tenant=tenant,
        number=number,
        **{"code": CODE, "title": TITLE, "tie_breakers": ["G2", "E"], "veto_grade": Grade.POOR, **fields},
    )
    groups = RubricGroup.objects.bulk_create(
        RubricGroup(tenant=tenant, rubric=rubric, code=one.code, name=one.name, section=one.section, position=place)
        for place, one in enumerate(GROUPS)
    )
    RubricLine.objects.bulk_create(
        RubricLine(
            tenant=tenant,
            rubric=rubric,
            group=group,
            code=line.code,
            name=line.name,
            max_score=Decimal(line.marks),
            source=line.source,
            reading=line.reading,
            reading_terms=line.reading_terms,
            pattern=line.pattern,
            pattern_terms=line.pattern_terms,
            evidence=line.evidence,
            on_site=line.on_site,
            position=place,
        )
        for group, declared in zip(groups, GROUPS, strict=True)
        for place, line in enumerate(declared.lines)
    )
    RubricBand.objects.bulk_create(
        RubricBand(tenant=tenant, rubric=rubric, grade=grade, word=word, from_score=lower and Decimal(lower))
        for grade, word, lower in BANDS
    )
    return rubric
