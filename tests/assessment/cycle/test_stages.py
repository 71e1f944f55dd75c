"""An assessment stage by stage: what each asks for, what it refuses, what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assessment.actions import cycles, decisions
from assessment.actions.rubrics import change_line
from assessment.models import Assessed, Cycle, CycleState, Rubric, Sheet, Snapshot, UnitResult
from assessment.queries.cycles import missing_in
from assessment.refusals import AssessmentRefused
from assessment.scoring import score
from tenancy import clock
from tenancy.models import AuditEntry
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.cycle.conftest import ACTOR, NAMES, County, make_small_rubric

S = CycleState


def test_a_programme_s_year_is_assessed_once(county: County) -> None:
    with county.inside():
        with pytest.raises(AssessmentRefused) as refused:
            cycles.create_cycle(
                programme=county.cycle.programme, year=2025, title="又一次", rubric=county.rubric,
                starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), actor=ACTOR,
            )  # fmt: skip
        assert refused.value.code == "exists"
        assert Cycle.objects.count() == 1


def test_the_days_lie_in_the_programme_year(county: County) -> None:
    with county.inside(), pytest.raises(AssessmentRefused) as refused:
        cycles.create_cycle(
            programme=county.cycle.programme, year=2027, title="2027", rubric=county.rubric,
            starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), actor=ACTOR,
        )  # fmt: skip
    assert refused.value.code == "outside"


def test_freezing_keeps_the_list_with_months_and_exemptions(county: County) -> None:
    with county.inside():
        late, left, resting = county.pairings[1:4]
        late.active_from = late.starts_on = date(2025, 3, 15)
        late.save()
        left.ends_on, left.state, left.ending_reason = date(2025, 6, 30), "ended", "other"
        left.save()
        make.make_suspension(resting, date(2025, 4, 20), date(2025, 6, 10))
        n = cycles.configure(cycle=county.cycle, exempt={county.pairings[4].pk: "机构改革"}, actor=ACTOR)
        months = dict(Assessed.objects.values_list("pairing_id", "months_active"))
        assert [months[one.pk] for one in county.pairings] == [12, 9, 6, 11, 12, 12]
        assert Assessed.objects.get(pairing=county.pairings[4]).exempt_because == "机构改革"
        assert n == 5
        assert Rubric.objects.get(pk=county.rubric.pk).frozen_at is not None
        assert Cycle.objects.get().state == S.CONFIGURED


def test_a_pairing_of_less_than_a_month_is_exempt_by_itself(county: County) -> None:
    with county.inside():
        short = county.pairings[0]
        short.active_from = short.starts_on = date(2025, 12, 2)
        short.save()
        assert cycles.configure(cycle=county.cycle, exempt={}, actor=ACTOR) == 5
        assert Assessed.objects.get(pairing=short).exempt_because != ""


def test_pairings_that_never_began_or_ended_before_are_not_on_the_list(county: County) -> None:
    with county.inside():
        programme, village = county.cycle.programme, county.pairings[0].village
        make.make_pairing(make.make_unit("高州市教育局"), village, programme, state="signed", starts_on=date(2025, 5, 1))
        cycles.configure(cycle=county.cycle, exempt={}, actor=ACTOR)
        assert Assessed.objects.count() == 6


def test_a_faulty_rubric_freezes_nothing(county: County) -> None:
    with county.inside():
        change_line(line=county.line("B1"), values={"max_score": 50}, actor=ACTOR)
        with pytest.raises(AssessmentRefused) as refused:
            cycles.configure(cycle=county.cycle, exempt={}, actor=ACTOR)
        assert refused.value.code == "rubric_faulty"
        assert Cycle.objects.get().state == S.DRAFT
        assert not Assessed.objects.exists()


def test_a_list_of_nobody_is_refused(county: County) -> None:
    with county.inside():
        with pytest.raises(AssessmentRefused) as refused:
            cycles.configure(cycle=county.cycle, exempt={one.pk: "免" for one in county.pairings}, actor=ACTOR)
        assert refused.value.code == "nobody"


def test_a_frozen_list_does_not_follow_the_pairing(county: County) -> None:
    with county.inside():
        county.bring_to(S.CONFIGURED)
        pairing = county.pairings[0]
        pairing.unit = county.pairings[1].unit
        pairing.save()
        assert Assessed.objects.get(pairing=pairing).unit.name == NAMES[0]


STEPS: dict[str, tuple[set[CycleState], Callable[[Cycle], object]]] = {
    "configure": ({S.DRAFT, S.CONFIGURED}, lambda c: cycles.configure(cycle=c, exempt={}, actor=ACTOR)),
    "reports": ({S.CONFIGURED}, lambda c: cycles.open_self_reports(cycle=c, until=date(2026, 2, 1), actor=ACTOR)),
    "extend": ({S.SELF_REPORT}, lambda c: cycles.extend_self_reports(cycle=c, until=date(2026, 2, 1), actor=ACTOR)),
    "review": ({S.SELF_REPORT}, lambda c: cycles.open_review(cycle=c, actor=ACTOR)),
    "reopen": ({S.SCORED, S.DECISION}, lambda c: cycles.reopen_review(cycle=c, reason="更正", actor=ACTOR)),
    "score": ({S.REVIEW, S.SCORED}, lambda c: decisions.score(cycle=c, actor=ACTOR)),
    "group": ({S.SCORED}, lambda c: decisions.bring_before_group(cycle=c, actor=ACTOR)),
    "publish": ({S.DECISION}, lambda c: decisions.publish(cycle=c, actor=ACTOR)),
    "recompute": ({S.PUBLICITY}, lambda c: decisions.recompute(cycle=c, reason="作废一条", actor=ACTOR)),
    "finish": ({S.PUBLICITY}, lambda c: decisions.finish(cycle=c, actor=ACTOR)),
}


@pytest.mark.parametrize("state", list(CycleState))
def test_a_step_out_of_order_is_refused_and_changes_nothing(county: County, state: CycleState) -> None:
    with county.inside():
        county.bring_to(state)
        before = Cycle.objects.values().get()
        for name, (allowed, step) in STEPS.items():
            if state in allowed:
                continue
            with pytest.raises(AssessmentRefused) as refused:
                step(county.cycle)
            assert refused.value.code == "wrong_stage", name
        assert Cycle.objects.values().get() == before


def test_opening_the_reports_fills_them_with_figures(county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        assert Sheet.objects.count() == 6
        assert {one.n_pending for one in Sheet.objects.all()} == {1}
        with pytest.raises(AssessmentRefused) as refused:
            cycles.extend_self_reports(cycle=county.cycle, until=date(2026, 1, 1), actor=ACTOR)
        assert refused.value.code == "past"


def test_missing_figures_keep_grades_back_and_are_named(county: County) -> None:
    with county.inside():
        county.bring_to(S.REVIEW)
        decisions.score(cycle=county.cycle, actor=ACTOR)
        assert missing_in(score(county.cycle)) == {"B1": 6}
        with pytest.raises(AssessmentRefused) as refused:
            decisions.bring_before_group(cycle=county.cycle, actor=ACTOR)
        assert refused.value.code == "pending"
        assert not UnitResult.objects.exists()


def test_a_dispute_without_an_answer_keeps_grades_back(county: County) -> None:
    with county.inside():
        county.bring_to(S.SCORED)
        judged.make_dispute(county.cycle, county.pairings[0], county.line("A1"))
        with pytest.raises(AssessmentRefused) as refused:
            decisions.bring_before_group(cycle=county.cycle, actor=ACTOR)
        assert refused.value.code == "disputes"


def test_a_units_score_is_the_mean_of_its_pairings(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, [58, 56, 50, 40, 20, 49])
        row = UnitResult.objects.get(unit=county.pairings[0].unit)
        # (98 + 89) / 2; a unit of 96 is before it, and the share allows one of five.
        assert (str(row.final), row.grade_by_score, row.grade_final) == ("93.50", "good", "fairly_good")
        assert row.limited_by_quota
        assert UnitResult.objects.count() == 5


def test_the_notice_lasts_five_working_days_of_the_county_s_calendar(county: County) -> None:
    with county.inside():
        # Monday 12 January; the county rests on Wednesday and works on Saturday.
        make.make_working_day(date(2026, 1, 14), is_working=False)
        make.make_working_day(date(2026, 1, 17), is_working=True)
        county.bring_to(S.PUBLICITY)
        county.cycle.refresh_from_db()
        # 13, 15, 16, 17, 19
        assert (county.cycle.public_from, county.cycle.public_to) == (date(2026, 1, 12), date(2026, 1, 19))


def test_the_year_closes_only_after_the_notice(county: County) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY)
        county.cycle.refresh_from_db()
        assert county.cycle.public_to is not None
        last = datetime.combine(county.cycle.public_to, datetime.min.time(), ZoneInfo("Asia/Shanghai")) + timedelta(hours=12)
        with clock.at(last), pytest.raises(AssessmentRefused) as refused:
            decisions.finish(cycle=county.cycle, actor=ACTOR)
        assert refused.value.code == "still_public"
        assert not Snapshot.objects.exists()
        with clock.at(last + timedelta(days=1)):
            decisions.finish(cycle=county.cycle, actor=ACTOR)
        county.cycle.refresh_from_db()
        assert county.cycle.state == S.FINAL
        assert Snapshot.objects.count() == 1


def test_each_move_stands_in_the_event_log(county: County) -> None:
    with county.inside():
        county.bring_to(S.FINAL)
        moved = [one.details["state"] for one in AuditEntry.objects.filter(action="cycle_moved").order_by("seq")]
        assert moved == ["configured", "self_report", "review", "scored", "decision", "publicity", "final"]


def test_another_rubric_of_the_county_may_be_taken_while_it_is_prepared(county: County) -> None:
    with county.inside():
        other = make_small_rubric("Y-100")
        cycles.choose_rubric(cycle=county.cycle, rubric=other, actor=ACTOR)
        assert Cycle.objects.get().rubric_id == other.pk
        county.bring_to(S.CONFIGURED)
        with pytest.raises(AssessmentRefused):
            cycles.choose_rubric(cycle=county.cycle, rubric=county.rubric, actor=ACTOR)
