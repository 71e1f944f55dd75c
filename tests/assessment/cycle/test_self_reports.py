"""A unit's report and its disputes: who writes, what is refused, what the figures are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from assessment.actions.disputes import answer_dispute, raise_dispute
from assessment.actions.self_reports import Saying, approve_report, return_report, save_report
from assessment.models import Assessed, CycleState, Dispute, SelfReport
from assessment.refusals import AssessmentRefused
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.cycle.conftest import ACTOR, County

S = CycleState
SAID = Saying("全年完成各项任务", Decimal("95.5"), {"A1": Decimal(40), "B1": Decimal("55.5")})


def save(county: County, saying: Saying = SAID, *, hand_in: bool = False, number: int = 0) -> SelfReport:
    return save_report(cycle=county.cycle, pairing_id=county.pairings[number].pk, saying=saying, actor=ACTOR, hand_in=hand_in)


def test_a_report_is_kept_handed_in_and_approved(county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        report = save(county)
        assert (report.submitted_on, report.line_scores) == (None, {"A1": "40", "B1": "55.5"})
        report = save(county, hand_in=True)
        assert report.submitted_on == date(2026, 1, 12)
        approve_report(cycle=county.cycle, pairing_id=county.pairings[0].pk, actor=ACTOR)
        with pytest.raises(AssessmentRefused) as refused:
            save(county)
        assert refused.value.code == "approved"
        assert SelfReport.objects.count() == 1


def test_the_head_gives_it_back_with_a_reason(county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        key = {"cycle": county.cycle, "pairing_id": county.pairings[0].pk, "actor": ACTOR}
        with pytest.raises(AssessmentRefused) as refused:
            approve_report(**key)
        assert refused.value.code == "not_handed_in"
        save(county, hand_in=True)
        with pytest.raises(AssessmentRefused) as refused:
            return_report(**key, reason="")
        assert refused.value.code == "reason"
        assert return_report(**key, reason="补充数据").submitted_on is None


@pytest.mark.parametrize(
    ("saying", "code"),
    [
        (Saying("长" * 1501), "too_long"),
        (Saying("x", Decimal("105.5")), "out_of_range"),
        (Saying("x", None, {"A1": Decimal("40.5")}), "out_of_range"),
        (Saying("x", None, {"Z9": Decimal(1)}), "no_line"),
        (Saying("  "), "empty"),
    ],
)
def test_what_a_report_cannot_say_is_refused(county: County, saying: Saying, code: str) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        with pytest.raises(AssessmentRefused) as refused:
            save(county, saying, hand_in=True)
        assert refused.value.code == code
        assert not SelfReport.objects.exists()


def test_an_exempt_pairing_reports_nothing(county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        Assessed.objects.filter(pairing=county.pairings[0]).update(exempt_because="机构改革")
        with pytest.raises(AssessmentRefused) as refused:
            save(county)
        assert refused.value.code == "exempt"


def assessed(county: County, number: int = 0) -> Assessed:
    found: Assessed = Assessed.objects.get(cycle=county.cycle, pairing=county.pairings[number])
    return found


def dispute(county: County, code: str = "A1", text: str = "计划已批", **fields: Any) -> Dispute:
    values = {"record": None, "assessed": assessed(county), **fields}
    return raise_dispute(cycle=county.cycle, line=county.line(code), text=text, actor=ACTOR, **values)


def test_a_figure_is_disputed_by_a_record_of_the_pairing(county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        mine = make.make_record(county.pairings[0], occurred_on=date(2025, 5, 6), title="五月劳动")
        theirs = make.make_record(county.pairings[1], occurred_on=date(2025, 5, 6))
        found = dispute(county, record=mine)
        assert found.record_id == mine.pk
        for fields, code in (
            ({"record": mine}, "open"),
            ({"record": theirs}, "other_pairing"),
            ({"code": "B1"}, "not_counted"),
            ({"text": " "}, "empty"),
            ({"text": "长" * 401}, "too_long"),
        ):
            with pytest.raises(AssessmentRefused) as refused:
                dispute(county, **fields)
            assert refused.value.code == code
        answered = answer_dispute(dispute=found, is_upheld=True, answer="已补登", actor=ACTOR)
        assert (answered.is_upheld, answered.answered_on) == (True, date(2026, 1, 12))
        with pytest.raises(AssessmentRefused) as refused:
            answer_dispute(dispute=found, is_upheld=False, answer="x", actor=ACTOR)
        assert refused.value.code == "answered"


# -- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "report", "approve"),
    [
        ("CA", 200, 403), ("CS", 200, 403), ("IN", 200, 403), ("AU", 200, 403), ("TO", 200, 403), ("UL", 200, 403),
        ("UL2", 404, 403), ("UG", 403, 200), ("VS", 403, 403), ("CL", 403, 403), ("JC", 403, 403),
    ],
)  # fmt: skip
def test_who_opens_a_report(client: Client, county: County, role: str, report: int, approve: int) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
    county.sign_in(client, role)
    assert client.get(county.report_url()).status_code == report
    assert client.get(county.report_url(path="approve/")).status_code == approve


def test_the_liaison_writes_and_the_head_approves_on_pages(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
    county.sign_in(client, "UL")
    form = {"text": "全年工作", "self_score": "", "line_A1": "40", "line_B1": "50", "do": "hand_in"}
    assert client.post(county.report_url(), form).status_code == 302
    county.sign_in(client, "UG")
    page = client.get(county.report_url(path="approve/"))
    assert "全年工作" in page.content.decode()
    assert client.post(county.report_url(path="approve/")).status_code == 302
    with county.inside():
        report = SelfReport.objects.get()
        assert (str(report.self_score), report.approved_on) == ("90.00", date(2026, 1, 12))


def test_what_was_typed_stays_when_a_report_is_refused(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
    county.sign_in(client, "UL")
    response = client.post(county.report_url(), {"text": "留下这段话", "line_A1": "41", "line_B1": "abc", "do": "keep"})
    body = response.content.decode()
    assert response.status_code == 422
    assert "留下这段话" in body
    assert 'value="41"' in body
    assert 'value="abc"' in body
    with county.inside():
        assert not SelfReport.objects.exists()


def test_the_page_shows_the_ledgers_figures_and_neither_entries_nor_the_villages_mark(client: Client, county: County) -> None:
    with county.inside():
        mark = judged.make_line(
            judged.make_group(county.rubric, "G", "满意度", position=3), "G1", "0", name="村党组织评价", source="other_side",
            pattern="mark", pattern_terms={"of": 100},
        )  # fmt: skip
        county.bring_to(S.SELF_REPORT)
        judged.make_entry(county.cycle, county.pairings[0], mark, "37", note="村里不满意")
        judged.make_entry(county.cycle, county.pairings[0], county.line("B1"), "59.25", note="督导组的看法")
    county.sign_in(client, "UL")
    page = client.get(county.report_url()).content.decode()
    assert "协议与计划" in page
    for secret in ("37", "村里不满意", "59.25", "督导组的看法"):
        assert f">{secret}" not in page
        assert f"{secret}<" not in page


def test_a_unit_disputes_on_a_page_and_the_county_answers(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        record = make.make_record(county.pairings[0], occurred_on=date(2025, 5, 6), title="五月劳动")
        foreign = make.make_record(county.pairings[1], occurred_on=date(2025, 5, 6), title="别家的")
    county.sign_in(client, "UL")
    page = client.get(county.report_url(path="dispute/A1/")).content.decode()
    assert "五月劳动" in page
    assert "别家的" not in page
    refused = client.post(county.report_url(path="dispute/A1/"), {"record": str(foreign.uid), "text": "这条没算"})
    assert refused.status_code == 422
    assert "这条没算" in refused.content.decode()
    assert client.post(county.report_url(path="dispute/A1/"), {"record": str(record.uid), "text": "这条没算"}).status_code == 302
    with county.inside():
        found = Dispute.objects.get()
    county.sign_in(client, "CS")
    assert "这条没算" in client.get(county.url("self-reports/")).content.decode()
    answer = county.url(f"disputes/{found.uid}/")
    assert client.post(answer, {"is_upheld": "", "answer": "核对后补登"}).status_code == 422
    assert client.post(answer, {"is_upheld": "yes", "answer": "核对后补登"}).status_code == 302
    county.sign_in(client, "UL")
    assert "核对后补登" in client.get(county.report_url()).content.decode()
