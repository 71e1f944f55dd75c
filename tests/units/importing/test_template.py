"""The blank form of each ledger: what it holds is what the importer reads."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from lib.sheets.headers import find_headers
from lib.sheets.reader import read_workbook
from tests.factories import make_tenant
from tests.units.importing.test_views import signed_in
from units.importing import registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> Client:
    return signed_in(make_tenant(), "CA")


def blank(client: Client, kind: str) -> bytes:
    response = client.get(reverse("importing:template", args=["gaozhou"]) + f"?kind={kind}")
    assert response.status_code == 200
    assert f"{registry.get(kind).sheet.title}_空表.xlsx" in unquote(response["Content-Disposition"])
    return response.content


def test_the_importer_knows_every_heading_of_every_blank_form(staff: Client, tmp_path: Path) -> None:
    for kind in registry.kinds():
        file = tmp_path / f"{kind.code}.xlsx"
        file.write_bytes(blank(staff, kind.code))
        book = read_workbook(file)
        found = find_headers(book.sheets[0], kind.sheet)
        assert (found.row, found.n_known, found.unknown, found.repeated) == (2, len(kind.headings()), [], []), kind.code
        assert all(found.covers(column.name) for column in kind.sheet.columns if column.required), kind.code
        assert [sheet.default_on for sheet in book.sheets][1:] == [False]


def test_a_blank_form_offers_the_words_of_a_choice_and_says_how_to_fill_in(staff: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank(staff, "vetoes")))
    form, told = book.worksheets
    (rule,) = form.data_validations.dataValidation
    assert rule.formula1 == '"弄虚作假,重大安全责任事故,违纪案件"'
    lines = {line[0]: line[1:] for line in told.iter_rows(values_only=True)}
    assert lines["文号"][0] == "必填"
    assert lines["认定时间"][1] == "日期，如 2024年9月3日、2024.9.3"
    assert "弄虚作假" in str(lines["类型"][1])


def test_the_upload_page_leads_to_the_blank_form(staff: Client) -> None:
    page = staff.get(reverse("importing:new", args=["gaozhou"]) + "?kind=polls").content.decode()
    assert reverse("importing:template", args=["gaozhou"]) + "?kind=polls" in page
    assert "下载“群众测评”空表" in page


@pytest.mark.parametrize(("role", "kind", "status"), [("CS", "vetoes", 403), ("CS", "polls", 200), ("AU", "polls", 403)])
def test_a_blank_form_is_for_those_who_may_import_it(role: str, kind: str, status: int) -> None:
    client = signed_in(make_tenant(), role)
    assert client.get(reverse("importing:template", args=["gaozhou"]) + f"?kind={kind}").status_code == status
