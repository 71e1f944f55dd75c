"""The ledgers of projects, livelihood items and courtyards come in: what rows become, what they find, what undoing leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from activities.actions import records as one_by_one
from activities.actions.items import ItemFacts, create_item
from activities.hands import system_hand
from activities.kinds import COURTYARDS, LIVELIHOOD, PROJECTS
from activities.models import ActivityType, Item, Obligation, Record
from lib.kinds.declare import Kind
from lib.kinds.exporting import Form, Paper, export
from lib.kinds.listing import Listing
from tenancy.access import Access, access_for
from tenancy.models import Account
from tenancy.scope import SYSTEM, Actor
from tests.activities.importing.conftest import Place, Send
from tests.factories import make_member, make_pairing, make_record, make_village
from tests.units.importing.conftest import answer, commit, rows
from tests.units.importing.files import workbook
from units.importing import actions, registry
from units.models import ImportBatch, ImportRow

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
VILLAGE = system_hand("village")
_SOURCES = "资金来源(财政/单位自筹/社会/其他)"
_STATE = "办理情况(在办/办结)"

PROJECT_HEADS = (
    "序号", "项目名称", "项目类别(人才/产业/基础设施)", "建设性质", "实施地点", "建设内容及规模", "总投资(万元)",
    _SOURCES, "已到位资金(万元)", "开工时间",
    "计划完工时间", "完成进度(%)", "形象进度", "受益户数", "受益人数", "牵头单位", "责任人", "联系电话", "存在问题", "备注",
)  # fmt: skip
ITEM_HEADS = (
    "序号", "村", "实事名称", "群众反映问题/来源", "办理内容", "类别(道路/饮水/路灯/医疗/教育/帮困/其他)", "提出时间",
    "计划完成时间", "实际完成时间", "投入资金(万元)", "受益户数/人数", "责任单位", "责任人", _STATE, "群众评价", "备注",
)  # fmt: skip
COURTYARD_HEADS = (
    "序号", "村", "村民小组", "户主姓名", "门牌号", "指导单位", "指导人", "开始时间", "建成时间", "验收得分", "评定等次",
    "授牌时间", "照片编号", "备注",
)  # fmt: skip


def sheet(heads: tuple[str, ...], *found: Mapping[str, Any]) -> bytes:
    return workbook({"2024年": [["2024年台账"], heads, *([row.get(head, "") for head in heads] for row in found)]})


def project(**cells: Any) -> dict[str, Any]:
    plain = {"项目名称": "荷垌加工车间", "实施地点": "荷垌村委会旁", "牵头单位": "林业局", "开工时间": "2024.10.8"}
    return {**plain, "总投资(万元)": 50, "建设性质": "新建", "联系电话": "13900001111", **cells}


def item(**cells: Any) -> dict[str, Any]:
    plain = {"村": "荷垌村", "实事名称": "安装路灯", "责任单位": "高州市林业局", "提出时间": "2024.10.20"}
    return {**plain, "实际完成时间": "2024.11.2", _STATE: "办结", **cells}


def courtyard(**cells: Any) -> dict[str, Any]:
    plain = {"村": "荷垌", "户主姓名": "梁某", "门牌号": "88号", "指导单位": "林业局", "建成时间": "2024.10.12"}
    return {**plain, "村民小组": "一组", **cells}


def projects(*found: Mapping[str, Any]) -> bytes:
    return sheet(PROJECT_HEADS, *found)


def items(*found: Mapping[str, Any]) -> bytes:
    return sheet(ITEM_HEADS, *found)


def courtyards(*found: Mapping[str, Any]) -> bytes:
    return sheet(COURTYARD_HEADS, *found)


def one(batch: ImportBatch, number: int = 0) -> ImportRow:
    return rows(batch)[number]


def codes(found: ImportRow) -> list[str]:
    return [problem["code"] for problem in found.problems]


def outcome(batch: ImportBatch) -> list[tuple[str, str, list[str]]]:
    return [(row.status, row.effect, codes(row)) for row in rows(batch)]


def county(place: Place) -> Access:
    access = access_for(make_member(place.tenant, "CA"), place.tenant)
    assert access is not None
    return access


def file_of(kind: Kind, place: Place, form: Form = "machine") -> bytes:
    """The ledger as the product exports it, with every column."""
    with translation.override("zh-hans"):
        columns = tuple(field.key for field in kind.fields) if form == "machine" else kind.ledger
        listing = Listing(kind, county(place), place.tenant.slug, date(2025, 1, 14), {"state": "all"}, columns)
        return export(listing, form, Paper("高州市")).content


# -- what rows become -----------------------------------------------------------------------------
def test_project_with_its_beginning_is_written_by_proxy_and_waits_for_the_village(place: Place, send: Send) -> None:
    batch = send("projects", projects(project(**{_SOURCES: "财政30万元、单位自筹20万元", "完成进度(%)": 40})))
    assert outcome(batch) == [("ok", "add", [])]
    assert batch.summary["information"] == ["将代单位填报 1 条记录，等待村里确认。"]
    commit(batch)
    made = Item.objects.get()
    assert (made.kind, made.pairing, made.money_yuan, made.raised_on) == (
        "project", place.forest, Decimal(500_000), date(2024, 10, 8)
    )  # fmt: skip
    assert made.details == {
        "nature": "新建", "site": "荷垌村委会旁", "progress": 40, "funds_state": "300000.00", "funds_unit": "200000.00"
    }  # fmt: skip
    record = Record.objects.get()
    assert (record.type, record.step, record.status, record.occurred_on) == (
        "benefit_project", "started", "submitted", date(2024, 10, 8)
    )  # fmt: skip
    assert (record.is_proxy, record.proxy_for, record.proxy_basis) == (True, place.forest.unit, "导入《表.xlsx》2024年 第3行")
    cell = Obligation.objects.get(pairing=place.forest, rule__code="benefit_project", starts_on=date(2024, 10, 1))
    assert cell.state == "waiting"
    one_by_one.confirm_record(record=record, hand=VILLAGE)
    cell.refresh_from_db()
    made.refresh_from_db()
    assert (cell.state, made.state) == ("met_late", "under_way")


def test_livelihood_item_that_is_closed_counts_on_that_day_once_confirmed(place: Place, send: Send) -> None:
    commit(send("livelihood", items(item(), item(实事名称="修水渠", 实际完成时间="", **{_STATE: "在办"}))))
    closed, open_one = Item.objects.order_by("id")
    assert (closed.state, open_one.state, open_one.records.count()) == ("in_progress", "in_progress", 0)
    one_by_one.confirm_record(record=closed.records.get(), hand=VILLAGE)
    closed.refresh_from_db()
    assert (closed.state, closed.completed_on, closed.raised_on) == ("closed", date(2024, 11, 2), date(2024, 10, 20))
    cell = Obligation.objects.get(pairing=place.forest, rule__code="livelihood_item", starts_on=date(2024, 11, 1))
    assert cell.state == "met_late"


def test_courtyard_built_and_awarded_are_two_records_of_one_household(place: Place, send: Send) -> None:
    commit(send("courtyards", courtyards(courtyard(授牌时间="2024.12.20", 验收得分=95.5, 照片编号="A-12"))))
    made = Item.objects.get()
    assert (made.household, made.name, made.details["score"], made.details["photos"]) == ("88", "梁某", "95.5", "A-12")
    assert [(r.step, r.occurred_on) for r in Record.objects.order_by("occurred_on")] == [
        ("built", date(2024, 10, 12)), ("awarded", date(2024, 12, 20))
    ]  # fmt: skip
    for record in Record.objects.order_by("occurred_on"):
        one_by_one.confirm_record(record=record, hand=VILLAGE)
    made.refresh_from_db()
    assert (made.state, made.completed_on, made.awarded_on) == ("awarded", date(2024, 10, 12), date(2024, 12, 20))


def test_telephones_are_not_read(place: Place, send: Send) -> None:
    batch = send("projects", projects(project()))
    assert any("联系电话" in note for note in batch.summary["information"] + batch.sheets[0]["notes"])
    assert "13900001111" not in str(one(batch).values)


# -- the same thing again --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("projects", projects(project(), project(项目名称="荷垌水渠"))),
        ("livelihood", items(item(), item(实际完成时间="2024.12.2", 提出时间="2024.11.20"))),
        ("courtyards", courtyards(courtyard(), courtyard(门牌号="", 户主姓名="陈某"))),
    ],
)
def test_the_same_file_again_and_a_longer_one_make_no_doubles(place: Place, send: Send, kind: str, content: bytes) -> None:
    commit(send(kind, content))
    again = send(kind, content, name="再来.xlsx")
    assert [(row.status, row.effect) for row in rows(again)] == [("ok", "same")] * 2, [row.reason for row in rows(again)]
    assert "已全部在系统中" in "".join(again.summary["information"]) or again.summary["add"] == 0
    assert (Item.objects.count(), Record.objects.count()) == (2, 2)


@pytest.mark.parametrize("form", ["machine", "ledger"])
@pytest.mark.parametrize("kind", [PROJECTS, LIVELIHOOD, COURTYARDS])
def test_what_is_exported_comes_in_again_without_a_change(place: Place, send: Send, kind: Kind, form: Form) -> None:
    make_pairing(place.forest.unit, make_village("朗练村", town=place.forest.village.parent), place.forest.programme)
    made = {
        "project": projects(project(), project(项目名称="水渠", 实施地点="", 牵头单位="水务局")),
        "livelihood_item": items(item(), item(实事名称="修路", 实际完成时间="", **{_STATE: "在办", "投入资金(万元)": "1.25"})),
        "courtyard": courtyards(courtyard(验收得分=95), courtyard(门牌号="", 户主姓名="陈某", 授牌时间="2024.12.1")),
    }[kind.code]
    importing = {"project": "projects", "livelihood_item": "livelihood", "courtyard": "courtyards"}[kind.code]
    commit(send(importing, made))
    one_by_one.confirm_record(record=Record.objects.order_by("id")[0], hand=VILLAGE)
    facts = ItemFacts(kind=kind.code, pairing=place.forest, name="手工登记", house_no="7-1号", householder="黄某")
    create_item(facts=facts, access=county(place))
    count = (Item.objects.count(), Record.objects.count())
    batch = send(importing, file_of(kind, place, form))
    assert [(row.status, row.effect) for row in rows(batch)] == [("ok", "same")] * count[0], [
        (row.reason, row.changes) for row in rows(batch)
    ]
    commit_nothing = batch.summary
    assert (commit_nothing["add"], commit_nothing["change"]) == (0, 0)
    assert (Item.objects.count(), Record.objects.count()) == count


def test_same_row_twice_is_imported_once_and_other_values_are_asked_about(place: Place, send: Send) -> None:
    batch = send("livelihood", items(item(), item(), item(办理内容="另一段路")))
    assert outcome(batch) == [("ok", "add", []), ("ok", "same", ["same_twice"]), ("question", "", ["twice"])]
    answer(batch, "another", row=2)
    commit(batch)
    assert Item.objects.count() == 2
    again = send("livelihood", items(item(办理内容="另一段路"), item()))
    assert [row.effect for row in rows(again)] == ["same", "same"]


def test_later_ledger_brings_the_end_of_what_was_under_way(place: Place, send: Send) -> None:
    begun = item(实际完成时间="", **{_STATE: "在办"})
    commit(send("livelihood", items(begun)))
    batch = send("livelihood", items(item(**{"投入资金(万元)": 2})))
    assert one(batch).effect == "change"
    assert {change["label"] for change in one(batch).changes} == {"投入资金（元）", "新增记录"}
    commit(batch)
    assert (Item.objects.get().money_yuan, Record.objects.get().step) == (Decimal(20_000), "closed")


def test_day_is_corrected_until_it_is_confirmed_and_kept_afterwards(place: Place, send: Send) -> None:
    commit(send("courtyards", courtyards(courtyard())))
    moved = send("courtyards", courtyards(courtyard(建成时间="2024.11.3")))
    assert one(moved).effect == "change"
    commit(moved)
    record = Record.objects.get()
    assert (record.occurred_on, record.shares.get().counts_on) == (date(2024, 11, 3), date(2024, 11, 3))
    states = dict(Obligation.objects.filter(pairing=place.forest, rule__code="courtyard").values_list("starts_on", "state"))
    assert (states[date(2024, 10, 1)], states[date(2024, 11, 1)]) == ("missed", "waiting")
    one_by_one.confirm_record(record=record, hand=VILLAGE)
    kept = send("courtyards", courtyards(courtyard(建成时间="2024.12.3")))
    assert (one(kept).effect, codes(one(kept))) == ("same", ["kept"])


def test_item_that_an_activity_ledger_brought_is_found_by_its_likeness(place: Place, send: Send) -> None:
    from tests.activities.importing.conftest import ledger, row

    commit(send("activities", ledger(row(活动类型="美丽庭院", 活动内容="指导一户建成", 时间="2024.10.12"))))
    batch = send("courtyards", courtyards(courtyard()))
    assert outcome(batch) == [("question", "", ["duplicate_item"])]
    answer(batch, f"is:{Item.objects.get().uid}")
    commit(batch)
    made = Item.objects.get()
    assert (made.household, made.house_no, made.householder, Record.objects.count()) == ("88", "88号", "梁某", 1)


# -- refusals --------------------------------------------------------------------------------------
def test_household_of_another_unit_is_refused_by_name(place: Place, send: Send) -> None:
    commit(send("courtyards", courtyards(courtyard())))
    found = one(send("courtyards", courtyards(courtyard(指导单位="水务局", 门牌号="８８"))))
    assert codes(found) == ["duplicate_courtyard"]
    assert "高州市林业局" in found.reason


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("livelihood", items(item(实际完成时间="")), "closed_without_day"),
        ("livelihood", items(item(实际完成时间="2025.3.1")), "in_future"),
        ("livelihood", items(item(提出时间="2024.10.20", 实际完成时间="2024.10.19")), "finished_before_raised"),
        ("livelihood", items(item(实际完成时间="2024.8.1", 提出时间="")), "not_active"),
        ("livelihood", items(item(责任单位="水务局", 村="朗练村")), "not_paired"),
        ("livelihood", items(item(实事名称="")), "required"),
        ("courtyards", courtyards(courtyard(门牌号="", 户主姓名="")), "item_missing"),
        ("courtyards", courtyards(courtyard(验收得分=120)), "too_many"),
        ("projects", projects(project(建设性质="重建")), "choice_unknown"),
    ],
)
def test_bad_rows_say_why(place: Place, send: Send, kind: str, content: bytes, expected: str) -> None:
    make_pairing(place.forest.unit, make_village("朗练村", town=place.forest.village.parent), place.forest.programme)
    found = one(send(kind, content))
    assert expected in codes(found), found.problems
    assert found.status in ("error", "question")


def test_site_that_names_no_village_is_asked_about(place: Place, send: Send) -> None:
    other = make_village("朗练村", town=place.forest.village.parent)
    make_pairing(place.forest.unit, other, place.forest.programme)
    batch = send("projects", projects(project(实施地点="村口")))
    assert codes(one(batch)) == ["village_missing"]
    answer(batch, str(other.uid))
    commit(batch)
    assert Item.objects.get().village == other


def test_liaison_brings_in_the_own_units_rows_only(place: Place, send: Send) -> None:
    liaison: Account = make_member(place.tenant, "UL", unit=place.forest.unit)
    content = items(item(实际完成时间="2024.12.20"), item(责任单位="水务局", 实际完成时间="2024.12.20"))
    batch = send("livelihood", content, actor=Actor(liaison.login, liaison.pk))
    assert [codes(row) for row in rows(batch)] == [[], ["not_yours"]]
    actions.commit_import(batch=batch, actor=Actor(liaison.login, liaison.pk), wait=True)
    record = Record.objects.get()
    assert (record.is_proxy, record.author, record.status) == (False, liaison, "submitted")
    village = access_for(make_member(place.tenant, "VS", unit=place.forest.village), place.tenant)
    assert village is not None
    assert not registry.may_import(village, registry.get("courtyards"))


def test_year_that_is_not_open_takes_no_records(place: Place, send: Send) -> None:
    ActivityType.objects.all().delete()
    with pytest.raises(actions.ImportRefused, match="还没有开启"):
        actions.commit_import(batch=send("livelihood", items(item())), actor=SYSTEM, wait=True)
    assert Item.objects.count() == 0


# -- undoing ---------------------------------------------------------------------------------------
def test_undo_puts_new_items_and_records_aside_and_changes_back(place: Place, send: Send) -> None:
    commit(send("livelihood", items(item(实际完成时间="", **{_STATE: "在办"}))))
    batch = send("livelihood", items(item(办理内容="十盏"), item(实事名称="修路")))
    commit(batch)
    actions.undo_import(batch=batch, actor=SYSTEM)
    first, second = Item.objects.order_by("id")
    assert (first.state, first.description, second.state) == ("in_progress", "", "withdrawn")
    assert set(Record.objects.values_list("status", flat=True)) == {"abandoned"}
    assert one(send("livelihood", items(item()))).effect == "change"


def test_undo_is_refused_once_a_step_is_confirmed(place: Place, send: Send) -> None:
    batch = send("courtyards", courtyards(courtyard()))
    commit(batch)
    one_by_one.confirm_record(record=Record.objects.get(), hand=VILLAGE)
    with pytest.raises(actions.ImportRefused, match="已被确认"):
        actions.undo_import(batch=batch, actor=SYSTEM)
    assert Record.objects.get().status == "confirmed"


def test_a_thousand_rows_take_as_many_statements_as_ten(place: Place, send: Send, django_assert_max_num_queries: Any) -> None:
    few = items(*(item(实事名称=f"实事{n}号工程") for n in range(10)))
    many = items(*(item(实事名称=f"实事{n}号工程") for n in range(200)))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as first:
        send("livelihood", few)
    with CaptureQueriesContext(connection) as second:
        send("livelihood", many, name="多.xlsx")
    assert len(second) <= len(first) + 2


def test_record_written_on_a_page_keeps_its_item(place: Place, send: Send) -> None:
    make_record(place.forest, type="labour_day", occurred_on=date(2024, 11, 2))
    assert one(send("livelihood", items(item()))).effect == "add"
