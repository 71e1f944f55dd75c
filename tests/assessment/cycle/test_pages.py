"""Who sees which page of an assessment and from when; the steps on pages; grades without scores."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from assessment.actions.self_reports import Saying, approve_report, save_report
from assessment.models import Assessed, Cycle, CycleState, UnitResult
from tenancy import clock
from tenancy.scope import tenant_scope
from tests import factories as make
from tests.assessment.cycle.conftest import ACTOR, NAMES, County, build, make_small_rubric

S = CycleState
MARKS = [58, 56, 45, 40, 20, 56]
SEES = {"CA": 200, "CS": 200, "AU": 200, "IN": 200, "CL": 200, "TO": 200, "UL": 200, "UG": 200, "VS": 404, "JC": 404}


@pytest.mark.parametrize(("role", "status"), SEES.items())
def test_who_sees_the_list_and_the_page_of_an_assessment(client: Client, county: County, role: str, status: int) -> None:
    with county.inside():
        county.bring_to(S.REVIEW)
    county.sign_in(client, role)
    assert client.get(f"/{county.tenant.slug}/assessment/").status_code == status
    assert client.get(county.url()).status_code == status


@pytest.mark.parametrize("role", ["CS", "AU", "IN", "UL", "UG", "TO", "CL", "VS"])
def test_only_the_county_administrator_leads_it_on(client: Client, county: County, role: str) -> None:
    with county.inside():
        county.bring_to(S.CONFIGURED)
    county.sign_in(client, role)
    for path in ("steps/open-reports/", "configure/", "decision/"):
        assert client.get(county.url(path)).status_code == 403
        assert client.post(county.url(path), {"until": "2026-02-01"}).status_code == 403
    assert county.state() == S.CONFIGURED


def test_the_whole_way_on_pages(client: Client, county: County) -> None:
    county.sign_in(client, "CA")
    exempt = {f"exempt_{county.pairings[4].uid}": "机构改革"}
    assert client.post(county.url("configure/"), exempt).status_code == 302
    refused = client.post(county.url("steps/open-reports/"), {"until": "2025-12-31"})
    assert refused.status_code == 422
    assert 'value="2025-12-31"' in refused.content.decode()
    assert client.post(county.url("steps/open-reports/"), {"until": "2026-01-31"}).status_code == 302
    assert client.post(county.url("steps/open-review/")).status_code == 302
    county.sign_in(client, "CS")
    rows: dict[str, str] = {}
    for pairing, mark in zip(county.pairings, MARKS, strict=True):
        if pairing is not county.pairings[4]:
            rows |= {f"value_{pairing.uid}": str(mark), f"note_{pairing.uid}": "评审会"}
    assert client.post(county.url("review/") + "?line=B1", rows).status_code == 302
    county.sign_in(client, "CA")
    for step in ("score", "decide"):
        assert client.post(county.url(f"steps/{step}/")).status_code == 302
    early = client.post(county.url("steps/publish/"))
    assert early.status_code == 422
    with county.inside():
        units = list(UnitResult.objects.select_related("unit"))
    form = {"minutes_no": "高委纪〔2026〕2号", "decided_on": "2026-01-12"}
    form |= {f"grade_{one.unit.uid}": one.grade_final for one in units}
    changed = county.pairings[2].unit.uid
    refused = client.post(county.url("decision/"), {**form, f"grade_{changed}": "average"})
    assert refused.status_code == 422
    assert "高委纪〔2026〕2号" in refused.content.decode()
    assert (
        client.post(
            county.url("decision/"), {**form, f"grade_{changed}": "average", f"reason_{changed}": "投诉未办结"}
        ).status_code
        == 302
    )
    assert client.post(county.url("steps/publish/")).status_code == 302
    assert client.post(county.url("steps/finish/")).status_code == 422
    with clock.at(datetime(2026, 1, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))):
        assert client.post(county.url("steps/finish/")).status_code == 302
    assert county.state() == S.FINAL
    with county.inside():
        assert Assessed.objects.get(pairing=county.pairings[4]).exempt_because == "机构改革"
        assert not UnitResult.objects.filter(unit=county.pairings[4].unit).exists()


def test_an_assessment_is_begun_on_a_page(client: Client, county: County) -> None:
    county.sign_in(client, "CA")
    with county.inside():
        programme = make.make_programme(
            2026, starts_on=county.cycle.starts_on.replace(year=2026), ends_on=county.cycle.ends_on.replace(year=2026)
        )
        rubric = make_small_rubric("Z-100")
    url = f"/{county.tenant.slug}/assessment/new/"
    form = {"programme": str(programme.uid), "year": "2026", "title": "", "rubric": str(rubric.uid)}
    refused = client.post(url, {**form, "year": "二〇二六"})
    assert refused.status_code == 422
    assert "二〇二六" in refused.content.decode()
    assert client.post(url, form).status_code == 302
    with county.inside():
        assert Cycle.objects.get(year=2026).title == "2026年度考核"
    assert client.post(url, form).status_code == 422


def test_the_page_says_where_it_stands_and_who_acts(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
    county.sign_in(client, "UL")
    body = client.get(county.url()).content.decode()
    assert 'aria-current="step"' in body
    assert "下一步" in body
    assert "联络员填写，单位负责人审定；县里答复异议" in body
    assert "第1村" in body
    assert "第2村" not in body


@pytest.mark.parametrize(
    ("role", "status"),
    [("CA", 200), ("CS", 200), ("AU", 200), ("IN", 404), ("CL", 403), ("UL", 403), ("UG", 403), ("TO", 403), ("VS", 403)],
)
def test_scores_are_the_countys_and_the_auditors(client: Client, county: County, role: str, status: int) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
    county.sign_in(client, role)
    response = client.get(county.url("results/"))
    assert response.status_code == status
    if status == 200:
        assert "97.00" in response.content.decode()


@pytest.mark.parametrize("role", ["UL", "UL2", "UG", "TO", "CL", "IN", "VS", "JC"])
def test_nobody_else_finds_a_score_or_a_grade_before_publication(client: Client, county: County, role: str) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
    county.sign_in(client, role)
    assert client.get(county.url("publicity/")).status_code == 404
    for path in ("", "results/", "self-reports/", "archive/", "what-if/", "review/"):
        body = client.get(county.url(path)).content.decode()
        for secret in ("97.00", "96.00", "98.00", "较好"):
            assert secret not in body, path


@pytest.mark.parametrize(
    ("role", "status"),
    [("UL", 200), ("UL2", 200), ("UG", 200), ("TO", 200), ("CL", 200), ("CA", 200), ("AU", 200), ("VS", 404), ("JC", 404)],
)
def test_the_public_notice_shows_grades_in_administrative_order_and_no_score(
    client: Client, county: County, role: str, status: int
) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
    county.sign_in(client, role)
    response = client.get(county.url("publicity/"))
    assert response.status_code == status
    if status == 200:
        body = response.content.decode()
        table = body[body.index("<tbody>") : body.index("</tbody>")]
        # 财 cai, 林 lin, 农 nong, 水 shui, 统 tong: not the order of the scores of another year.
        assert sorted(NAMES, key=table.index) == list(NAMES)
        for score in ("97", "96", "85.00", "80.00", "60.00"):
            assert score not in table
        assert "2026年1月12日" in body
        assert "2026年1月19日" in body


def test_the_order_of_the_notice_is_not_that_of_scores(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, [10, 20, 40, 50, 58, 10])
    county.sign_in(client, "UL")
    body = client.get(county.url("publicity/")).content.decode()
    table = body[body.index("<tbody>") : body.index("</tbody>")]
    assert sorted(NAMES, key=table.index) == list(NAMES)


def test_a_recomputation_is_listed_with_before_and_after(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
        pairing = county.pairings[0]
        pairing.plan_approved_on = None
        pairing.save()
    county.sign_in(client, "CA")
    assert client.post(county.url("steps/recompute/"), {"reason": ""}).status_code == 422
    assert client.post(county.url("steps/recompute/"), {"reason": "计划审批被撤销"}).status_code == 302
    body = client.get(county.url("results/")).content.decode()
    for told in ("98.00 好", "78.00 一般", "A1 40.00 → 20.00", "计划审批被撤销"):
        assert told in body


def test_two_counties_know_nothing_of_each_other(client: Client, county: County) -> None:
    other = build("nanhai", "440605", "南海区")
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
    client.force_login(other.members["CA"])
    for path in (
        "",
        "configure/",
        "steps/recompute/",
        "self-reports/",
        "review/",
        "what-if/",
        "decision/",
        "results/",
        "publicity/",
    ):
        assert client.get(county.url(path).replace("/gaozhou/", "/nanhai/")).status_code == 404, path
    assert client.get(county.report_url().replace("/gaozhou/", "/nanhai/")).status_code == 404
    assert client.post(county.url("steps/recompute/").replace("/gaozhou/", "/nanhai/"), {"reason": "x"}).status_code == 404
    with tenant_scope(other.tenant):
        assert Cycle.objects.get().state == S.DRAFT
        assert not Assessed.objects.exists()


def test_a_step_that_does_not_exist_is_not_found(client: Client, county: County) -> None:
    county.sign_in(client, "CA")
    assert client.get(county.url("steps/fly/")).status_code == 404


def test_a_closed_year_sends_nobody_to_what_one_may_not_open(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.FINAL)
    for role, is_theirs in (("CA", True), ("AU", True), ("UL", False), ("CL", False)):
        body = county.sign_in(client, role).get(county.url()).content.decode()
        assert ("下载归档并核验" in body) is is_theirs, role
        assert ("归档由县里保存" in body) is not is_theirs, role
        assert (county.url("archive/") in body) is is_theirs, role


def test_an_approved_self_report_is_called_so_everywhere(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        pairing = county.pairings[0].pk
        save_report(cycle=county.cycle, pairing_id=pairing, saying=Saying(text="本年情况"), actor=ACTOR, hand_in=True)
        approve_report(cycle=county.cycle, pairing_id=pairing, actor=ACTOR)
    body = county.sign_in(client, "CA").get(county.url("self-reports/")).content.decode()
    assert "已审定" in body
    assert "已批准" not in body


def test_two_who_type_in_the_minutes_do_not_write_over_each_other(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
    county.sign_in(client, "CA")
    url = county.url("decision/")
    form = client.get(url).context["form"]
    opened = {bound.name: bound.value() or "" for bound in form} | {"minutes_no": "高委纪〔2026〕2号", "decided_on": "2026-01-12"}
    lowered = county.pairings[2].unit.uid
    first = {**opened, f"grade_{lowered}": "average", f"reason_{lowered}": "投诉未办结"}
    assert client.post(url, first).status_code == 302
    late = client.post(url, {**opened, "minutes_no": "高委纪〔2026〕3号"})
    assert late.status_code == 422
    assert "打开本页以后，等次已被保存或有了变化" in late.content.decode()
    assert 'value="高委纪〔2026〕3号"' in late.content.decode()
    with county.inside():
        row = UnitResult.objects.get(unit__uid=lowered)
        assert (row.grade_final, row.changed_because) == ("average", "投诉未办结")
        assert Cycle.objects.get().minutes_no == "高委纪〔2026〕2号"
    # Who looks at it as it is now goes on.
    again = {bound.name: bound.value() or "" for bound in client.get(url).context["form"]}
    assert client.post(url, {**again, f"reason_{lowered}": "投诉未办结，已核实"}).status_code == 302
