"""Versions of rules: drafting, publishing, truncation; past periods keep the version that was in force."""

from __future__ import annotations

from datetime import date

import pytest

from activities.actions.rules import (
    RuleRefused,
    create_rule,
    draft_of,
    draft_terms,
    drop_draft,
    publish_draft,
    publish_terms,
    switch_rule,
)
from activities.actions.terms import TermsRefused
from activities.models import Obligation, Rule, RuleTerms
from pairing.models import Programme
from tests import factories as make
from tests.activities.rules.conftest import ACTOR


@pytest.fixture
def rule(year: Programme) -> Rule:
    found: Rule = Rule.objects.get(programme=year, code="labour_day")
    return found


def spans(rule: Rule) -> list[tuple[int, date, date | None, int]]:
    rows = RuleTerms.objects.filter(rule=rule).order_by("number")
    return [(row.number, row.effective_from, row.effective_to, row.minimum) for row in rows]


def publish(rule: Rule, day: date, **changes: object) -> RuleTerms:
    return publish_terms(rule=rule, changes=changes, effective_from=day, reason="区委调整", actor=ACTOR)


def test_publishing_ends_the_version_before_and_keeps_it(rule: Rule) -> None:
    new = publish(rule, date(2025, 3, 1), minimum=2)

    assert spans(rule) == [(1, date(2024, 9, 3), date(2025, 2, 28), 1), (2, date(2025, 3, 1), None, 2)]
    assert new.in_village_only
    assert new.source_text == "每月至少到挂点联系村开展1次全民集中劳动日活动"
    assert new.published_at is not None


def test_a_period_is_judged_by_the_version_in_force_on_its_last_day(rule: Rule, year: Programme) -> None:
    pairing = make.make_pairing(programme=year)

    publish(rule, date(2024, 11, 15), minimum=3)

    required = dict(Obligation.objects.filter(pairing=pairing, rule=rule).values_list("starts_on", "required"))
    assert (required[date(2024, 10, 1)], required[date(2024, 11, 1)], required[date(2024, 12, 1)]) == (1, 3, 3)


def test_a_retroactive_version_truncates_those_after_it_and_they_stay_readable(rule: Rule) -> None:
    publish(rule, date(2025, 3, 1), minimum=2)
    publish(rule, date(2025, 6, 1), minimum=3)

    publish(rule, date(2025, 2, 1), minimum=4)

    assert spans(rule) == [
        (1, date(2024, 9, 3), date(2025, 1, 31), 1),
        (2, date(2025, 3, 1), date(2025, 2, 28), 2),  # on no day in force
        (3, date(2025, 6, 1), date(2025, 5, 31), 3),
        (4, date(2025, 2, 1), None, 4),
    ]


def test_two_versions_of_one_day_leave_the_later_one_in_force(rule: Rule, year: Programme) -> None:
    pairing = make.make_pairing(programme=year)

    publish(rule, date(2025, 3, 1), minimum=2)
    publish(rule, date(2025, 3, 1), minimum=5)

    cell = Obligation.objects.get(pairing=pairing, rule=rule, starts_on=date(2025, 3, 1))
    assert (cell.required, cell.terms.number) == (5, 3)
    assert spans(rule)[1][1:3] == (date(2025, 3, 1), date(2025, 2, 28))


def test_a_change_starts_from_the_version_in_force_on_its_day_not_from_the_newest(rule: Rule) -> None:
    publish(rule, date(2025, 6, 1), minimum=3)

    new = publish(rule, date(2025, 2, 1), grace_days=20)

    assert (new.minimum, new.grace_days) == (1, 20)


def test_a_draft_binds_nobody_until_it_is_published(rule: Rule, year: Programme) -> None:
    pairing = make.make_pairing(programme=year)
    draft_terms(rule=rule, changes={"minimum": 2}, actor=ACTOR)
    draft = draft_terms(rule=rule, changes={"grace_days": 5}, actor=ACTOR)
    assert (draft.number, draft.minimum, draft.grace_days) == (2, 2, 5)
    assert spans(rule)[0] == (1, date(2024, 9, 3), None, 1)
    assert not Obligation.objects.filter(pairing=pairing, rule=rule, required=2).exists()

    publish_draft(rule=rule, effective_from=date(2025, 1, 1), reason="区委调整", actor=ACTOR)

    assert spans(rule) == [(1, date(2024, 9, 3), date(2024, 12, 31), 1), (2, date(2025, 1, 1), None, 2)]
    required = dict(Obligation.objects.filter(pairing=pairing, rule=rule).values_list("starts_on", "required"))
    assert (required[date(2024, 12, 1)], required[date(2025, 1, 1)]) == (1, 2)


def test_a_draft_is_dropped_once(rule: Rule) -> None:
    draft_terms(rule=rule, changes={"minimum": 2}, actor=ACTOR)

    drop_draft(rule=rule, actor=ACTOR)
    with pytest.raises(RuleRefused):
        drop_draft(rule=rule, actor=ACTOR)

    assert draft_of(rule) is None
    assert len(spans(rule)) == 1


def test_publishing_is_refused_with_a_stable_word_and_changes_nothing(rule: Rule) -> None:
    before = spans(rule)

    for changes, day, reason, code in (
        ({"minimum": 1}, date(2025, 3, 1), "x", "unchanged"),
        ({"minimum": 2}, date(2026, 1, 1), "x", "outside"),
        ({"minimum": 2}, date(2025, 3, 1), "  ", "invalid"),
    ):
        with pytest.raises(RuleRefused) as refusal:
            publish_terms(rule=rule, changes=changes, effective_from=day, reason=reason, actor=ACTOR)
        assert refusal.value.code == code
    with pytest.raises(TermsRefused) as wrong:
        publish(rule, date(2025, 3, 1), minimum=0, scope="moon", colour=1, count_on="closed")
    assert set(wrong.value.message_dict) == {"minimum", "scope", "colour"}
    assert spans(rule) == before

    draft_terms(rule=rule, changes={"minimum": 2}, actor=ACTOR)
    with pytest.raises(RuleRefused) as waits:
        publish(rule, date(2025, 3, 1), minimum=3)
    assert waits.value.code == "draft_waits"


def test_switching_a_rule_off_takes_its_cells_away_and_on_brings_them_back(rule: Rule, year: Programme) -> None:
    pairing = make.make_pairing(programme=year)
    switch_rule(rule=rule, is_active=False, actor=ACTOR)
    assert not Obligation.objects.filter(pairing=pairing, rule=rule).exists()

    switch_rule(rule=rule, is_active=True, actor=ACTOR)

    assert Obligation.objects.filter(pairing=pairing, rule=rule).count() == 16


def test_a_county_writes_rules_of_its_own(year: Programme) -> None:
    pairing = make.make_pairing(programme=year)

    rule = create_rule(
        programme=year,
        code="night_school",
        name="农民夜校",
        terms={"types": ["training"], "period_kind": "half", "minimum": "2"},
        actor=ACTOR,
    )

    assert rule.position == 13
    assert list(
        Obligation.objects.filter(pairing=pairing, rule=rule).order_by("starts_on").values_list("starts_on", "required", "is_due")
    ) == [(date(2024, 7, 1), 2, False), (date(2025, 1, 1), 2, True), (date(2025, 7, 1), 2, True)]


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"code": "labour_day"}, {"code"}),
        ({"code": "夜校"}, {"code"}),
        ({"code": "x" * 31}, {"code"}),
        ({"name": ""}, {"name"}),
        ({"within": "nothing"}, {"within"}),
        ({"terms": {"period_kind": "week"}}, {"types"}),
        ({"terms": {"types": ["training"]}}, {"period_kind"}),
        ({"terms": {"types": ["training"], "period_kind": "day"}}, {"period_kind"}),
        ({"terms": {"types": ["nothing"], "period_kind": "week"}}, {"types"}),
        ({"terms": {"types": ["training"], "period_kind": "week", "distinct_by": "household"}}, {"distinct_by"}),
        (
            {"terms": {"types": ["training"], "period_kind": "week", "scope": "programme", "person_filter": "group_leader"}},
            {"person_filter"},
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused_under_the_names_of_its_fields(
    year: Programme, facts: dict[str, object], fields: set[str]
) -> None:
    given = {"code": "night_school", "name": "夜校", "terms": {"types": ["training"], "period_kind": "half"}, **facts}

    with pytest.raises((RuleRefused, TermsRefused)) as refusal:
        create_rule(programme=year, actor=ACTOR, **given)  # type: ignore[arg-type]

    assert set(refusal.value.message_dict) == fields
    assert Rule.objects.count() == 13
