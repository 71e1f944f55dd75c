"""The ledgers: who sees which rows, what narrows them, totals that equal the rows, files that import again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import kinds
from activities.models import ItemKind
from lib.kinds.declare import Kind
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import County
from tests.factories import make_item, make_record

AsRole = Callable[[str], Client]
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def filled(county: County) -> County:
    """Six records of several types, months and pairings; one joint, one by proxy, one void, one still a draft."""
    with tenant_scope(county.tenant):
        make_record(county.first, county.second, text="清理村道", person_times=30, money_yuan=Decimal("1200.50"))
        make_record(
            county.first, type="reception", status="confirmed", text="接待来访", visitors=4, form="at_desk", person_times=4
        )
        make_record(
            county.second, type="training", text="电商培训", person_times=25, hours=Decimal("2.5"), details={"trainer": "某"}
        )
        make_record(
            county.third, text="修水渠", person_times=12, occurred_on=date(2024, 9, 20), is_proxy=True, proxy_basis="来电",
            author_side="village",
        )  # fmt: skip
        make_record(county.third, status="voided", text="作废的", person_times=99)
        make_record(county.first, status="draft", text="草稿的", person_times=77)
    return county


def rows(response: Any) -> list[str]:
    keys = [column["key"] for column in response.context["table"]["columns"]]
    return sorted(row["cells"][keys.index("text")]["text"] for row in response.context["table"]["rows"])


KEPT = ["修水渠", "接待来访", "清理村道", "电商培训"]


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", KEPT),
        ("state=all", [*KEPT, "作废的"]),
        ("state=gone", ["作废的"]),
        ("state=confirmed", ["接待来访"]),
        ("state=waiting", ["修水渠", "清理村道", "电商培训"]),
        ("period=2024-09", ["修水渠"]),
        ("period=2024-W42", ["接待来访", "清理村道", "电商培训"]),
        ("period=2024-Q4", ["接待来访", "清理村道", "电商培训"]),
        ("is_proxy=yes", ["修水渠"]),
        ("is_proxy=no", ["接待来访", "清理村道", "电商培训"]),
        ("q=水渠", ["修水渠"]),
        ("q=%E4%B8%8D%E5%AD%98%E5%9C%A8", []),
    ],
)
def test_filters(filled: County, as_role: AsRole, query: str, seen: list[str]) -> None:
    assert rows(as_role("CS").get(filled.url(f"records/?{query}"))) == sorted(seen)


def test_filters_by_rows(filled: County, as_role: AsRole) -> None:
    client = as_role("CS")

    def found(**asked: Any) -> list[str]:
        return rows(client.get(filled.url("records/"), {name: str(one.uid) for name, one in asked.items()}))

    assert found(unit=filled.water) == ["修水渠", "清理村道", "电商培训"]
    assert found(village=filled.far) == ["修水渠"]
    assert found(town=filled.town) == ["接待来访", "清理村道", "电商培训"]
    assert found(pairing=filled.second) == ["清理村道", "电商培训"]
    assert found(programme=filled.programme) == sorted(KEPT)
    with tenant_scope(filled.tenant):
        from activities.models import ActivityType

        labour = ActivityType.objects.get(code="labour_day")
    assert found(type=labour) == ["修水渠", "清理村道"]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("CA", KEPT), ("CS", KEPT), ("IN", KEPT), ("AU", KEPT),
        ("TO", ["接待来访", "清理村道", "电商培训"]), ("VS", ["接待来访", "清理村道", "电商培训"]),
        ("CL", ["接待来访", "清理村道", "电商培训"]), ("UL", ["接待来访", "清理村道", "草稿的"]),
    ],
)  # fmt: skip
def test_each_role_sees_its_own(filled: County, as_role: AsRole, role: str, seen: list[str]) -> None:
    assert rows(as_role(role).get(filled.url("records/"))) == sorted(seen)


@pytest.mark.parametrize("query", ["", "?period=2024-10", "?size=20", "?q=水渠", "?state=all"])
def test_the_total_is_the_sum_of_the_rows(filled: County, as_role: AsRole, query: str) -> None:
    table = as_role("CS").get(filled.url(f"records/{query}")).context["table"]
    at = [column["key"] for column in table["columns"]].index("person_times")
    shown = sum(int(row["cells"][at]["text"] or 0) for row in table["rows"])

    assert shown > 0
    assert table["totals"][at]["text"] == str(shown)


def test_a_joint_record_is_one_row_with_both_units_and_counted_once(filled: County, as_role: AsRole) -> None:
    table = as_role("CS").get(filled.url("records/?q=村道&col=units&col=villages&col=person_times")).context["table"]

    assert [cell["text"] for cell in table["rows"][0]["cells"]][1:] == ["高州市林业局、高州市水务局", "荷垌村", "30"]
    assert table["totals"][-1]["text"] == "30"


def test_receptions_and_trainings_have_ledgers_of_their_own(filled: County, as_role: AsRole) -> None:
    client = as_role("CS")
    receptions = client.get(filled.url("receptions/")).context["table"]
    trainings = client.get(filled.url("trainings/")).context["table"]

    def totals(table: dict[str, Any]) -> dict[str, str]:
        return {column["key"]: cell["text"] for column, cell in zip(table["columns"], table["totals"], strict=True)}

    assert len(receptions["rows"]) == len(trainings["rows"]) == 1
    assert totals(receptions)["visitors"] == "4"
    assert (totals(trainings)["hours"], totals(trainings)["person_times"]) == ("2.5", "25")
    cells = {cell["label"]: cell["text"] for cell in trainings["rows"][0]["cells"]}
    assert cells["授课人"] == "某"


def test_the_file_has_the_columns_that_people_know(filled: County, as_role: AsRole) -> None:
    answer = as_role("CS").get(filled.url("records/export/?form=ledger"))
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    headings = [cell.value for cell in sheet[3]]

    assert headings == [
        "序号", "时间", "地点", "单位", "结对村", "活动类型", "活动主题", "活动内容", "参加人员", "参加人次", "带队领导",
        "受益群众", "投入资金(万元)", "佐证材料", "填报人", "备注",
    ]  # fmt: skip
    with tenant_scope(filled.tenant):
        entry = AuditEntry.objects.filter(action="exported").get()
    assert entry.details["n_rows"] == 4


@pytest.mark.parametrize("kind", kinds.LEDGERS, ids=lambda kind: kind.code)
@pytest.mark.parametrize("form", ["ledger", "official", "machine"])
def test_each_ledger_goes_out_with_the_rows_of_its_page(filled: County, as_role: AsRole, kind: Kind, form: str) -> None:
    with tenant_scope(filled.tenant):
        for thing in ItemKind.values:
            make_item(filled.first, kind=thing)
    client = as_role("CS")
    table = client.get(filled.url(f"{kind.path}/")).context["table"]
    answer = client.get(filled.url(f"{kind.path}/export/?form={form}"))

    assert (answer.status_code, answer["Content-Type"]) == (200, SHEET)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)  # type: ignore[union-attr]
    numbered = [row for row in rows if isinstance(row[0], int)]
    assert 0 < len(table["rows"]) == (len(rows) - 1 if form == "machine" else len(numbered))


@pytest.mark.parametrize(("role", "code"), [("CS", 200), ("UL", 200), ("CL", 403), ("HC", 403)])
def test_who_takes_a_ledger_away(filled: County, as_role: AsRole, role: str, code: int) -> None:
    assert as_role(role).get(filled.url("records/export/")).status_code == code


@pytest.mark.parametrize("path", ["records/", "receptions/", "trainings/"])
def test_a_ledger_costs_the_same_however_long(filled: County, as_role: AsRole, path: str) -> None:
    client = as_role("CS")
    client.get(filled.url(path))
    with CaptureQueriesContext(connection) as few:
        client.get(filled.url(path))
    with tenant_scope(filled.tenant):
        for number in range(10):
            for code in ("labour_day", "reception", "training"):
                make_record(filled.first, filled.second, type=code, text=f"第{number}次", person_times=1)
    with CaptureQueriesContext(connection) as many:
        client.get(filled.url(path))
    assert len(many) == len(few)


def test_ledgers_of_items_show_their_own_columns_and_totals(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        make_item(county.first, money_yuan=Decimal(50000), details={"progress": 40, "households": 120, "funds_state": "30000"})
        make_item(county.second, name="灌溉水渠", money_yuan=Decimal(8000), details={"households": "30"})
        make_item(county.first, "livelihood_item", "安装路灯", category="路灯", money_yuan=Decimal(900))
        make_item(county.first, "courtyard", "户主甲", householder="户主甲")
    client = as_role("CS")
    projects = client.get(county.url("projects/?col=money_yuan&col=households&col=funds_state")).context["table"]
    items = client.get(county.url("livelihood/")).context["table"]
    courtyards = client.get(county.url("courtyards/")).context["table"]

    assert [cell["text"] for cell in projects["totals"]] == ["合计（2 条）", "58,000.00", "", "150"]
    assert len(items["rows"]) == len(courtyards["rows"]) == 1
    assert {cell["label"]: cell["text"] for cell in courtyards["rows"][0]["cells"]}["户主"] == "户主甲"
