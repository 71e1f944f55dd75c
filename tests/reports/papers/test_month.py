"""The month report: every figure equals the list it opens; Word, Excel and PDF say what the page says."""

from __future__ import annotations

import io
import re
import sys
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from docx import Document

from activities.kinds.obligations import OBLIGATION
from lib.kinds.listing import Listing
from reports.papers import pdf
from reports.papers.fields import PAPERS
from reports.papers.month import values_of
from reports.queries.month import Month
from tenancy import clock
from tenancy.kinds import PORTS
from tenancy.scope import tenant_scope
from tests.activities.obligations.conftest import local
from tests.reports.papers.conftest import NOW, Year, make_year

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'href="(/[^"]*/obligations/\?[^"]*)"[^>]*>\s*([\d,]+)\s*<')


def page(year: Year, role: str = "CS", month: str = "2024-12") -> str:
    answer = year.client(role).get(f"/{year.tenant.slug}/reports/month/", {"month": month})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", ["CS", "TO", "UL", "VS"])
def test_each_figure_equals_the_number_of_rows_in_the_list_it_opens(year: Year, role: str) -> None:
    figures = dict(FIGURE.findall(page(year, role)))
    assert len(figures) > 10
    with clock.at(local(NOW)), tenant_scope(year.tenant):
        for url, shown in figures.items():
            # The list's own machinery on the address's own words; one address of each kind is opened as a page below.
            asked = dict(parse_qsl(urlsplit(unescape(url)).query))
            listing = Listing(OBLIGATION, year.access(role), year.tenant.slug, clock.today(), asked)
            assert listing.is_valid, url
            assert listing.filtered.count() == int(shown.replace(",", "")), url
    url, shown = next((url, shown) for url, shown in figures.items() if shown != "0")
    listed = year.client(role).get(unescape(url))
    assert listed.context["table"]["pager"]["count"] == int(shown)


def test_the_parts_of_each_line_add_up_to_what_is_owed(year: Year) -> None:
    with clock.at(local(NOW)), tenant_scope(year.tenant):
        month = Month(year.access("CS"), year.tenant.slug, year.county.programme, local("2024-12-01T00:00").date())
        lines = [month.board.totals, *(one.line for one in month.rules), *month.board.towns]
        for line in lines:
            parts = {code: figure.value for code, figure in line.figures.items()}
            assert parts["owed"] == parts["done"] + parts["waiting"] + parts["going"] + parts["overdue"]
        assert sum(one.line.figures["owed"].value for one in month.rules) == month.board.totals.figures["owed"].value
        assert sum(one.figure.value for one in month.exceptions) == month.board.totals.figures["overdue"].value
        assert {one.period_kind for one in month.longer} >= {"quarter"}


def test_exceptions_stand_in_administrative_order_and_what_changed_is_told(year: Year) -> None:
    with clock.at(local(NOW)), tenant_scope(year.tenant):
        month = Month(year.access("CS"), year.tenant.slug, year.county.programme, local("2024-12-01T00:00").date())
        found = [(one.village, one.unit) for one in month.exceptions]
        villages = {one.village.pinyin: one.village.name for one in year.county.pairings}
    names = [village for village, _unit in found]
    assert names == sorted(names, key=lambda name: next(key for key, own in villages.items() if own == name))
    # The first unit did most of what was owed, and still stands where its village stands, not where its figure would put it.
    assert ("荷垌村", "高州市林业局") in found


def test_the_word_file_holds_the_figures_of_the_page(year: Year) -> None:
    answer = year.client("CS").get(f"/{year.tenant.slug}/reports/month/word/", {"month": "2024-12"})
    assert answer.status_code == 200
    document = Document(io.BytesIO(answer.content))
    with clock.at(local(NOW)), tenant_scope(year.tenant):
        month = Month(year.access("CS"), year.tenant.slug, year.county.programme, local("2024-12-01T00:00").date())
        lines = [(one.line.label, [str(figure.value) for figure in one.line.figures.values()]) for one in month.rules]
        total = month.board.totals.figures["owed"].value
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:]
    assert [(row[1], row[3:8]) for row in rows] == lines
    assert f"应完成{total}期" in "\n".join(one.text for one in document.paragraphs)
    assert "{{" not in answer.content.decode("latin-1")


def test_the_excel_file_has_the_rows_of_the_table(year: Year) -> None:
    answer = year.client("CS").get(f"/{year.tenant.slug}/reports/month/excel/overdue/", {"month": "2024-12"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    with clock.at(local(NOW)), tenant_scope(year.tenant):
        month = Month(year.access("CS"), year.tenant.slug, year.county.programme, local("2024-12-01T00:00").date())
        wanted = [[n, one.town, one.village, one.unit] for n, one in enumerate(month.exceptions, 1)]
    assert [row[:4] for row in found if isinstance(row[0], int)] == wanted


def test_without_the_extra_the_page_says_so_and_the_address_too(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr("reports.views.month.can_make_pdf", lambda: False)
    assert "本服务器没有安装PDF组件" in page(year)
    answer = year.client("CS").get(f"/{year.tenant.slug}/reports/month/pdf/", {"month": "2024-12"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    assert "month=2024-12" in answer.content.decode()


def test_with_the_extra_the_pdf_is_made_of_the_pages_figures_and_fetches_nothing(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}

    class Html:
        def __init__(self, *, string: str, url_fetcher: Any) -> None:
            given["html"] = string
            with pytest.raises(ValueError, match="fetches nothing"):
                url_fetcher("http://attacker.invalid/")

        def write_pdf(self, *, stylesheets: list[Any]) -> bytes:
            return b"%PDF-1.7"

    monkeypatch.setitem(sys.modules, "weasyprint", SimpleNamespace(HTML=Html, CSS=lambda **_more: None))
    answer = year.client("CS").get(f"/{year.tenant.slug}/reports/month/pdf/", {"month": "2024-12"})
    assert (answer["Content-Type"], answer.content) == ("application/pdf", b"%PDF-1.7")
    with clock.at(local(NOW)), tenant_scope(year.tenant):
        month = Month(year.access("CS"), year.tenant.slug, year.county.programme, local("2024-12-01T00:00").date())
        values = values_of(month, PORTS.paper(SimpleNamespace(tenant=year.tenant)))
    assert f"应完成{values['应完成']}期，已完成{values['已完成']}期" in given["html"]
    assert pdf.NoPdf is not None


def test_every_field_has_a_value_and_no_value_is_without_a_field(year: Year) -> None:
    with clock.at(local(NOW)), tenant_scope(year.tenant):
        month = Month(year.access("CS"), year.tenant.slug, year.county.programme, local("2024-12-01T00:00").date())
        values = values_of(month, PORTS.paper(SimpleNamespace(tenant=year.tenant)))
    fields = PAPERS["month"].fields
    assert set(values) == set(fields)
    for name, columns in fields.items():
        if columns is not None:
            assert all(set(row) == set(columns) for row in values[name]), name


def test_a_town_reports_its_own_and_another_county_nothing(year: Year) -> None:
    with clock.at(local(NOW)):
        other = make_year("huazhou")
    programme = str(other.county.programme.uid)
    answer = year.client("CS").get(f"/{year.tenant.slug}/reports/month/", {"programme": programme})
    assert answer.status_code == 404
    for wrong in ({"month": "2031-01"}, {"month": "x"}, {"programme": "x"}, {"month": "2024-Q4"}):
        assert year.client("CS").get(f"/{year.tenant.slug}/reports/month/", wrong).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("CS", 200), ("TO", 200), ("UL", 200), ("CL", 403)])
def test_who_takes_the_report_away(year: Year, role: str, status: int) -> None:
    for path in ("word/", "pdf/", "excel/rules/"):
        answer = year.client(role).get(f"/{year.tenant.slug}/reports/month/{path}", {"month": "2024-12"})
        assert answer.status_code == status


def test_the_number_of_queries_does_not_grow_with_the_pairings(year: Year, django_assert_max_num_queries: Any) -> None:
    client = year.client("CS")
    url = f"/{year.tenant.slug}/reports/month/?month=2024-12"
    client.get(url)
    with django_assert_max_num_queries(40):
        client.get(url)


def test_the_board_leads_to_the_month_report(year: Year) -> None:
    board = year.client("CS").get(f"/{year.tenant.slug}/board/").content.decode()
    assert f'href="/{year.tenant.slug}/reports/month/"' in board
