"""What the leading group decides: the share, ties, vetoes, reasons; and computing again after publication."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from assessment.actions import decisions
from assessment.actions.decisions import Decision
from assessment.actions.facts import enter
from assessment.models import Cycle, CycleState, Sheet, SheetChange, UnitResult
from assessment.refusals import AssessmentRefused
from tests import factories_judgement as judged
from tests.assessment.cycle.conftest import ACTOR, JANUARY, County

S = CycleState
# Units in administrative order: 财政局, 林业局, 农业局, 水务局, 统计局. Two above 90, one of five may have the top grade.
MARKS = [58, 56, 45, 40, 20, 56]


def decide(county: County, changes: dict[int, Decision] | None = None, **fields: Any) -> list[UnitResult]:
    values = {"minutes_no": "高委纪〔2026〕2号", "decided_on": date(2026, 1, 12), "account": None, **fields}
    return decisions.decide(cycle=county.cycle, changes=changes or {}, actor=ACTOR, **values)


def grades(county: County) -> list[str]:
    rows = {one.unit_id: one.grade_final for one in UnitResult.objects.filter(cycle=county.cycle)}
    return [rows[one.unit_id] for one in county.pairings[:5]]


def test_the_share_holds_the_second_down(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        # 财政局 (98 + 96) / 2 = 97, 林业局 96, 农业局 85, 水务局 80, 统计局 60
        assert grades(county) == ["good", "fairly_good", "fairly_good", "fairly_good", "average"]
        held = UnitResult.objects.get(unit=county.pairings[1].unit)
        assert (held.grade_by_score, held.limited_by_quota) == ("good", True)


def test_equal_ones_at_the_limit_wait_for_the_group(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, [56, 56, 45, 40, 20, 56])
        assert grades(county)[:2] == ["fairly_good", "fairly_good"]
        unit = county.pairings[1].unit
        decide(county, {unit.pk: Decision("good", "同分，民主表决")})
        assert grades(county)[:2] == ["fairly_good", "good"]
        assert UnitResult.objects.get(unit=unit).changed_because == "同分，民主表决"


def test_more_top_grades_than_the_share_are_refused(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        with pytest.raises(AssessmentRefused) as refused:
            decide(county, {county.pairings[1].unit_id: Decision("good", "工作突出")})
        assert refused.value.code == "share"
        assert grades(county)[1] == "fairly_good"
        assert Cycle.objects.get().minutes_no == ""


def test_the_group_may_change_two_at_once_within_the_share(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        changed = decide(
            county,
            {
                county.pairings[0].unit_id: Decision("fairly_good", "年底发生投诉"),
                county.pairings[1].unit_id: Decision("good", "递补"),
            },
        )
        assert len(changed) == 2
        assert grades(county)[:2] == ["fairly_good", "good"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"minutes_no": "  "}, "minutes"),
        ({"decided_on": date(2026, 1, 13)}, "future"),
        ({"changes": {"reason": ""}}, "reason"),
        ({"changes": {"reason": "长" * 201}}, "reason"),
        ({"changes": {"grade": "excellent", "reason": "x"}}, "grade"),
        ({"changes": {"unit": -1, "reason": "x"}}, "no_unit"),
    ],
)
def test_what_the_minutes_cannot_say_is_refused(county: County, fields: dict[str, Any], code: str) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        asked = fields.pop("changes", None)
        changes = None
        if asked is not None:
            unit = asked.get("unit", county.pairings[2].unit_id)
            changes = {unit: Decision(asked.get("grade", "average"), asked["reason"])}
        with pytest.raises(AssessmentRefused) as refused:
            decide(county, changes, **fields)
        assert refused.value.code == code


def test_a_veto_cannot_be_decided_away(county: County) -> None:
    with county.inside():
        county.bring_to(S.REVIEW)
        judged.make_veto(county.cycle, county.pairings[0])
        county.bring_to(S.DECISION, MARKS)
        row = UnitResult.objects.get(unit=county.pairings[0].unit)
        assert (str(row.final), row.grade_final, row.is_vetoed) == ("97.00", "poor", True)
        with pytest.raises(AssessmentRefused) as refused:
            decide(county, {row.unit_id: Decision("average", "情节较轻")})
        assert refused.value.code == "vetoed"


def test_nothing_is_published_before_the_minutes_are_there(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        with pytest.raises(AssessmentRefused) as refused:
            decisions.publish(cycle=county.cycle, actor=ACTOR)
        assert refused.value.code == "undecided"


def test_scores_that_moved_since_the_decision_are_not_published(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        decide(county)
        enter(
            cycle=county.cycle, pairing=county.pairings[4], line=county.line("B1"), value=30, note="更正", reason="录入错误",
            actor=ACTOR,
        )  # fmt: skip
        from assessment.actions.scoring import bring_up_to_date

        bring_up_to_date(county.cycle)
        with pytest.raises(AssessmentRefused) as refused:
            decisions.publish(cycle=county.cycle, actor=ACTOR)
        assert refused.value.code == "drifted"
        decide(county)
        decisions.publish(cycle=county.cycle, actor=ACTOR)
        assert Cycle.objects.get().state == S.PUBLICITY


def test_computing_again_after_publication_keeps_before_and_after(county: County) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
        pairing = county.pairings[0]
        pairing.plan_approved_on = None
        pairing.save()
        with pytest.raises(AssessmentRefused) as refused:
            decisions.recompute(cycle=county.cycle, reason=" ", actor=ACTOR)
        assert refused.value.code == "reason"
        assert str(Sheet.objects.get(pairing=pairing).final) == "98.00"

        changes = decisions.recompute(cycle=county.cycle, reason="计划审批被撤销", actor=ACTOR)

        assert [one.pairing_id for one in changes.changed] == [pairing.pk]
        kept = SheetChange.objects.get()
        assert (str(kept.final_before), str(kept.final_after), kept.reason) == ("98.00", "78.00", "计划审批被撤销")
        assert kept.lines == {"A1": ["40.00", "20.00"]}
        # (78 + 96) / 2 = 87: the share is applied again, and 林业局 has the top grade now.
        assert grades(county)[:2] == ["fairly_good", "good"]


def test_a_grade_that_the_group_decided_otherwise_stays_when_computed_again(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        decide(county, {county.pairings[2].unit_id: Decision("average", "村民投诉未办结")})
        decisions.publish(cycle=county.cycle, actor=ACTOR)
        decisions.recompute(cycle=county.cycle, reason="复算", actor=ACTOR)
        row = UnitResult.objects.get(unit=county.pairings[2].unit)
        assert (row.grade_final, row.changed_because) == ("average", "村民投诉未办结")


def test_a_top_grade_given_by_the_group_gives_way_to_the_share(county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, [56, 56, 45, 40, 20, 56])
        decide(county, {county.pairings[1].unit_id: Decision("good", "同分表决")})
        decisions.publish(cycle=county.cycle, actor=ACTOR)
        enter(
            cycle=county.cycle, pairing=county.pairings[0], line=county.line("B1"), value=60, note="更正", reason="申诉成立",
            actor=ACTOR,
        )  # fmt: skip
        decisions.recompute(cycle=county.cycle, reason="申诉成立", actor=ACTOR)
        # 财政局 (100 + 96) / 2 is alone at the top now; the share allows one.
        assert grades(county)[:2] == ["good", "fairly_good"]


def test_an_assessment_says_when_its_scores_were_computed_last(county: County) -> None:
    """The group decides on scores of that moment, and what is published is of the day of publication."""
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
    for days, deed in ((1, lambda: decide(county)), (2, lambda: decisions.publish(cycle=county.cycle, actor=ACTOR))):
        later = JANUARY + timedelta(days=days)
        with county.inside(later):
            deed()
            assert Cycle.objects.get().scored_at == later
