"""What single rows come to: types, units together, days, months locked, doubles, corrections, households."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from activities.actions import records as one_by_one
from activities.actions.facts import RecordFacts
from activities.hands import system_hand
from activities.models import ActivityType, Item, Record, Reopening, Share
from tenancy import clock
from tenancy.models import Account
from tenancy.scope import SYSTEM, Actor
from tests.activities.importing.conftest import MOMENT, Place, Send, ledger, row
from tests.factories import (
    make_member,
    make_pairing,
    make_pairing_post,
    make_person,
    make_programme,
    make_suspension,
    make_town,
    make_unit,
    make_village,
)
from tests.units.importing.conftest import answer, commit, rows
from units.importing import actions, registry
from units.models import ImportAnswer, ImportBatch, ImportRow, UnitAlias

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
VILLAGE = system_hand("village")


def one(batch: ImportBatch, number: int = 0) -> ImportRow:
    return rows(batch)[number]


def codes(found: ImportRow, level: str = "") -> list[str]:
    return [problem["code"] for problem in found.problems if not level or problem["level"] == level]


def as_liaison(place: Place) -> Account:
    return make_member(place.tenant, "UL", unit=place.forest.unit)


def sent_by(account: Account, send: Send, content: bytes) -> ImportBatch:
    return send("activities", content, actor=Actor(account.login, account.pk))


# -- types ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("集中劳动", "labour_day"),
        ("集 中 劳 动", "labour_day"),
        ("②利民项目", "benefit_project"),
        ("（三）美丽庭院", "courtyard"),
        ("民生实事1件", "livelihood_item"),
        ("美丽庭院1户", "courtyard"),
        ("接访", "reception"),
        ("主题党日活动", "theme_party_day"),
        ("五个一之集中劳动", "labour_day"),
        ("农民夜校", "training"),
        ("志愿服务(清洁)", "volunteer"),
        ("labour_day", "labour_day"),
    ],
)
def test_types_as_people_write_them(place: Place, send: Send, written: str, code: str) -> None:
    found = one(send("activities", ledger(row(活动类型=written))))
    assert (found.status, found.values["type"]) == ("ok", code)


def test_type_that_the_year_has_not_is_asked_about_once_and_remembered(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(活动类型="下乡")))
    found = one(batch)
    assert (found.status, codes(found)) == ("question", ["type_unknown"])
    labels = [choice["label"] for choice in found.problems[0]["choices"]]
    assert labels[:3] == ["集中劳动", "利民项目", "民生实事"]
    answer(batch, "research_visit")
    assert (one(batch).status, one(batch).values["type"]) == ("ok", "research_visit")
    again = send("activities", ledger(row(活动类型="下乡", 活动内容="另一件事")), name="后来的.xlsx")
    assert (one(again).status, one(again).values["type"]) == ("ok", "research_visit")
    assert ImportAnswer.objects.get().file_sha256 == ""


def test_type_taken_out_of_use_is_asked_about(place: Place, send: Send) -> None:
    ActivityType.objects.filter(code="volunteer").update(is_active=False)
    assert codes(one(send("activities", ledger(row(活动类型="志愿服务"))))) == ["type_unknown"]


def test_year_that_is_not_open_is_looked_at_and_takes_no_rows(place: Place, send: Send) -> None:
    ActivityType.objects.all().delete()
    batch = send("activities", ledger(row(活动类型="接访")))
    assert (one(batch).status, one(batch).values["type"]) == ("ok", "reception")
    assert "2024 年度“2024年结对共建”还没有开启" in batch.summary["information"][0]
    with pytest.raises(actions.ImportRefused, match="还没有开启"):
        actions.commit_import(batch=batch, actor=SYSTEM, wait=True)
    batch.refresh_from_db()
    assert (batch.state, Record.objects.count()) == ("preview", 0)


# -- units and villages ---------------------------------------------------------------------------
def test_answered_unit_becomes_another_name_of_it(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(单位="林业中心")))
    assert codes(one(batch)) == ["unit_unknown"]
    answer(batch, str(place.forest.unit.uid))
    assert one(batch).status == "ok"
    commit(batch)
    assert UnitAlias.objects.get().unit == place.forest.unit
    assert Record.objects.get().shares.get().pairing == place.forest


def test_answered_village(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(结对村="荷洞")))
    assert codes(one(batch)) == ["village_unknown"]
    answer(batch, str(place.forest.village.uid))
    assert (one(batch).status, one(batch).values["village"]) == ("ok", "荷垌村")


def test_village_of_the_same_name_in_another_town_is_told_apart_by_the_pairing(place: Place, send: Send) -> None:
    make_village("荷垌村", town=make_town("根子镇"))
    found = one(send("activities", ledger(row())))
    assert (found.status, found.values["town"]) == ("ok", "曹江镇")


def test_questions_offer_first_what_the_other_cell_makes_likely(place: Place, send: Send) -> None:
    make_village("下垌村", town=place.forest.village.parent)
    batch = send("activities", ledger(row(单位="某某中心"), row(结对村="某某村", 时间="2024.10.11")))
    labels = [[choice["label"] for choice in found.problems[0]["choices"]] for found in rows(batch)]
    assert labels[0][:2] == ["高州市林业局", "高州市水务局"]
    assert labels[1][0] == "曹江镇 荷垌村"


def test_units_in_one_cell_are_a_joint_record(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(单位="市水务局、林业局")))
    assert (one(batch).status, one(batch).values["unit"]) == ("ok", "高州市水务局、高州市林业局")
    commit(batch)
    shares = {share.pairing: share.is_lead for share in Share.objects.select_related("pairing")}
    assert shares == {place.forest: True, place.water: False}
    assert send("activities", ledger(row(单位="林业局、市水务局"))).summary["same"] == 1


def test_unit_of_several_that_is_not_known_is_asked_about_by_itself(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(单位="林业局、水利中心")))
    assert [problem["key"][2] for problem in one(batch).problems] == ["水利中心"]
    answer(batch, str(place.water.unit.uid))
    assert one(batch).status == "ok"


def test_unit_without_pairing_with_the_village(place: Place, send: Send) -> None:
    make_unit("高州市档案馆")
    found = one(send("activities", ledger(row(单位="档案馆"))))
    assert codes(found) == ["not_paired"]
    assert "高州市档案馆与荷垌村没有结对" in found.reason


# -- days -----------------------------------------------------------------------------------------
def test_days_outside_the_pairings_time_are_errors(place: Place, send: Send) -> None:
    make_suspension(place.water, date(2024, 11, 1), date(2024, 11, 30))
    batch = send(
        "activities",
        ledger(
            row(时间="2024.9.2"),
            row(时间="2024.9.3"),
            row(时间="2024.11.15", 单位="水务局"),
            row(时间="2025.1.14"),
            row(时间="2025.1.15"),
            row(时间="2025.1.13-1.15"),
        ),
    )
    assert [codes(found) for found in rows(batch)] == [["not_active"], [], ["not_active"], [], ["in_future"], ["in_future"]]


def test_doubtful_day_and_doubtful_money_are_answered_for_this_cell_only(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(时间=2024.1, **{"投入资金(万元)": 35000}), row(时间=2024.1, 活动内容="另一次")))
    assert [codes(found) for found in rows(batch)] == [["date_ambiguous", "money_too_large"], ["date_ambiguous"]]
    answer(batch, "2024-10-08")
    answer(batch, "35000")
    first, second = rows(batch)
    assert (first.status, first.values["occurred_on"], first.values["money_yuan"]) == ("ok", "2024-10-08", "35000")
    assert second.status == "question"
    commit(batch)
    assert Record.objects.get().money_yuan == 35000


def test_record_belongs_to_the_programme_of_its_day(place: Place, send: Send) -> None:
    from activities.actions.year import open_year

    later = make_programme(2025, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    place.forest.programme.ends_on = date(2024, 12, 31)
    place.forest.programme.save()
    pairing = make_pairing(place.forest.unit, place.forest.village, later, starts_on=date(2025, 1, 1))
    open_year(programme=later, preset="five_ones", actor=SYSTEM)
    commit(send("activities", ledger(row(), row(时间="2025.1.9"))))
    assert list(Share.objects.order_by("counts_on").values_list("pairing", flat=True)) == [place.forest.pk, pairing.pk]


def test_range_keeps_both_days_and_numbers_keep_about(place: Place, send: Send) -> None:
    commit(send("activities", ledger(row(时间="10.9-10.10", 参加人次="约30人次") | {"投入资金(万元)": "1.4"})))
    record = Record.objects.get()
    assert (record.occurred_on, record.ends_on) == (date(2024, 10, 9), date(2024, 10, 10))
    assert (record.person_times, record.persons_approx, record.money_yuan, record.money_approx) == (30, True, 14000, False)


@pytest.mark.parametrize(("cell", "number", "code"), [("参加人次", 99_999_999_999, "too_many")])
def test_numbers_that_cannot_be_kept_are_errors(place: Place, send: Send, cell: str, number: int, code: str) -> None:
    assert code in codes(one(send("activities", ledger(row(**{cell: number})))))


# -- who brings it in -----------------------------------------------------------------------------
def test_liaison_writes_for_the_own_unit_under_the_own_name(place: Place, send: Send) -> None:
    liaison = as_liaison(place)
    batch = sent_by(liaison, send, ledger(row(时间="2024.12.20"), row(时间="2024.12.20", 单位="水务局")))
    assert [codes(found) for found in rows(batch)] == [[], ["not_yours"]]
    actions.commit_import(batch=batch, actor=Actor(liaison.login, liaison.pk), wait=True)
    record = Record.objects.get()
    assert (record.is_proxy, record.proxy_basis, record.author, record.status) == (False, "", liaison, "submitted")
    assert record.events.get().reason == "导入《表.xlsx》10月 第3行"


def test_liaison_obeys_the_lock_and_the_county_passes_it(place: Place, send: Send) -> None:
    content = ledger(row(时间="2024.11.30"), row(时间="2024.12.2"))
    batch = sent_by(as_liaison(place), send, content)
    assert [codes(found) for found in rows(batch)] == [["period_locked"], []]
    assert "2024-12-15" in one(batch).reason
    Reopening.objects.create(
        tenant=place.tenant, programme=place.forest.programme, month=date(2024, 11, 1), until=MOMENT.date(), reason="补报"
    )
    assert [codes(found) for found in rows(sent_by(as_liaison(place), send, content))] == [[], []]
    Reopening.objects.all().delete()
    assert send("activities", content).summary["ok"] == 2


def test_towns_and_villages_import_households_only(place: Place) -> None:
    from tenancy.access import access_for

    kind = registry.get("activities")
    for role, unit in (("VS", place.forest.village), ("TO", place.forest.village.parent)):
        access = access_for(make_member(place.tenant, role, unit=unit), place.tenant)
        assert access is not None
        assert not registry.may_import(access, kind)
    liaison = access_for(as_liaison(place), place.tenant)
    assert liaison is not None
    assert registry.may_import(liaison, kind)
    assert registry.reach_of(liaison, kind) == frozenset({place.forest.unit_id})


# -- the same thing again -------------------------------------------------------------------------
def test_corrected_file_changes_what_it_corrects_and_erases_nothing(place: Place, send: Send) -> None:
    commit(send("activities", ledger(row(地点="村口", 参加人次=12), row(时间="2024.10.10"))))
    batch = send("activities", ledger(row(参加人次=20), row(时间="2024.10.10"), row(时间="2024.10.11")))
    assert [found.effect for found in rows(batch)] == ["change", "same", "add"]
    assert one(batch).changes == [{"label": "人次", "from": "12", "to": "20"}]
    summary = commit(batch)
    assert summary["added"] == 1
    record = Record.objects.get(occurred_on=date(2024, 10, 9))
    assert (record.person_times, record.place, record.revision, record.status) == (20, "村口", 2, "submitted")
    assert [step.deed for step in record.events.all()] == ["submitted", "edited"]
    actions.undo_import(batch=batch, actor=SYSTEM)
    record.refresh_from_db()
    assert (record.person_times, record.revision) == (12, 1)
    assert Record.objects.get(occurred_on=date(2024, 10, 11)).status == "abandoned"
    assert Record.objects.get(occurred_on=date(2024, 10, 10)).status == "submitted"


def test_confirmed_record_is_not_changed_and_the_row_says_so(place: Place, send: Send) -> None:
    commit(send("activities", ledger(row())))
    one_by_one.confirm_record(record=Record.objects.get(), hand=VILLAGE)
    batch = send("activities", ledger(row(参加人次=99)))
    assert (one(batch).effect, codes(one(batch))) == ("same", ["kept"])
    assert "已被确认" in one(batch).problems[0]["message"]
    assert commit(batch)["changed"] == 0
    assert Record.objects.get().person_times == 12


def test_returned_record_is_handed_in_again_by_its_correction(place: Place, send: Send) -> None:
    commit(send("activities", ledger(row())))
    one_by_one.return_record(record=Record.objects.get(), hand=VILLAGE, reason="人数不对")
    batch = send("activities", ledger(row(参加人次=8)))
    assert one(batch).effect == "change"
    commit(batch)
    record = Record.objects.get()
    assert (record.status, record.shares.get().status, record.person_times) == ("submitted", "submitted", 8)
    assert [step.deed for step in record.events.all()] == ["submitted", "returned", "resubmitted"]
    actions.undo_import(batch=batch, actor=SYSTEM)
    record.refresh_from_db()
    assert (record.status, record.shares.get().status) == ("returned", "returned")


def written(place: Place, text: str, **more: Any) -> Record:
    """A record that somebody wrote on a page."""
    facts = RecordFacts(type="labour_day", occurred_on=date(2024, 10, 9), pairings=(place.forest,), text=text, **more)
    with clock.at(datetime(2024, 10, 10, 9, tzinfo=MOMENT.tzinfo)):
        return one_by_one.write_record(facts=facts, hand=system_hand("unit"))


def test_record_written_on_a_page_is_asked_about_and_corrected(place: Place, send: Send) -> None:
    record = written(place, "到村清理村道")
    content = ledger(row(活动内容="到村清理村道。", 参加人次=15))
    batch = send("activities", content)
    assert codes(one(batch)) == ["duplicate_record"]
    answer(batch, f"is:{record.uid}")
    assert one(batch).effect == "change"
    commit(batch)
    record.refresh_from_db()
    assert (record.text, record.person_times, Record.objects.count()) == ("到村清理村道。", 15, 1)


@pytest.mark.parametrize(("reply", "effect", "n"), [("another", "add", 2), ("leave", "same", 1)])
def test_similar_record_may_be_another_or_the_row_is_left_out(place: Place, send: Send, reply: str, effect: str, n: int) -> None:
    written(place, "到村清理村道")
    batch = send("activities", ledger(row(活动内容="到村清理村道。")))
    answer(batch, reply)
    assert (one(batch).status, one(batch).effect) == ("ok", effect)
    commit(batch)
    assert Record.objects.count() == n


def test_the_same_row_twice_in_a_file_is_imported_once(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(), row()))
    assert [(found.effect, codes(found)) for found in rows(batch)] == [("add", []), ("same", ["same_twice"])]
    commit(batch)
    assert Record.objects.count() == 1


def test_same_words_with_other_numbers_are_asked_about_and_known_apart_afterwards(place: Place, send: Send) -> None:
    content = ledger(row(参加人次=5), row(参加人次=9))
    batch = send("activities", content)
    assert [codes(found) for found in rows(batch)] == [[], ["twice"]]
    answer(batch, "another", row=1)
    assert [found.effect for found in rows(batch)] == ["add", "add"]
    commit(batch)
    assert sorted(Record.objects.values_list("person_times", flat=True)) == [5, 9]
    again = send("activities", ledger(row(参加人次=9), row(参加人次=5)))
    assert (again.summary["same"], again.summary["question"]) == (2, 0)


def test_abandoned_and_voided_records_are_not_taken_for_the_row(place: Place, send: Send) -> None:
    commit(send("activities", ledger(row())))
    one_by_one.void_record(record=Record.objects.get(), hand=system_hand("county"), reason="不属实")
    assert one(send("activities", ledger(row()))).effect == "add"


# -- leaders, projects, courtyards ------------------------------------------------------------------
def test_leader_of_the_group_is_recognised_by_name(place: Place, send: Send) -> None:
    make_pairing_post(place.forest, make_person("李卫国"))
    commit(send("activities", ledger(row(带队领导="李卫国、王建华"), row(时间="2024.10.10", 带队领导="王建华"))))
    found = Record.objects.order_by("occurred_on").values_list("leader_present", flat=True)
    assert list(found) == [True, False]
    assert list(Share.objects.order_by("counts_on").values_list("leader_present", flat=True)) == [True, False]


def test_rows_about_one_project_are_one_item_with_its_steps(place: Place, send: Send) -> None:
    about = [("10.9", "“村道硬化”项目开工"), ("10.20", "推进“村道硬化”,预计12月完工"), ("12.20", "“村道硬化”竣工验收")]
    commit(send("activities", ledger(*(row(时间=day, 活动类型="利民项目", 活动内容=text) for day, text in about))))
    item = Item.objects.get()
    assert (item.kind, item.name, item.pairing) == ("project", "村道硬化", place.forest)
    assert list(item.records.order_by("occurred_on").values_list("step", flat=True)) == ["started", "stage", "completed"]


def test_two_units_projects_with_a_theme_that_says_nothing_are_two(place: Place, send: Send) -> None:
    plain = row(活动类型="利民项目", 活动主题="利民项目活动")
    lines = [{**plain, "单位": unit, "活动内容": f"{unit}建水渠"} for unit in ("林业局", "水务局")]
    commit(send("activities", ledger(*lines)))
    assert {(item.name, item.pairing) for item in Item.objects.all()} == {
        ("林业局建水渠", place.forest),
        ("水务局建水渠", place.water),
    }
    assert set(Share.objects.values_list("is_lead", flat=True)) == {True}


def test_household_named_twice_is_an_error_with_who_has_it(place: Place, send: Send) -> None:
    content = ledger(
        row(活动类型="美丽庭院", 活动内容="指导88号户主李某某建庭院"),
        row(活动类型="美丽庭院", 活动内容="指导８８号建庭院", 时间="2024.10.12"),
        row(活动类型="美丽庭院", 活动内容="指导新建庭院2户", 时间="2024.10.13"),
    )
    batch = send("activities", content)
    assert [codes(found) for found in rows(batch)] == [[], ["duplicate_courtyard"], ["several_households"]]
    commit(batch)
    held = Item.objects.get(household="88")
    assert (held.house_no, held.householder, held.name) == ("88号", "李某某", "李某某")
    assert Item.objects.exclude(pk=held.pk).get().name.startswith("待补：10月第5行#")
    again = send("activities", content)
    assert [(found.status, found.effect) for found in rows(again)] == [("ok", "same"), ("error", ""), ("ok", "same")]
    other = one(send("activities", ledger(row(活动类型="美丽庭院", 单位="水务局", 活动内容="88号庭院", 时间="2024.12.1"))))
    assert codes(other) == ["duplicate_courtyard"]
    assert "高州市林业局" in other.reason


def test_undo_is_refused_when_a_later_record_is_about_what_the_import_brought(place: Place, send: Send) -> None:
    batch = send("activities", ledger(row(活动类型="利民项目", 活动内容="“村道硬化”开工")))
    commit(batch)
    facts = RecordFacts(
        type="benefit_project", occurred_on=MOMENT.date() - timedelta(days=1), pairings=(place.forest,), step="stage",
        item=Item.objects.get(), text="铺了一半",
    )  # fmt: skip
    later = one_by_one.write_record(facts=facts, hand=system_hand("unit"))
    with pytest.raises(actions.ImportRefused, match="村道硬化"):
        actions.undo_import(batch=batch, actor=SYSTEM)
    assert Record.objects.filter(status="submitted").count() == 2
    one_by_one.void_record(record=later, hand=system_hand("county"), reason="误填")
    actions.undo_import(batch=batch, actor=SYSTEM)
    assert Item.objects.get().state == "withdrawn"
