"""Households come in: which pairing, which household, who looks after it, since when; asked about, refused, undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from lib.kinds.exporting import Form, Paper, export
from lib.kinds.listing import Listing
from pairing.actions.households import HouseholdFacts, change_household, delist_household
from pairing.kinds.households import HOUSEHOLD
from pairing.models import HouseholdContact
from pairing.queries.households import coverage
from tenancy import clock
from tenancy.access import Access, access_for
from tenancy.scope import SYSTEM, tenant_scope
from tests import factories_judgement as judged
from tests.pairing.conftest import County
from tests.units.importing.conftest import Send, answer, commit, rows, send
from tests.units.importing.files import workbook
from units.importing import actions, registry
from units.models import ImportBatch

__all__ = ["send"]
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MOMENT = datetime(2026, 1, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = MOMENT.date()
HEADS = (
    "序号",
    "村",
    "村民小组",
    "结对单位党员(姓名,单位,电话)",
    "农村党员(姓名,电话)",
    "户主姓名",
    "户类型",
    "门牌号",
    "联系电话",
    "备注",
)
UNIT_SIDE, VILLAGE_SIDE = HEADS[3], HEADS[4]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def place(county: County) -> Iterator[County]:
    with tenant_scope(county.tenant), clock.at(MOMENT):
        yield county


def ledger(*found: Mapping[str, Any], heads: tuple[str, ...] = HEADS, filled: str = "") -> bytes:
    top = [["党员联系户（1+1+N）台账"], *([[filled]] if filled else [])]
    return workbook({"联系户": [*top, heads, *([row.get(head, "") for head in heads] for row in found)]})


def row(place: County, **cells: Any) -> dict[str, Any]:
    plain = {"村": place.third.village.name, "门牌号": "12号", "户主姓名": "张三", "联系电话": "13900001111", "户类型": "一般户"}
    return {**plain, UNIT_SIDE: f"党员甲,{place.third.unit.name},13900002222", VILLAGE_SIDE: "党员乙,13900003333", **cells}


def codes(batch: ImportBatch, number: int = 0) -> list[str]:
    return [problem["code"] for problem in rows(batch)[number].problems]


def kept() -> list[tuple[str, str, str, str]]:
    names = ("house_no", "householder", "unit_member", "village_member")
    return list(HouseholdContact.objects.order_by("house_no").values_list(*names))


def test_a_row_of_paper_becomes_a_household_without_its_telephones(place: County, send: Send) -> None:
    batch = send("households", ledger(row(place), filled="填报日期：2025年12月20日"))
    assert [(one.status, one.effect) for one in rows(batch)] == [("ok", "add")]
    commit(batch)
    assert kept() == [("12号", "张三", "党员甲", "党员乙")]
    made = HouseholdContact.objects.get()
    assert (made.pairing, made.listed_on, made.covered_from) == (place.third, date(2025, 12, 20), date(2025, 12, 20))
    assert "139" not in str(rows(batch)[0].values)
    found = coverage([place.third.pk], date(2025, 12, 31))[place.third.pk]
    assert (found.listed, found.covered) == (1, 1)


def test_one_named_member_does_not_cover(place: County, send: Send) -> None:
    commit(send("households", ledger(row(place, **{VILLAGE_SIDE: ""}))))
    assert HouseholdContact.objects.get().covered_from is None


def test_the_same_file_again_changes_nothing_and_an_empty_cell_takes_nothing_away(place: County, send: Send) -> None:
    commit(send("households", ledger(row(place))))
    again = send("households", ledger(row(place), row(place)))
    assert (again.summary["same"], again.summary["add"], again.summary["change"]) == (2, 0, 0)
    commit(send("households", ledger(row(place, **{UNIT_SIDE: "", "户主姓名": "", "备注": "核对"}))))
    assert kept() == [("12号", "张三", "党员甲", "党员乙")]
    assert HouseholdContact.objects.get().notes == "核对"


def test_a_member_named_later_covers_from_then_and_an_undo_takes_it_back(place: County, send: Send) -> None:
    held = judged.make_household(place.third, "12 号", householder="张三", unit_member="", listed_on=date(2025, 3, 1))
    before = HouseholdContact.objects.filter(pk=held.pk).values().get()
    batch = send("households", ledger(row(place), row(place, 门牌号="13号", 户主姓名="李四")))
    assert [one.effect for one in rows(batch)] == ["change", "add"]
    commit(batch)
    held.refresh_from_db()
    assert (held.unit_member, held.covered_from, held.house_no) == ("党员甲", TODAY, "12 号")
    actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    assert HouseholdContact.objects.values().get() == before


def test_an_undo_is_refused_once_somebody_changed_a_household(place: County, send: Send) -> None:
    batch = send("households", ledger(row(place)))
    commit(batch)
    change_household(household=HouseholdContact.objects.get(), facts=HouseholdFacts("12号", "张三", "党员丙", "党员乙"))
    with pytest.raises(actions.ImportRefused) as refused:
        actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    assert "12号" in refused.value.message
    assert kept() == [("12号", "张三", "党员丙", "党员乙")]


def test_a_village_with_several_partners_is_asked_about_once_for_the_file(place: County, send: Send) -> None:
    assert place.first.village == place.second.village
    two = [row(place, 村=place.first.village.name, 门牌号=number) for number in ("1号", "2号")]
    batch = send("households", ledger(*two))
    assert codes(batch) == codes(batch, 1) == ["side_missing"]
    answer(batch, str(place.second.unit.uid))
    commit(batch)
    assert set(HouseholdContact.objects.values_list("pairing", flat=True)) == {place.second.pk}


def test_the_unit_s_own_column_says_which_partner(place: County, send: Send) -> None:
    heads = (*HEADS, "结对单位")
    commit(send("households", ledger(row(place, 村=place.first.village.name, 结对单位=place.second.unit.name), heads=heads)))
    assert HouseholdContact.objects.get().pairing == place.second


def test_rows_that_differ_about_one_household_are_asked_about(place: County, send: Send) -> None:
    batch = send("households", ledger(row(place), row(place, **{VILLAGE_SIDE: "党员丁"})))
    assert [one.status for one in rows(batch)] == ["ok", "question"]
    answer(batch, "this", row=1)
    commit(batch)
    assert kept() == [("12号", "张三", "党员甲", "党员丁")]


@pytest.mark.parametrize(("reply", "householder"), [("same", "李四"), ("leave", "张三")])
def test_another_householder_at_a_number_is_asked_about(place: County, send: Send, reply: str, householder: str) -> None:
    judged.make_household(place.third, "12号", householder="张三", unit_member="党员甲", village_member="党员乙")
    batch = send("households", ledger(row(place, 户主姓名="李四")))
    assert codes(batch) == ["other_householder"]
    answer(batch, reply)
    commit(batch)
    assert HouseholdContact.objects.get().householder == householder


def test_without_a_number_group_and_householder_tell_households_apart(place: County, send: Send) -> None:
    data = ledger(row(place, 门牌号="", 村民小组="一组"), row(place, 门牌号="", 村民小组="二组"))
    batch = send("households", data)
    assert codes(batch) == ["no_house_no"]
    commit(batch)
    assert [name for name, *_rest in kept()] == ["一组 张三", "二组 张三"]
    assert send("households", data).summary["same"] == 2


@pytest.mark.parametrize(
    ("cells", "status", "code"),
    [
        ({"村": "无名村"}, "question", "village_unknown"),
        ({"门牌号": "", "户主姓名": ""}, "error", "house_missing"),
        ({"结对单位": "高州市无此局"}, "question", "unit_unknown"),
        ({"建档时间": "2026年3月1日"}, "error", "in_future"),
    ],
)
def test_what_cannot_be_is_kept_out_with_its_place(
    place: County, send: Send, cells: Mapping[str, Any], status: str, code: str
) -> None:
    heads = (*HEADS, "结对单位", "建档时间")
    batch = send("households", ledger(row(place, **cells), heads=heads))
    found = rows(batch)[0]
    assert (found.sheet, found.row, found.status) == ("联系户", 3, status)
    assert code in codes(batch)


def test_two_sides_that_are_not_paired_are_refused(place: County, send: Send) -> None:
    heads = (*HEADS, "结对单位")
    batch = send("households", ledger(row(place, 结对单位=place.first.unit.name), heads=heads))
    assert codes(batch) == ["not_paired"]
    assert place.third.village.name in rows(batch)[0].reason


def test_what_the_product_exports_comes_in_again_unchanged(place: County, send: Send) -> None:
    judged.make_household(place.third, "12号", householder="张三", unit_member="党员甲", village_member="党员乙")
    judged.make_household(place.first, "13号", householder="李四", unit_member="", village_member="")
    gone = judged.make_household(place.second, "14号", householder="王五", unit_member="", village_member="")
    delist_household(household=gone, reason="外迁")
    access = access_for(place.members["CA"], place.tenant)
    forms: tuple[Form, ...] = ("machine", "official", "ledger")
    assert access is not None
    for form in forms:
        with translation.override("zh-hans"):
            columns = tuple(field.key for field in HOUSEHOLD.fields)
            listing = Listing(
                HOUSEHOLD, access, place.tenant.slug, TODAY, {"state": "listed" if form == "ledger" else "all"}, columns
            )
            batch = send("households", export(listing, form, Paper("高州市")).content)
        n = 2 if form == "ledger" else 3
        assert (batch.summary["same"], batch.summary["question"], batch.summary["error"]) == (n, 0, 0), (
            form,
            rows(batch)[0].reason,
        )


def access(place: County, role: str) -> Access:
    found = access_for(place.members[role], place.tenant)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("CA", True),
        ("CS", True),
        ("TO", True),
        ("VS", True),
        ("UL", False),
        ("UG", False),
        ("IN", False),
        ("AU", False),
        ("CL", False),
    ],
)
def test_county_town_and_village_bring_households_in_and_units_do_not(place: County, role: str, may: bool) -> None:
    assert registry.may_import(access(place, role), registry.get("households")) is may


def test_a_village_writes_its_own_households_only_and_none_for_a_past_day(place: County, send: Send) -> None:
    secretary = access(place, "VS")
    (own,) = {grant.scope_unit_id for grant in secretary.grants}
    mine, other = (place.first, place.third) if place.first.village_id == own else (place.third, place.first)
    heads = (*HEADS, "结对单位", "建档时间")
    given = [
        row(place, 村=one.village.name, 结对单位=one.unit.name, 建档时间="2025.3.1", 门牌号=number)
        for one, number in ((mine, "1号"), (other, "2号"))
    ]
    batch = send("households", ledger(*given, heads=heads), actor=secretary.actor)
    assert [one.status for one in rows(batch)] == ["ok", "error"]
    assert (codes(batch), codes(batch, 1)) == (["from_today"], ["not_yours"])
    actions.commit_import(batch=batch, actor=secretary.actor, wait=True)
    made = HouseholdContact.objects.get()
    assert (made.pairing, made.listed_on, made.covered_from) == (mine, TODAY, TODAY)


def test_a_file_writes_to_the_own_county_only(place: County, send: Send) -> None:
    with tenant_scope(place.theirs.tenant):
        judged.make_household(place.theirs, "12号", householder="乙县户")
    commit(send("households", ledger(row(place))))
    assert len(kept()) == 1
    with tenant_scope(place.theirs.tenant):
        assert [name for _no, name, *_rest in kept()] == ["乙县户"]


def test_twelve_months_of_files_keep_one_household(place: County, send: Send) -> None:
    for month in range(3):
        with clock.at(MOMENT + timedelta(days=31 * month)):
            commit(send("households", ledger(row(place, 备注=f"{month}月"))))
    assert HouseholdContact.objects.count() == 1
    assert HouseholdContact.objects.get().versions.count() == 3
