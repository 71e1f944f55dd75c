"""The notice of a unit's result: from the sheet's figures and the county's template, to the county and that unit only."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document

from assessment.models import Poll, UnitResult
from reports.papers.fields import PAPERS
from reports.papers.notice import printed, values_of
from tenancy import clock
from tenancy.kinds import PORTS
from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.assessment.sheets.conftest import JANUARY, Assessed, make_assessed

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> Any:
    found = make_assessed()
    with clock.at(JANUARY):
        yield found


def url(county: Assessed, path: str = "") -> str:
    return f"/gaozhou/assessment/{county.cycle.uid}/units/{county.pairing.unit.uid}/notice/{path}"


def publish(county: Assessed, **fields: Any) -> None:
    with tenant_scope(county.tenant):
        for pairing, final in ((county.pairing, "85.05"), (county.other, "100.00")):
            own = fields if pairing is county.pairing else {}
            judged.make_result(county.cycle, pairing.unit, final, **own)
    county.publish()


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_notice_tells_the_sheets_figures(county: Assessed) -> None:
    publish(county)
    text = text_of(county.client("CS").get(url(county)).content)
    assert "你单位2025年度结对共建考核得分85.05分，等次为“较好”。" in text
    for figure in ("第1村", "86.05", "2.00", "3.00"):
        assert figure in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("role", "after"),
    [("CA", 200), ("CS", 200), ("AU", 200), ("UL", 200), ("UG", 200), ("VS", 404), ("TO", 404), ("CL", 404), ("far", 404)],
)
def test_who_takes_it_and_nobody_before_publication(county: Assessed, role: str, after: int) -> None:
    client = county.client(role)
    with tenant_scope(county.tenant):
        judged.make_result(county.cycle, county.pairing.unit, "85.05")
    assert client.get(url(county)).status_code == 404
    county.publish()
    assert client.get(url(county)).status_code == after
    assert (url(county) in client.get(county.url()).content.decode()) == (after == 200)


def test_another_countys_notice_is_not_found(county: Assessed) -> None:
    publish(county)
    other = make_assessed("nanhai", "440605", "南海区")
    with tenant_scope(other.tenant):
        judged.make_result(other.cycle, other.pairing.unit, "85.05")
    other.become("publicity")
    wrong = f"/gaozhou/assessment/{other.cycle.uid}/units/{other.pairing.unit.uid}/notice/"
    assert county.client("CA").get(wrong).status_code == 404


def test_the_grade_says_why_it_is_not_that_of_the_score(county: Assessed) -> None:
    publish(county, grade_by_score="good", limited_by_quota=True, changed_because="会议研究")
    text = text_of(county.client("UG").get(url(county)).content)
    assert "因该等次比例限制，定为“较好”" in text
    assert "经领导小组研究调整：会议研究。" in text


def test_sums_that_would_give_the_villages_mark_away_are_dashes(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        Poll.objects.filter(pairing=county.pairing).update(satisfied=5, fairly=0, dissatisfied=0)
    publish(county)
    text = text_of(county.client("CS").get(url(county)).content)
    assert "考核得分—分" in text
    assert "85.05" not in text
    assert "86.05" not in text


def test_every_field_has_a_value_and_pdf_says_the_same(county: Assessed, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(county)
    with tenant_scope(county.tenant), clock.at(JANUARY):
        result = UnitResult.objects.select_related("cycle__rubric", "unit").get(unit=county.pairing.unit)
        paper = PORTS.paper(SimpleNamespace(tenant=county.tenant))
        values, told = values_of(result, paper), printed(result, paper)
    assert set(values) == set(PAPERS["notice"].fields)
    assert any("得分85.05分" in line for line in told.sentences)
    assert told.tables[0].rows == [["1", "第1村", "86.05", "2.00", "3.00", "85.05"]]
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = county.client("CS").get(url(county, "pdf/"))
    assert (answer.status_code, answer["Content-Type"][:9]) == (200, "text/html")
    assert url(county) in answer.content.decode()
