"""The tables of an assessment as Excel: what stands in them, who takes them, from when."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from assessment.models import CycleState
from tests.assessment.cycle.conftest import County

S = CycleState
MARKS = [58, 56, 45, 40, 20, 56]


def rows_of(response: Any) -> list[list[Any]]:
    assert response.status_code == 200, response.status_code
    book = load_workbook(io.BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def below(rows: list[list[Any]], heading: str) -> list[list[Any]]:
    """The rows of a table: those below its heading that begin with a number."""
    first = next(n for n, row in enumerate(rows) if heading in row)
    return [row for row in rows[first + 1 :] if str(row[0]).isdigit()]


@pytest.mark.parametrize(("role", "status"), [("CA", 200), ("CS", 200), ("AU", 200), ("IN", 404), ("CL", 403), ("UL", 404)])
def test_grades_and_self_reports_are_taken_by_those_who_see_scores(
    client: Client, county: County, role: str, status: int
) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
    county.sign_in(client, role)
    for table in ("results", "self-reports"):
        assert client.get(county.url(f"{table}/excel/")).status_code == status


def test_the_grades_stand_as_on_the_page(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.REVIEW)
    county.sign_in(client, "CA")
    assert client.get(county.url("results/excel/")).status_code == 404
    with county.inside():
        county.bring_to(S.SCORED, MARKS)
    page = client.get(county.url("results/"))
    assert county.url("results/excel/") in page.content.decode()
    rows = below(rows_of(client.get(county.url("results/excel/"))), "评定等次")
    shown = page.context["rows"]
    assert [(row[1], f"{row[2]:.2f}", row[4]) for row in rows] == [(one["unit"], one["final"], one["grade"]) for one in shown]
    assert len({row[4] for row in rows}) > 1


def test_the_notice_has_units_and_grades_only_and_only_once_public(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.DECISION, MARKS)
    for role in ("CA", "UG"):
        county.sign_in(client, role)
        assert client.get(county.url("publicity/excel/")).status_code == 404
    with county.inside():
        county.bring_to(S.PUBLICITY, MARKS)
    taken = [row[:3] for row in rows_of(client.get(county.url("publicity/excel/")))]
    assert ["序号", "单位", "等次"] in taken
    page = client.get(county.url("publicity/"))
    shown = [[cell["text"] for cell in row["cells"]] for row in page.context["table"]["rows"]]
    assert [row[1:] for row in below(taken, "等次")] == shown
    assert county.url("publicity/excel/") in page.content.decode()
    # A leader reads and takes nothing away (domain.md §7).
    county.sign_in(client, "CL")
    assert county.url("publicity/excel/") not in client.get(county.url("publicity/")).content.decode()
    assert client.get(county.url("publicity/excel/")).status_code == 403


def test_self_reports_say_who_handed_in_when(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.REVIEW)
    county.sign_in(client, "CS")
    rows = below(rows_of(client.get(county.url("self-reports/excel/"))), "提交日期")
    assert len(rows) == len(county.pairings)
