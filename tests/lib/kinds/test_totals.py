"""Sums below a list equal its rows, over all pages, for one query; periods narrow by their code; the paper ledger's file."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lib.kinds.checks import problems_of
from lib.kinds.declare import Field, Filter, Type
from lib.kinds.exporting import Paper, export
from lib.kinds.listing import Listing
from tenancy.access import Access, access_for
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_tenant, make_town, make_village
from tests.lib.kinds.throwaway import THROWAWAY
from units.models import Listing as Place

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lib.kinds.throwaway")]
KIND = replace(
    THROWAWAY,
    fields=(
        *THROWAWAY.fields,
        Field(key="letters", label="letters", type=Type.INTEGER, annotate=lambda: Length("doc_no"), total=True),
        Field(
            key="period", label="period", path="starts_on", listed=False, sheet=False, fact=False, filter=Filter(widget="period")
        ),
    ),
    ledger=("starts_on", "village", "letters"),
)


@pytest.fixture
def tenant() -> Tenant:
    tenant = make_tenant()
    with tenant_scope(tenant):
        town = make_town()
        for number in range(25):
            village = make_village(f"荷垌{number}村", town=town)
            Place.objects.create(
                tenant=tenant,
                unit=village,
                kind="key_village",
                starts_on=date(2024, 9 + number % 3, 1),
                doc_no="号" * (number % 4),
            )
    return tenant


def listing(tenant: Tenant, access: Access, **asked: str) -> Listing:
    return Listing(KIND, access, tenant.slug, date(2026, 1, 1), asked, ("village", "starts_on", "letters"))


@pytest.fixture
def access(tenant: Tenant) -> Access:
    found = access_for(make_member(tenant, "CA"), tenant)
    assert found is not None
    return found


@pytest.mark.parametrize("asked", [{}, {"period": "2024-10"}, {"size": "20", "page": "2"}, {"q": "荷垌2"}])
def test_the_last_line_is_the_sum_of_all_rows_of_the_list(tenant: Tenant, access: Access, asked: dict[str, str]) -> None:
    with tenant_scope(tenant), translation.override("zh-hans"):
        shown = listing(tenant, access, **asked)
        table = shown.table()
        rows = [len(place.doc_no) for place in shown.filtered]

    assert len(rows) > 5
    totals = {column["key"]: cell for column, cell in zip(table["columns"], table["totals"], strict=True)}
    assert totals["letters"] == {"text": str(sum(rows)), "label": "letters", "numeric": True}
    assert totals["starts_on"]["text"] == ""
    assert table["totals"][0]["text"] == f"合计（{len(rows)} 条）"


def test_sums_cost_one_query_and_none_without_rows_or_columns(tenant: Tenant, access: Access) -> None:
    with tenant_scope(tenant):
        with CaptureQueriesContext(connection) as with_sums:
            listing(tenant, access).table()
        with CaptureQueriesContext(connection) as without:
            Listing(KIND, access, tenant.slug, date(2026, 1, 1), {}, ("village",)).table()
        nothing = listing(tenant, access, q="茅坡").table()
    assert len(with_sums) == len(without) + 1
    assert nothing["totals"] == []


@pytest.mark.parametrize(
    ("typed", "n"),
    [("2024-10", 8), ("2024-Q4", 16), ("2024", 25), ("2024年9月", 9), ("2024-9", 9), (" 2024-w40 ", 8), ("2024-Q3", 9)],
)
def test_a_period_narrows_to_its_days(tenant: Tenant, access: Access, typed: str, n: int) -> None:
    with tenant_scope(tenant):
        assert listing(tenant, access, period=typed).n_rows == n


@pytest.mark.parametrize("typed", ["2024-13", "2024-W54", "去年", "2024-Q", "-", "2024-10-01"])
def test_what_is_no_period_is_refused_with_the_way_to_write_one(tenant: Tenant, access: Access, typed: str) -> None:
    with tenant_scope(tenant), translation.override("zh-hans"):
        shown = listing(tenant, access, period=typed)
        assert not shown.is_valid
        assert "2024-10" in str(shown.filter_set.form.errors["period"][0])
        assert shown.n_rows == 0


def test_the_paper_ledger_has_its_own_columns_whatever_is_shown(tenant: Tenant, access: Access) -> None:
    with tenant_scope(tenant), translation.override("zh-hans"):
        shown = Listing(KIND, access, tenant.slug, date(2026, 1, 1), {}, ("village", "doc_no"))
        made = export(shown, "ledger", Paper("高州市"))
        labels = [one["label"] for one in shown.exports()]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(made.content)).active
    headings = [cell.value for cell in sheet[3]]
    assert headings == ["序号", "列入日期", "村", "letters"]
    assert labels == ["导出整本台账", "导出 Excel（打印版）", "导出 Excel（数据版）"]


def test_a_ledger_that_names_no_field_does_not_start() -> None:
    assert problems_of(replace(KIND, ledger=("starts_on", "nowhere"))) == [
        "Kind 'throwaway': its ledger names 'nowhere', which is no field."
    ]
