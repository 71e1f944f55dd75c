"""Rules in words: what stands on the page is made of the terms, so a changed term changes the sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from activities.actions.terms import TERM_FIELDS
from activities.models import RuleTerms
from activities.presets import FIVE_ONES
from activities.queries.rule_words import differences, in_words

TYPES = {one.code: one.name for one in FIVE_ONES.types}


def terms(code: str, **changes: Any) -> RuleTerms:
    declared = next(rule for rule in FIVE_ONES.rules if rule.code == code)
    return RuleTerms(effective_from=date(2024, 9, 3), number=1, **{**declared.terms.values(), **changes})


@pytest.mark.parametrize(
    ("code", "changes", "sentence"),
    [
        ("labour_day", {}, "每对结对每月至少完成集中劳动1次。"),
        ("benefit_project", {}, "每对结对每季度至少完成利民项目1个。"),
        ("courtyard", {}, "每对结对每月至少完成美丽庭院1户。"),
        ("reception", {"minimum": 2}, "每对结对每周至少完成接待群众来访2次。"),
        ("joint_report", {}, "每对结对每季度至少完成季度联合报告1份。"),
        ("health_check", {}, "每个村党组织自身每年至少完成党建体检1份。"),
        ("red_flag", {}, "全县（市、区）每半年至少完成红旗党组织评选1次。"),
        ("labour_day", {"scope": "village"}, "每个村（由任一结对单位完成）每月至少完成集中劳动1次。"),
        ("labour_day", {"types": ["labour_day", "volunteer"]}, "每对结对每月至少完成集中劳动、志愿服务1次。"),
    ],
)
def test_what_is_asked_of_whom(code: str, changes: dict[str, Any], sentence: str) -> None:
    with override("zh-hans"):
        assert in_words(terms(code, **changes), TYPES, lock_day=15).asks == sentence


@pytest.mark.parametrize(
    ("code", "changes", "part", "is_said"),
    [
        ("labour_day", {}, "只计在村内开展的", True),
        ("labour_day", {"in_village_only": False}, "只计在村内开展的", False),
        ("reception", {}, "线上或电话方式每月最多计1次", True),
        ("reception", {"online_per_month": None}, "线上", False),
        ("reception", {"min_visitors": 3}, "来访人数不少于3人", True),
        ("leader_reception", {}, "组长须在场", True),
        ("courtyard", {}, "同一户只计一次", True),
        ("courtyard", {}, "只计牵头结对", True),
        ("benefit_project", {}, "最多满足2个周期", True),
        ("benefit_project", {"max_quarters_per_project": None}, "最多满足", False),
        ("red_flag", {}, "登记后即计数", True),
        ("red_flag", {}, "结对", False),
    ],
)
def test_what_counts(code: str, changes: dict[str, Any], part: str, is_said: bool) -> None:
    with override("zh-hans"):
        assert (part in in_words(terms(code, **changes), TYPES, lock_day=15).counts) is is_said


@pytest.mark.parametrize(
    ("code", "changes", "part", "is_said"),
    [
        ("labour_day", {}, "周期结束后10天内填报为按时", True),
        ("joint_report", {}, "周期结束后15天内填报为按时", True),
        ("labour_day", {}, "次月15日后当月锁定", True),
        ("livelihood_item", {}, "按办结日期归入周期", True),
        ("courtyard", {"count_on": "awarded"}, "按授牌日期归入周期", True),
        ("reception", {}, "工作日少于2天的周豁免", True),
        ("reception", {"week_month": "sunday"}, "周归入其星期日所在的月份", True),
        ("labour_day", {}, "的周豁免", False),
        ("labour_day", {"first_period": "full"}, "结对开始所在的周期照常要求", True),
        ("labour_day", {"carry_over": True}, "超出部分可结转", True),
    ],
)
def test_which_days_matter(code: str, changes: dict[str, Any], part: str, is_said: bool) -> None:
    with override("zh-hans"):
        assert (part in in_words(terms(code, **changes), TYPES, lock_day=15).when) is is_said


def test_every_setting_changes_the_words_of_a_difference() -> None:
    """A setting that a preview did not name would be changed unseen."""
    others: dict[str, Any] = {
        "types": ["volunteer"], "period_kind": "week", "minimum": 2, "unit_of_count": "report", "scope": "village",
        "person_filter": "group_leader", "count_on": "awarded", "status_required": "submitted", "distinct_by": "household",
        "first_period": "full", "last_period": "full", "grace_days": 3, "carry_over": True, "joint_counts_for": "lead",
        "min_visitors": 1, "in_village_only": False, "online_per_month": 2, "max_quarters_per_project": 1, "allow_multi": True,
        "week_month": "sunday", "min_working_days": 1, "source_text": "x", "doc_no": "x",
    }  # fmt: skip
    assert set(others) == set(TERM_FIELDS)
    before = terms("labour_day")
    for name, value in others.items():
        found = differences(before, terms("labour_day", **{name: value}), TERM_FIELDS, TYPES)
        assert len(found) == 1, name
        assert found[0].before != found[0].after, name


def test_the_words_exist_in_english_too() -> None:
    with override("en"):
        words = in_words(terms("reception"), {"reception": "reception"}, lock_day=None)

    assert words.asks == "Each pairing owes at least 1 session of reception each week."
    assert words.counts.startswith("Records confirmed by the other side count; it takes place in the village")
