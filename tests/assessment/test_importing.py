"""Polls, promoted experiences and vetoes come in from sheets: found, asked about, refused, corrected, undone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from assessment.actions.facts import lift_veto, withdraw_honour
from assessment.kinds import HONOUR, POLL, VETO
from assessment.models import Cycle, Honour, Poll, Veto
from lib.kinds.declare import Kind
from lib.kinds.exporting import Form, Paper, export
from lib.kinds.listing import Listing
from pairing.models import Pairing
from tenancy import clock
from tenancy.access import access_for
from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests import factories_judgement as judged
from tests.factories import make_member, make_pairing, make_tenant, make_town, make_unit, make_village
from tests.units.importing.conftest import Send, answer, commit, rows, send
from tests.units.importing.files import workbook
from units.importing import actions, registry
from units.models import ImportBatch

__all__ = ["send"]
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MOMENT = datetime(2025, 1, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@dataclass
class Year:
    """An assessment of 2024 under review, with two pairings on its list and one that is exempt."""

    tenant: Tenant
    cycle: Cycle
    forest: Pairing
    water: Pairing
    exempt: Pairing

    def at(self, state: str) -> None:
        Cycle.objects.filter(pk=self.cycle.pk).update(state=state)


@pytest.fixture
def year(db: None) -> Iterator[Year]:
    tenant = make_tenant()
    with tenant_scope(tenant), clock.at(MOMENT):
        village = make_village(town=make_town())
        forest = make_pairing(make_unit(), village)
        water = make_pairing(make_unit("高州市水务局"), village, forest.programme)
        exempt = make_pairing(make_unit("高州市教育局"), village, forest.programme)
        cycle = judged.make_cycle(forest.programme, judged.make_rubric(), 2024, state="review")
        judged.make_assessed(cycle, forest)
        judged.make_assessed(cycle, water)
        judged.make_assessed(cycle, exempt, exempt_because="年中新结对")
        yield Year(tenant, cycle, forest, water, exempt)


def sheet(heads: tuple[str, ...], *found: Mapping[str, Any]) -> bytes:
    return workbook({"表": [["2024年度汇总表"], heads, *([row.get(head, "") for head in heads] for row in found)]})


POLL_HEADS = ("序号", "镇", "村", "结对单位", "参评人数", "满意", "基本满意", "不满意", "不了解", "测评时间", "备注")
HONOUR_HEADS = ("序号", "结对单位", "村", "经验事项", "推广级别", "推广时间", "文号")
VETO_HEADS = ("序号", "结对单位", "村", "类型", "事实", "认定单位", "文号", "认定时间")


def poll(**cells: Any) -> dict[str, Any]:
    plain = {"村": "荷垌", "结对单位": "市林业局", "满意": 13, "基本满意": 5, "不满意": 1, "不了解": 1, "测评时间": "2024.12.20"}
    return {**plain, **cells}


def polls(*found: Mapping[str, Any]) -> bytes:
    return sheet(POLL_HEADS, *found)


def honour(**cells: Any) -> dict[str, Any]:
    plain = {"结对单位": "林业局", "村": "荷垌村", "经验事项": "支部联建助农直播", "推广级别": "省级", "推广时间": "2024年6月3日"}
    return {**plain, "文号": "粤办发〔2024〕1号", **cells}


def honours(*found: Mapping[str, Any]) -> bytes:
    return sheet(HONOUR_HEADS, *found)


def veto(**cells: Any) -> dict[str, Any]:
    plain = {"结对单位": "林业局", "村": "荷垌村", "类型": "弄虚作假", "事实": "补造接访登记", "认定单位": "县督导组"}
    return {**plain, "文号": "督字〔2024〕7号", "认定时间": "2024.11.5", **cells}


def vetoes(*found: Mapping[str, Any]) -> bytes:
    return sheet(VETO_HEADS, *found)


def codes(batch: ImportBatch, number: int = 0) -> list[str]:
    return [problem["code"] for problem in rows(batch)[number].problems]


def counts(one: Poll) -> tuple[int, int, int, int]:
    return one.satisfied, one.fairly, one.dissatisfied, one.unknown


# -- polls ------------------------------------------------------------------------------------------
def test_a_poll_comes_in_with_its_day_and_who_brought_it(year: Year, send: Send) -> None:
    member = access_for(make_member(year.tenant, "CA"), year.tenant)
    assert member is not None
    batch = send("polls", polls(poll(参评人数=20)), actor=member.actor, name="测评.xlsx")
    assert [(one.status, one.effect) for one in rows(batch)] == [("ok", "add")]
    actions.commit_import(batch=batch, actor=member.actor, wait=True)
    made = Poll.objects.get()
    assert (made.cycle, made.pairing, counts(made), made.held_on) == (
        year.cycle, year.forest, (13, 5, 1, 1), date(2024, 12, 20)
    )  # fmt: skip
    assert made.author_name == member.actor.name[:60]
    assert "测评.xlsx" in made.versions.get().pgh_context["reason"]


def test_another_count_corrects_the_poll_and_an_undo_gives_it_back(year: Year, send: Send) -> None:
    judged.make_poll(year.cycle, year.forest, (10, 5, 1, 1), held_on=date(2024, 12, 1), note="入户")
    before = Poll.objects.values().get()
    batch = send("polls", polls(poll(), poll(结对单位="水务局")))
    assert [one.effect for one in rows(batch)] == ["change", "add"]
    shown = {one["label"]: (one["from"], one["to"]) for one in rows(batch)[0].changes}
    assert shown["满意"] == ("10", "13")
    commit(batch)
    assert Poll.objects.get(pairing=year.forest).satisfied == 13
    actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    assert Poll.objects.values().get() == before


def test_the_same_polls_again_change_nothing(year: Year, send: Send) -> None:
    commit(send("polls", polls(poll())))
    again = send("polls", polls(poll(), poll()))
    assert (again.summary["same"], again.summary["add"], again.summary["change"]) == (2, 0, 0)
    assert codes(again, 1) == ["same_twice"]


@pytest.mark.parametrize(("reply", "expected"), [("add", (16, 6, 1, 3)), ("this", (3, 1, 0, 2)), ("leave", (13, 5, 1, 1))])
def test_a_pairing_polled_twice_in_the_file_is_asked_about(year: Year, send: Send, reply: str, expected: tuple[int, ...]) -> None:
    batch = send("polls", polls(poll(), poll(满意=3, 基本满意=1, 不满意=0, 不了解=2, 备注="电话")))
    assert [one.status for one in rows(batch)] == ["ok", "question"]
    answer(batch, reply, row=1)
    commit(batch)
    assert counts(Poll.objects.get()) == expected


def test_answers_that_do_not_add_up_are_asked_about(year: Year, send: Send) -> None:
    batch = send("polls", polls(poll(参评人数=25), poll(结对单位="水务局", 参评人数=25)))
    assert codes(batch) == codes(batch, 1) == ["sum_differs"]
    answer(batch, "as_it_is")
    answer(batch, "leave", row=1)
    commit(batch)
    assert [one.pairing for one in Poll.objects.all()] == [year.forest]


@pytest.mark.parametrize(
    ("cells", "status", "code"),
    [
        ({"村": "无名村"}, "question", "village_unknown"),
        ({"结对单位": "高州市无此局"}, "question", "unit_unknown"),
        ({"结对单位": "教育局"}, "error", "not_assessed"),
        ({"满意": 0, "基本满意": 0, "不满意": 0, "不了解": 0}, "error", "nobody"),
        ({"满意": 12.5}, "error", "number_not_whole"),
        ({"满意": "约13人"}, "error", "not_counted"),
        ({"满意": 200_000}, "error", "too_many"),
        ({"测评时间": "2025.3.1"}, "error", "in_future"),
        ({"测评时间": "12月"}, "error", "date_needs_day"),
    ],
)
def test_a_poll_that_cannot_be_is_kept_out_with_its_place(
    year: Year, send: Send, cells: Mapping[str, Any], status: str, code: str
) -> None:
    batch = send("polls", polls(poll(**cells)))
    found = rows(batch)[0]
    assert (found.sheet, found.row, found.status) == ("表", 3, status)
    assert code in codes(batch)
    assert found.reason


def test_a_row_names_its_assessment_and_another_s_is_unknown(year: Year, send: Send) -> None:
    heads = (*POLL_HEADS, "考核年度")
    found = [poll(考核年度="2024年度考核"), poll(考核年度="2024", 备注="二"), poll(考核年度="2019年")]
    assert [codes(send("polls", sheet(heads, one))) for one in found] == [[], [], ["cycle_unknown"]]


def test_of_two_open_assessments_it_is_asked_or_chosen_at_the_upload(year: Year, send: Send) -> None:
    other = judged.make_cycle(year.forest.programme, year.cycle.rubric, 2023, state="review", title="补充考核")
    judged.make_assessed(other, year.forest)
    batch = send("polls", polls(poll()))
    assert codes(batch) == ["cycle_missing"]
    answer(batch, str(other.uid))
    commit(batch)
    assert Poll.objects.get().cycle == other
    kind = registry.get("polls")
    commit(send("polls", polls(poll(满意=14)), **kind.options({"cycle": str(year.cycle.uid), "reason": ""})))
    assert set(Poll.objects.values_list("cycle", flat=True)) == {other.pk, year.cycle.pk}


@pytest.mark.parametrize("wrong", [{"cycle": "x"}, {"cycle": "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11"}, {"reason": "因" * 201}])
def test_nonsense_beside_the_file_is_refused(year: Year, wrong: Mapping[str, str]) -> None:
    with pytest.raises(ValidationError):
        registry.get("polls").options(wrong)


def test_once_scores_are_computed_a_reason_is_needed_and_kept(year: Year, send: Send) -> None:
    year.at("scored")
    assert codes(send("polls", polls(poll()))) == ["reason_missing"]
    commit(send("polls", polls(poll()), reason="补录电话测评"))
    reason = Poll.objects.get().versions.get().pgh_context["reason"]
    assert reason.startswith("补录电话测评")


@pytest.mark.parametrize("kind", ["polls", "honours", "vetoes"])
def test_a_final_year_takes_nothing_and_gives_nothing_back(year: Year, send: Send, kind: str) -> None:
    data = {"polls": polls(poll()), "honours": honours(honour()), "vetoes": vetoes(veto())}[kind]
    model: Any = {"polls": Poll, "honours": Honour, "vetoes": Veto}[kind]
    batch = send(kind, data)
    commit(batch)
    waiting = send(
        kind, {"polls": polls(poll(满意=1)), "honours": honours(honour(文号="新")), "vetoes": vetoes(veto(类型="违纪"))}[kind]
    )
    assert rows(waiting)[0].status == "ok"
    year.at("final")
    assert rows(send(kind, data))[0].status == "error"
    before = list(model.objects.values())
    with pytest.raises(actions.ImportRefused) as refused:
        actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    assert "2024年度考核" in refused.value.message
    actions.commit_import(batch=waiting, actor=SYSTEM, wait=True)
    assert list(model.objects.values()) == before


# -- promoted experiences -----------------------------------------------------------------------------
def test_experiences_come_in_at_their_levels_and_again_change_nothing(year: Year, send: Send) -> None:
    data = honours(honour(), honour(推广级别="县级", 推广时间="2024年3月", 文号=""))
    commit(send("honours", data))
    assert list(Honour.objects.order_by("promoted_on").values_list("level", "promoted_on", "doc_no")) == [
        ("county", date(2024, 3, 1), ""), ("province", date(2024, 6, 3), "粤办发〔2024〕1号")
    ]  # fmt: skip
    assert send("honours", data).summary["same"] == 2


def test_a_city_level_is_asked_about_once_for_all_rows(year: Year, send: Send) -> None:
    batch = send("honours", honours(honour(推广级别="市级"), honour(推广级别="市级", 经验事项="红色驿站")))
    assert codes(batch) == codes(batch, 1) == ["choice_unknown"]
    answer(batch, "city")
    commit(batch)
    assert set(Honour.objects.values_list("level", flat=True)) == {"city"}


@pytest.mark.parametrize(("reply", "matters"), [("same", 1), ("another", 2)])
def test_a_like_wording_is_asked_about_because_a_matter_counts_once(year: Year, send: Send, reply: str, matters: int) -> None:
    judged.make_honour(year.forest, "支部联建助农直播", "city", promoted_on=date(2024, 5, 1))
    batch = send("honours", honours(honour(经验事项="支部联建助农直播经验")))
    assert codes(batch) == ["same_matter"]
    answer(batch, reply)
    commit(batch)
    assert Honour.objects.count() == 2
    assert Honour.objects.values("matter").distinct().count() == matters


def test_a_withdrawn_experience_is_not_brought_back(year: Year, send: Send) -> None:
    commit(send("honours", honours(honour())))
    withdraw_honour(honour=Honour.objects.get(), reason="文件撤回")
    batch = send("honours", honours(honour()))
    assert (codes(batch), batch.summary["same"]) == (["withdrawn"], 1)
    commit(batch)
    assert Honour.objects.get().withdrawn_because == "文件撤回"


def test_a_document_given_later_is_a_correction_that_an_undo_takes_back(year: Year, send: Send) -> None:
    judged.make_honour(year.forest, "支部联建助农直播", "province", promoted_on=date(2024, 6, 3), doc_no="")
    before = Honour.objects.values().get()
    batch = send("honours", honours(honour()))
    assert rows(batch)[0].effect == "change"
    commit(batch)
    assert Honour.objects.get().doc_no == "粤办发〔2024〕1号"
    actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    assert Honour.objects.values().get() == before


# -- vetoes -------------------------------------------------------------------------------------------
def test_a_veto_comes_in_once(year: Year, send: Send) -> None:
    commit(send("vetoes", vetoes(veto(), veto())))
    made = Veto.objects.get()
    assert (made.pairing, made.kind, made.doc_no, made.decided_on) == (
        year.forest, "fabrication", "督字〔2024〕7号", date(2024, 11, 5)
    )  # fmt: skip
    again = send("vetoes", vetoes(veto()))
    assert again.summary["same"] == 1
    assert commit(again)["added"] == 0


def test_a_veto_that_contradicts_one_in_force_is_refused_until_that_is_lifted(year: Year, send: Send) -> None:
    commit(send("vetoes", vetoes(veto())))
    batch = send("vetoes", vetoes(veto(事实="伪造签到表")))
    assert codes(batch) == ["differs"]
    lift_veto(veto=Veto.objects.get(), reason="复核更正")
    commit(send("vetoes", vetoes(veto(事实="伪造签到表"))))
    assert Veto.objects.filter(lifted_because="").get().fact == "伪造签到表"


@pytest.mark.parametrize(("reply", "n"), [("another", 2), ("leave", 1)])
def test_a_veto_of_the_same_kind_by_another_document_is_asked_about(year: Year, send: Send, reply: str, n: int) -> None:
    judged.make_veto(year.cycle, year.forest, kind="fabrication", doc_no="督字〔2024〕2号")
    batch = send("vetoes", vetoes(veto()))
    assert codes(batch) == ["other_document"]
    answer(batch, reply)
    commit(batch)
    assert Veto.objects.count() == n


def test_a_veto_without_its_document_is_refused(year: Year, send: Send) -> None:
    batch = send("vetoes", vetoes(veto(文号="")))
    assert (rows(batch)[0].status, codes(batch)) == ("error", ["required"])


# -- of all three -----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [POLL, HONOUR, VETO])
def test_what_the_product_exports_comes_in_again_unchanged(year: Year, send: Send, kind: Kind) -> None:
    judged.make_poll(year.cycle, year.forest, held_on=date(2024, 12, 1))
    judged.make_honour(year.forest, "红色驿站", "city", promoted_on=date(2024, 5, 1), doc_no="茂文〔2024〕3号")
    judged.make_veto(year.cycle, year.forest, decided_on=date(2024, 11, 5))
    access = access_for(make_member(year.tenant, "CA"), year.tenant)
    assert access is not None
    code = {"poll": "polls", "honour": "honours", "veto": "vetoes"}[kind.code]
    forms: tuple[Form, ...] = ("machine", "official")
    for form in forms:
        with translation.override("zh-hans"):
            columns = tuple(field.key for field in kind.fields)
            listing = Listing(kind, access, year.tenant.slug, MOMENT.date(), {} if kind is POLL else {"state": "all"}, columns)
            batch = send(code, export(listing, form, Paper("高州市")).content)
        assert (batch.summary["same"], batch.summary["question"], batch.summary["error"]) == (1, 0, 0), rows(batch)[0].reason


@pytest.mark.parametrize(
    ("role", "may"),
    [("CA", "polls honours vetoes"), ("CS", "polls honours"), ("TO", ""), ("UL", ""), ("VS", ""), ("IN", ""), ("AU", "")],
)
def test_only_who_may_write_a_veto_imports_one(year: Year, role: str, may: str) -> None:
    unit = {"TO": year.forest.village.parent, "UL": year.forest.unit, "VS": year.forest.village}.get(role)
    access = access_for(make_member(year.tenant, role, unit=unit), year.tenant)
    assert access is not None
    found = [code for code in ("polls", "honours", "vetoes") if registry.may_import(access, registry.get(code))]
    assert found == may.split()


def test_a_file_writes_to_the_own_county_only(year: Year, send: Send) -> None:
    other = make_tenant("dianbai", "440904", "电白区")
    with tenant_scope(other):
        theirs = make_pairing(make_unit(), make_village(town=make_town()))
        cycle = judged.make_cycle(theirs.programme, judged.make_rubric(), 2024, state="review")
        judged.make_assessed(cycle, theirs)
    for code, data in (("polls", polls(poll())), ("honours", honours(honour())), ("vetoes", vetoes(veto()))):
        commit(send(code, data))
    assert (Poll.objects.count(), Honour.objects.count(), Veto.objects.count()) == (1, 1, 1)
    with tenant_scope(other):
        assert (Poll.objects.count(), Honour.objects.count(), Veto.objects.count()) == (0, 0, 0)


def test_the_command_says_what_a_file_gives_as_json(year: Year, tmp_path: Path) -> None:
    file = tmp_path / "测评.xlsx"
    file.write_bytes(polls(poll(), poll(结对单位="教育局")))
    out = StringIO()
    call_command("import_sheet", year.tenant.slug, "群众测评汇总表", str(file), "--json", "--commit", stdout=out)
    told = json.loads(out.getvalue())
    assert told["summary"] == {"ok": 1, "question": 0, "error": 1}
    assert (told["rows"][0]["satisfied"], told["rows"][0]["village"], told["rows"][1]["status"]) == (13, "荷垌村", "error")
    assert Poll.objects.count() == 1


def test_a_row_that_gives_way_says_to_which(year: Year, send: Send) -> None:
    batch = send("polls", polls(poll(备注="入户"), poll(满意=3, 备注="电话")))
    answer(batch, "add", row=1)
    assert (codes(batch), codes(batch, 1)) == (["gave_way"], ["added_up"])
    assert "第 4 行" in rows(batch)[0].problems[0]["message"]
    commit(batch)
    assert Poll.objects.get().note == "入户；电话"


def test_a_sheet_of_polls_without_one_of_the_answers_is_refused(year: Year, send: Send) -> None:
    heads = tuple(head for head in POLL_HEADS if head != "不满意")
    batch = send("polls", sheet(heads, poll()))
    assert "missing_column" in codes(batch)
