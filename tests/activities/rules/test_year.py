"""Opening a programme year: the preset's rows, switches by their words, the calendar, and the first counting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.actions.year import YearRefused, change_deadlines, open_year, switch_on
from activities.models import ActivityType, ContentClass, Obligation, Rule, RuleTerms, WorkingDay, YearSettings
from pairing.models import Programme
from tests import factories as make
from tests.activities.rules.conftest import ACTOR


def terms(code: str) -> RuleTerms:
    found: RuleTerms = RuleTerms.objects.get(rule__code=code)
    return found


def test_opening_writes_classes_types_rules_in_force_from_the_first_day_and_deadlines(programme: Programme) -> None:
    open_year(programme=programme, preset="five_ones", actor=ACTOR)

    assert ContentClass.objects.count() == 6
    assert ActivityType.objects.count() == 18
    assert set(Rule.objects.filter(is_active=True).values_list("code", flat=True)) == {
        "labour_day", "benefit_project", "livelihood_item", "courtyard", "reception", "leader_reception"
    }  # fmt: skip
    assert Rule.objects.count() == 13
    assert {row.effective_from for row in RuleTerms.objects.all()} == {date(2024, 9, 3)}
    assert not RuleTerms.objects.filter(published_at=None).exists()
    settings = YearSettings.objects.get(programme=programme)
    assert (settings.lock_day, settings.confirm_days, settings.switched_on) == (15, 7, None)


def test_opening_counts_for_the_first_time(programme: Programme) -> None:
    pairing = make.make_pairing(programme=programme)

    open_year(programme=programme, preset="five_ones", actor=ACTOR)

    cells = Obligation.objects.filter(pairing=pairing, rule__code="labour_day")
    assert list(cells.order_by("starts_on").values_list("starts_on", "is_due")[:2]) == [
        (date(2024, 9, 1), False),
        (date(2024, 10, 1), True),
    ]


def test_opening_brings_the_days_that_differ_from_monday_to_friday(programme: Programme) -> None:
    open_year(programme=programme, preset="empty", actor=ACTOR)

    days = {row.day: (row.is_working, row.note) for row in WorkingDay.objects.all()}
    assert days[date(2024, 10, 1)] == (False, "国庆节")
    assert days[date(2024, 9, 29)] == (True, "国庆节调休上班")
    assert days[date(2025, 1, 26)] == (True, "春节调休上班")
    assert date(2024, 10, 9) not in days
    assert date(2024, 10, 5) not in days  # a Saturday, free anyway
    assert min(days) >= date(2024, 8, 3)
    assert max(days) <= date(2026, 1, 31)


@pytest.mark.parametrize(
    ("key", "value", "rule", "field", "kept"),
    [
        ("benefit_project.max_quarters_per_project", 3, "benefit_project", "max_quarters_per_project", 3),
        ("benefit_project.max_quarters_per_project", None, "benefit_project", "max_quarters_per_project", None),
        ("labour_day.scope", "village", "labour_day", "scope", "village"),
        ("labour_day.scope", "unit", "labour_day", "scope", "unit"),
        ("labour_day.joint_counts_for", "lead", "labour_day", "joint_counts_for", "lead"),
        ("leader_reception.leader_scope", "person", "leader_reception", "scope", "person"),
        ("leader_reception.leader_scope", "pairing", "leader_reception", "scope", "pairing"),
        ("reception.min_visitors", "1", "reception", "min_visitors", 1),
        ("reception.week_month", "sunday", "reception", "week_month", "sunday"),
        ("reception.first_period", "prorate", "reception", "first_period", "prorate"),
        ("reception.first_period_policy", "full", "reception", "first_period", "full"),
        ("reception.last_period_policy", "prorate", "reception", "last_period", "prorate"),
        ("reception.period", "month", "reception", "period_kind", "month"),
        ("reception.activity_types", ["reception", "forum"], "reception", "types", ["reception", "forum"]),
        ("courtyard.count_on", "started", "courtyard", "count_on", "started"),
        ("courtyard.carry_over", True, "courtyard", "carry_over", True),
        ("livelihood_item.count_on", "registered", "livelihood_item", "count_on", "registered"),
        ("labour_day.allow_multi", "true", "labour_day", "allow_multi", True),
        ("research_visit.scope", "person", "research_visit", "scope", "person"),
    ],
)
def test_a_switch_changes_the_terms_that_it_names(
    programme: Programme, key: str, value: object, rule: str, field: str, kept: object
) -> None:
    open_year(programme=programme, preset="five_ones", actor=ACTOR, switches={key: value})

    assert getattr(terms(rule), field) == kept


def test_switches_put_rules_to_use_and_set_deadlines(programme: Programme) -> None:
    switches = {"research_visit.is_active": True, "courtyard.is_active": "false", "year.lock_day": 20, "year.record_seconds": 40}

    open_year(programme=programme, preset="five_ones", actor=ACTOR, switches=switches)

    assert Rule.objects.get(code="research_visit").is_active
    assert not Rule.objects.get(code="courtyard").is_active
    settings = YearSettings.objects.get()
    assert (settings.lock_day, settings.record_seconds) == (20, 40)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("labour_day.colour", 1),
        ("labour.scope", "village"),
        ("labour_day", "village"),
        ("year.colour", 1),
        ("labour_day.scope", "everybody"),
        ("labour_day.minimum", 0),
        ("labour_day.minimum", -1),
        ("labour_day.minimum", 1.5),
        ("labour_day.minimum", True),
        ("labour_day.minimum", "many"),
        ("labour_day.minimum", 100),
        ("labour_day.minimum", None),
        ("labour_day.minimum", 10**30),
        ("labour_day.in_village_only", 1),
        ("labour_day.in_village_only", "perhaps"),
        ("labour_day.types", "labour_day"),
        ("labour_day.types", []),
        ("labour_day.types", ["nonsense"]),
        ("labour_day.count_on", "closed"),
        ("labour_day.max_quarters_per_project", 2),
        ("labour_day.min_visitors", 2),
        ("labour_day.effective_from", "2025-01-01"),
        ("leader_reception.leader_scope", "village"),
        ("leader_reception.leader_scope", ["person"]),
        ("labour_day.period_kind", {"week": 1}),
        ("year.lock_day", 29),
        ("year.lock_day", 0),
    ],
)
def test_an_unknown_switch_or_value_is_refused_by_its_name_and_nothing_is_written(
    programme: Programme, key: str, value: object
) -> None:
    _refused(programme, key, {key: value})


def test_one_setting_under_both_its_names_is_refused(programme: Programme) -> None:
    _refused(programme, "first_period_policy", {"reception.first_period": "full", "reception.first_period_policy": "waive"})


def _refused(programme: Programme, key: str, switches: dict[str, object]) -> None:
    with pytest.raises(YearRefused) as refusal:
        open_year(programme=programme, preset="five_ones", actor=ACTOR, switches=switches)

    assert key in " ".join(refusal.value.messages)
    assert refusal.value.code in ("unknown_switch", "wrong_switch")
    assert not Rule.objects.exists()
    assert not YearSettings.objects.exists()


def test_an_unknown_preset_is_refused(programme: Programme) -> None:
    with pytest.raises(YearRefused, match="six_ones"):
        open_year(programme=programme, preset="six_ones", actor=ACTOR)


def test_a_year_is_set_up_once(year: Programme) -> None:
    with pytest.raises(YearRefused) as refusal:
        open_year(programme=year, preset="all_rules", actor=ACTOR)

    assert refusal.value.code == "already_done"
    assert Rule.objects.filter(is_active=True).count() == 6


def test_deadlines_change_and_wrong_ones_are_named(year: Programme) -> None:
    change_deadlines(programme=year, values={"lock_day": "20", "confirm_days": 5}, reason="区委要求", actor=ACTOR)
    with pytest.raises(YearRefused) as refusal:
        change_deadlines(programme=year, values={"lock_day": 31, "proxy_days": -1, "nonsense": 1}, actor=ACTOR)

    assert set(refusal.value.message_dict) == {"lock_day", "proxy_days", "nonsense"}
    settings: Any = YearSettings.objects.get()
    assert (settings.lock_day, settings.confirm_days, settings.proxy_days) == (20, 5, 14)


def test_the_year_is_switched_on_from_a_day(year: Programme) -> None:
    switch_on(programme=year, day=date(2025, 1, 1), actor=ACTOR)
    with pytest.raises(YearRefused):
        switch_on(programme=year, day=date(2026, 1, 1), actor=ACTOR)

    assert YearSettings.objects.get().switched_on == date(2025, 1, 1)
