"""What a rule set asks in a year, against figures that a person can count, and against the cells of the engine."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from activities.actions.calendar import set_days
from activities.actions.rules import publish_terms, switch_rule
from activities.actions.waivers import WaiverFacts, add_waiver
from activities.actions.year import open_year
from activities.models import Obligation, Rule, RuleTerms
from activities.queries.rules import burden, year_to_tell
from pairing.models import Programme
from tests import factories as make
from tests.activities.rules.conftest import ACTOR


def test_one_pairing_owes_91_records_in_2025_one_week_being_waived(year: Programme) -> None:
    asked = burden(year, 2025)

    assert asked.records == 91
    assert asked.confirmations == 91
    assert asked.by_rule == {
        "labour_day": 12,
        "benefit_project": 4,
        "livelihood_item": 12,
        "courtyard": 12,
        "reception": 51,
        "leader_reception": 0,  # among the receptions
    }


def test_108_pairings_owe_9936_when_no_week_is_waived(year: Programme) -> None:
    # W05 had one working day, 27 January; with the 28th it has two.
    set_days(days={date(2025, 1, 28): True}, actor=ACTOR)

    asked = burden(year, 2025)

    assert asked.records == 92
    assert asked.times(108).records == 9_936
    assert asked.times(108).confirmations // 54 == 184


def test_the_first_year_is_owed_from_the_first_full_periods(year: Programme) -> None:
    # Oct to Dec; Q4; W37 to W52 without W40, which has one working day.
    assert burden(year, 2024).by_rule == {
        "labour_day": 3, "benefit_project": 1, "livelihood_item": 3, "courtyard": 3, "reception": 15, "leader_reception": 0
    }  # fmt: skip


def test_minutes_follow_the_county_s_own_costs(year: Programme) -> None:
    asked = burden(year, 2025)

    assert (asked.record_minutes(), asked.confirm_minutes()) == (38, 16)  # 91×25 s = 37.9 min; 91×10 s = 15.2 min
    assert asked.record_minutes("benefit_project") == 2


def test_a_village_confirms_for_each_of_its_units_and_shared_rules_once(year: Programme) -> None:
    village = make.make_village()
    for name in ("高州市林业局", "高州市水务局"):
        make.make_pairing(make.make_unit(name), village, year)
    assert burden(year, 2025, village=village).confirmations == 182

    rule = Rule.objects.get(code="labour_day")
    publish_terms(rule=rule, changes={"scope": "village"}, effective_from=date(2024, 9, 3), reason="x", actor=ACTOR)

    assert burden(year, 2025, village=village).by_rule["labour_day"] == 12
    assert burden(year, 2025, village=village).records == 170


def test_what_a_village_party_owes_itself_costs_the_village_and_no_pairing(year: Programme) -> None:
    village = make.make_village()
    pairing = make.make_pairing(make.make_unit(), village, year)
    switch_rule(rule=Rule.objects.get(code="major_matter_return"), is_active=True, actor=ACTOR)

    here = burden(year, 2025, village=village)

    assert (here.records, here.confirmations) == (103, 91)
    assert burden(year, 2025, pairing=pairing).records == 91


def test_waivers_and_later_versions_change_what_is_asked(year: Programme) -> None:
    facts = WaiverFacts(programme=year, starts_on=date(2025, 6, 1), ends_on=date(2025, 6, 30), reason="防汛")
    add_waiver(facts=facts, actor=ACTOR)
    rule = Rule.objects.get(code="labour_day")
    publish_terms(rule=rule, changes={"minimum": 2}, effective_from=date(2025, 10, 1), reason="x", actor=ACTOR)

    asked = burden(year, 2025).by_rule

    # 11 months, three of them twice; W23 to W26, and W27 keeps four working days of July.
    assert (asked["labour_day"], asked["courtyard"], asked["reception"]) == (14, 11, 47)


def test_a_draft_is_told_before_it_binds(year: Programme) -> None:
    first = RuleTerms.objects.get(rule__code="reception")
    draft = RuleTerms(rule_id=first.rule_id, number=2, types=["reception"], period_kind="month", minimum=2,
                      effective_from=date(2024, 9, 3))  # fmt: skip

    assert burden(year, 2025, instead={"reception": [draft]}).by_rule["reception"] == 24
    assert burden(year, 2025).by_rule["reception"] == 51


@pytest.mark.parametrize("year_told", [2024, 2025])
def test_the_figures_are_those_of_the_engine_s_cells(programme: Programme, year_told: int) -> None:
    switches = {"reception.first_period": "prorate", "labour_day.last_period": "full", "livelihood_item.first_period": "full"}
    village = make.make_village()
    late = make.make_pairing(make.make_unit("高州市水务局"), village, programme, active_from=date(2024, 11, 20))
    ended = make.make_pairing(make.make_unit(), village, programme, state="ended", ends_on=date(2025, 5, 14))
    make.make_suspension(late, date(2025, 3, 3), date(2025, 3, 20))
    open_year(programme=programme, preset="all_rules", actor=ACTOR, switches=switches)
    town = WaiverFacts(
        programme=programme,
        starts_on=date(2025, 4, 1),
        ends_on=date(2025, 4, 18),
        reason="台风",
        scope="town",
        town=village.parent,
    )
    one = WaiverFacts(
        programme=programme, starts_on=date(2024, 12, 1), ends_on=date(2024, 12, 31), reason="疫情", scope="pairing",
        pairing=ended, rules=["labour_day", "reception"],
    )  # fmt: skip
    for facts in (town, one):
        add_waiver(facts=facts, actor=ACTOR)

    for pairing in (late, ended):
        owed: Counter[str] = Counter()
        for cell in Obligation.objects.filter(pairing=pairing, is_due=True, waived_because="").select_related("rule"):
            middle = cell.starts_on.toordinal() + 3
            if date.fromordinal(middle).year == year_told and cell.rule.code != "leader_reception":
                owed[cell.rule.code] += cell.required
        asked = burden(programme, year_told, pairing=pairing)
        assert {code: n for code, n in asked.by_rule.items() if n} == dict(owed)


def test_the_year_told_is_this_one_while_the_programme_lasts(year: Programme) -> None:
    assert year_to_tell(year, date(2024, 8, 1)) == 2025
    assert year_to_tell(year, date(2024, 12, 20)) == 2024
    assert year_to_tell(year, date(2025, 2, 1)) == 2025
    assert year_to_tell(year, date(2027, 2, 1)) == 2025
