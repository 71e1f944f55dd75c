"""The presets against the table of domain.md §2.2, written here by hand, and the readings of §2.4."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from activities.actions.terms import TERM_FIELDS
from activities.models import RuleTerms
from activities.presets import ALL_RULES, EMPTY, FIVE_ONES, PRESETS, RuleDeclared, TermsDeclared

# code, source wording, period, minimum, counted in, scope, counting day, counts when
TABLE = [
    ("labour_day", "每月至少到挂点联系村开展1次全民集中劳动日活动", "month", 1, "session", "pairing", "occurred", "confirmed"),
    ("benefit_project", "每季度至少领办推动1个项目建设(人才/产业/基础设施)",
     "quarter", 1, "project", "pairing", "occurred", "confirmed"),
    ("livelihood_item", "在走访调研基础上,每月至少为结对村办理1件民生实事", "month", 1, "item", "pairing", "closed", "confirmed"),
    ("courtyard", "每月至少指导新建1户“美丽庭院”", "month", 1, "household", "pairing", "built", "confirmed"),
    ("reception", "每周接待群众来访不少于1次", "week", 1, "session", "pairing", "occurred", "confirmed"),
    ("leader_reception", "其中组长每人每月接待群众来访不少于1次", "month", 1, "session", "pairing", "occurred", "confirmed"),
    ("research_visit", "机关基层党组织和在职党员每月深入村党组织开展1次调查研究",
     "month", 1, "session", "pairing", "occurred", "confirmed"),
    ("joint_report", "每季度联合书面报告", "quarter", 1, "report", "pairing", "reported", "confirmed"),
    ("supervision_meeting", "至少每半年召开一次", "half", 1, "session", "programme", "occurred", "submitted"),
    ("red_flag", "每半年一次评选", "half", 1, "session", "programme", "occurred", "submitted"),
    ("health_check", "每年一次党建体检", "year", 1, "report", "village_party", "occurred", "submitted"),
    ("major_matter_return", "每月上报", "month", 1, "report", "village_party", "occurred", "submitted"),
    ("sales_support", "每年…主题", "year", 1, "session", "pairing", "occurred", "confirmed"),
]  # fmt: skip
AT_FIRST = {"labour_day", "benefit_project", "livelihood_item", "courtyard", "reception", "leader_reception"}
# Values other than the plain ones, each an answer to a question of §2.4.
READINGS: dict[str, dict[str, Any]] = {
    "labour_day": {"in_village_only": True},
    "benefit_project": {"distinct_by": "project", "max_quarters_per_project": 2, "joint_counts_for": "lead"},
    "livelihood_item": {},
    "courtyard": {"distinct_by": "household", "joint_counts_for": "lead"},
    "reception": {"in_village_only": True, "online_per_month": 1},
    "leader_reception": {"in_village_only": True, "online_per_month": 1, "person_filter": "group_leader"},
    "joint_report": {"grace_days": 15},
}
PLAIN = {
    "person_filter": "",
    "distinct_by": "",
    "first_period": "waive",
    "last_period": "waive",
    "grace_days": 10,
    "carry_over": False,
    "joint_counts_for": "all",
    "min_visitors": 0,
    "in_village_only": False,
    "online_per_month": None,
    "max_quarters_per_project": None,
    "allow_multi": False,
    "week_month": "thursday",
    "min_working_days": 2,
}


def test_the_rules_are_those_of_the_table() -> None:
    declared = [
        (
            rule.code, rule.terms.source_text, rule.terms.period_kind, rule.terms.minimum, rule.terms.unit_of_count,
            rule.terms.scope, rule.terms.count_on, rule.terms.status_required,
        )
        for rule in FIVE_ONES.rules
    ]  # fmt: skip

    assert declared == TABLE


@pytest.mark.parametrize("rule", FIVE_ONES.rules, ids=lambda rule: rule.code)
def test_everything_else_is_plain_but_for_the_readings(rule: RuleDeclared) -> None:
    values = rule.terms.values()

    assert {name: values[name] for name in PLAIN} == {**PLAIN, **READINGS.get(rule.code, {})}
    assert values["types"] == [rule.code if rule.code != "leader_reception" else "reception"]
    assert rule.within == ("reception" if rule.code == "leader_reception" else "")


def test_six_rules_are_in_use_at_first_and_all_of_them_in_the_second_preset() -> None:
    assert {rule.code for rule in FIVE_ONES.rules if rule.is_active} == AT_FIRST
    assert all(rule.is_active for rule in ALL_RULES.rules)
    assert [rule.terms for rule in ALL_RULES.rules] == [rule.terms for rule in FIVE_ONES.rules]
    assert (EMPTY.rules, EMPTY.types, EMPTY.classes) == ((), (), ())
    assert list(PRESETS) == ["five_ones", "all_rules", "empty"]


def test_content_classes_are_the_six_of_the_plan() -> None:
    names = [one.name for one in FIVE_ONES.classes]

    assert names == ["组织共建", "队伍共管", "产业共谋", "优势资源共享", "民生实事共办", "品牌共创"]


def test_types_carry_what_their_ledgers_ask() -> None:
    carriers = {one.code: one.carrier.value for one in FIVE_ONES.types}

    assert {code: carrier for code, carrier in carriers.items() if carrier != "activity"} == {
        "benefit_project": "project",
        "livelihood_item": "livelihood_item",
        "courtyard": "courtyard",
        "reception": "reception",
        "training": "training",
        "joint_report": "report",
    }
    assert {code for rule in FIVE_ONES.rules for code in rule.terms.types} <= set(carriers)
    assert {one.content_class for one in FIVE_ONES.types} - {""} <= {one.code for one in FIVE_ONES.classes}


def test_declared_terms_have_the_fields_and_defaults_of_the_table() -> None:
    """A field added to the model must be answered in the presets too."""
    names = {one.name for one in fields(TermsDeclared)}
    assert names == set(TERM_FIELDS) - {"doc_no"}
    model = RuleTerms(types=[], period_kind="month", source_text="")
    declared = TermsDeclared(types=(), period_kind="month", source_text="").values()  # type: ignore[arg-type]
    assert declared == {name: getattr(model, name) for name in names}
