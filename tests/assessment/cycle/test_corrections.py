"""A public notice that turns out wrong: disputed, taken back with a reason, decided and published once more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from assessment.actions import corrections, decisions, disputes
from assessment.actions.scoring import compute
from assessment.models import Assessed, Correction, Cycle, CycleState, Dispute, Sheet, SheetChange, Snapshot, UnitResult
from assessment.queries.corrections import corrections_of
from assessment.refusals import AssessmentRefused
from tenancy.models import AuditEntry
from tests.assessment.cycle.conftest import ACTOR, County

S = CycleState
# 财政局 (98 + 96) / 2, 林业局 96, 农业局 85, 水务局 80, 统计局 60: one of five may have the top grade.
MARKS = [58, 56, 45, 40, 20, 56]
AFTER = datetime(2026, 1, 21, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(AssessmentRefused) as refused:
        call()
    return str(refused.value.code)


def take_back(county: County, reason: str = "林业局申诉成立") -> Correction:
    return corrections.take_back(cycle=county.cycle, reason=reason, actor=ACTOR)


def decide(county: County, number: str) -> None:
    decisions.decide(cycle=county.cycle, minutes_no=number, decided_on=date(2026, 1, 12), changes={}, account=None, actor=ACTOR)


def raise_dispute(county: County, number: int = 0) -> Dispute:
    pairing = county.pairings[number]
    row = Assessed.objects.get(cycle=county.cycle, pairing=pairing)
    return disputes.raise_dispute(
        cycle=county.cycle, assessed=row, line=county.line("A1"), record=None, text="计划已于2月批准", actor=ACTOR
    )


def test_taken_back_the_notice_is_kept_and_nobody_sees_grades(county: County, client: Client) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
        was = Cycle.objects.get()
        assert code_of(lambda: take_back(county, "  ")) == "reason"
        kept = take_back(county)
        row = Cycle.objects.get()
        assert (row.state, row.minutes_no, row.decided_on, row.public_from, row.public_to) == (S.DECISION, "", None, None, None)
        assert (kept.public_from, kept.public_to, kept.minutes_no) == (was.public_from, was.public_to, "高委纪〔2026〕2号")
        first = county.pairings[0]
        assert kept.results[str(first.unit.uid)]["final"] == "97.00"
        assert kept.scores[str(first.uid)] == {"final": "98.00", "grade": "good", "lines": {"A1": "40.00", "B1": "58.00"}}
        assert AuditEntry.objects.filter(action="notice_taken_back").count() == 1
        assert code_of(lambda: take_back(county)) == "wrong_stage"
    unit = county.sign_in(client, "UL")
    assert unit.get(county.url("publicity/")).status_code == 404
    page = unit.get(county.url()).content.decode()
    assert "林业局申诉成立" in page
    assert "97.00" not in page


def test_decided_and_published_once_more_the_changes_are_listed(county: County, client: Client) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
        take_back(county)
        assert code_of(lambda: decisions.publish(cycle=county.cycle, actor=ACTOR)) == "undecided"
        pairing = county.pairings[0]
        pairing.plan_approved_on = None
        pairing.save()
        compute(cycle=county.cycle, actor=ACTOR)
        decide(county, "高委纪〔2026〕5号")
        decisions.publish(cycle=county.cycle, actor=ACTOR)
        changed = SheetChange.objects.get()
        assert (str(changed.final_before), str(changed.final_after), changed.reason) == ("98.00", "78.00", "林业局申诉成立")
        assert changed.lines == {"A1": ["40.00", "20.00"]}
        [told] = corrections_of(county.cycle)
        found = [
            (one.unit.name, str(one.final_before), one.grade_before, str(one.final_after), one.grade_after) for one in told.units
        ]
        # (78 + 96) / 2 = 87: the share is applied again, and 林业局 has the top grade now.
        assert found == [
            ("高州市财政局", "97.00", "good", "87.00", "fairly_good"),
            ("高州市林业局", "96.00", "fairly_good", "96.00", "good"),
        ]
    office = county.sign_in(client, "CA")
    page = office.get(county.url("results/")).content.decode()
    assert "林业局申诉成立" in page
    assert "97.00" in page
    assert "87.00" in page
    assert county.sign_in(client, "UL").get(county.url("results/")).status_code in (403, 404)


def test_computed_again_in_public_the_results_before_are_kept_too(county: County) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
        decisions.recompute(cycle=county.cycle, reason="复核无误", actor=ACTOR)
        assert not Correction.objects.exists(), "nothing became another"
        pairing = county.pairings[0]
        pairing.plan_approved_on = None
        pairing.save()
        decisions.recompute(cycle=county.cycle, reason="计划审批被撤销", actor=ACTOR)
        kept = Correction.objects.get()
        assert (kept.is_taken_back, kept.reason) == (False, "计划审批被撤销")
        results = {row.unit_id: row for row in UnitResult.objects.all()}
        assert str(results[pairing.unit_id].final) == "87.00"
        assert kept.results[str(pairing.unit.uid)]["final"] == "97.00"
        # What each correction led to is what the next one kept.
        take_back(county, "再次核对")
        newest, first = corrections_of(county.cycle)
        assert newest.units == ()
        assert [one.unit.name for one in first.units] == ["高州市财政局", "高州市林业局"]


def test_a_figure_is_disputed_while_grades_are_public_and_holds_the_year_open(county: County) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
        row = raise_dispute(county)
        take_back(county)
        decide(county, "高委纪〔2026〕5号")
        assert code_of(lambda: decisions.publish(cycle=county.cycle, actor=ACTOR)) == "disputes"
        disputes.answer_dispute(dispute=row, is_upheld=True, answer="属实，已更正", actor=ACTOR)
        decisions.publish(cycle=county.cycle, actor=ACTOR)
        second = raise_dispute(county)
    with county.inside(AFTER):
        assert code_of(lambda: decisions.finish(cycle=county.cycle, actor=ACTOR)) == "disputes"
        assert code_of(lambda: raise_dispute(county, 1)) == "over"
        disputes.answer_dispute(dispute=second, is_upheld=False, answer="核对无误", actor=ACTOR)
        decisions.finish(cycle=county.cycle, actor=ACTOR)
        archive = json.loads(Snapshot.objects.get().content)
        assert [one["reason"] for one in archive["corrections"]] == ["林业局申诉成立"]
        assert archive["corrections"][0]["is_taken_back"] is True


def test_the_unit_disputes_on_its_page_only_while_the_notice_stands(county: County, client: Client) -> None:
    with county.inside():
        county.bring_to(S.SCORED, MARKS)
    unit = county.sign_in(client, "UL")
    link = county.report_url(0, "dispute/A1/")
    assert link not in unit.get(county.report_url()).content.decode()
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
    assert link in unit.get(county.report_url()).content.decode()
    assert unit.post(link, {"text": "计划已批准"}).status_code == 302
    with county.inside():
        assert Dispute.objects.get().text == "计划已批准"


def test_the_administrator_takes_back_on_the_page_and_nobody_else(county: County, client: Client) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
    url = county.url("steps/take-back/")
    for role in ("CS", "UL", "UG", "VS", "AU", "IN"):
        assert county.sign_in(client, role).post(url, {"reason": "x"}).status_code in (403, 404)
    office = county.sign_in(client, "CA")
    assert url in office.get(county.url()).content.decode()
    refused = office.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert office.post(url, {"reason": "申诉成立"}).status_code == 302
    assert county.state() == S.DECISION


def test_the_decision_page_shows_what_keeping_it_would_write(county: County, client: Client) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
        pairing = county.pairings[2]
        pairing.plan_approved_on = None
        pairing.save()
    page = county.sign_in(client, "CA").get(county.url("decision/")).content.decode()
    assert "65.00" in page
    assert "85.00" not in page
    with county.inside():
        compute(cycle=county.cycle, actor=ACTOR)
    assert "重新保存" in county.sign_in(client, "CA").get(county.url("results/")).content.decode()
    with county.inside():
        decide(county, "高委纪〔2026〕3号")
        assert str(UnitResult.objects.get(unit=pairing.unit).final) == "65.00"
        assert str(Sheet.objects.get(pairing=pairing).final) == "65.00"
