"""The roster: what is new, what changes, what is asked; nothing is emptied by an empty cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tenancy.models import Tenant
from tenancy.scope import SYSTEM
from tests.factories import make_person, make_post, make_unit
from tests.units.importing.conftest import Send, answer, commit, rows
from tests.units.importing.files import roster, workbook
from units.importing import actions
from units.models import ImportAnswer, ImportBatch, Person, Post, Unit, UnitAlias

pytestmark = pytest.mark.django_db

FORESTRY: dict[str, Any] = {
    "单位名称": "高州市林业局",
    "单位性质": "行政机关",
    "党组织名称": "高州市林业局党支部",
    "党员数": 30,
    "主要负责人": "负责人甲",
    "职务": "局长",
    "联系电话": "13900000001",
    "组长": "组长甲",
    "组长电话": "13900000002",
}


def test_changed_values_are_shown_from_and_to_and_written(tenant: Tenant, send: Send) -> None:
    commit(send("units", roster(FORESTRY)))
    batch = send("units", roster(FORESTRY | {"单位名称": "市林业局", "党员数": 33, "组长电话": "13900000003", "备注": "新楼"}))
    row = rows(batch)[0]
    assert (row.status, row.effect) == ("ok", "change")
    assert row.changes == [
        {"label": "党员数", "from": "30", "to": "33"},
        {"label": "备注", "from": "", "to": "新楼"},
        {"label": "组长", "from": "13900000002", "to": "13900000003"},
    ]
    summary = commit(batch)
    assert (summary["added"], summary["changed"]) == (0, 2)
    unit = Unit.objects.get(kind="organisation")
    assert (unit.name, unit.n_party_members, unit.notes) == ("高州市林业局", 33, "新楼")
    assert Post.objects.get(kind="group_leader").phone == "13900000003"


def test_empty_cells_empty_nothing(tenant: Tenant, send: Send) -> None:
    commit(send("units", roster(FORESTRY)))
    batch = send("units", roster({"单位名称": "高州市林业局"}))
    assert (rows(batch)[0].effect, rows(batch)[0].changes) == ("same", [])


def test_new_leader_closes_the_former_post_and_opens_another(tenant: Tenant, send: Send) -> None:
    commit(send("units", roster(FORESTRY)))
    heads = list(FORESTRY)
    form = [["填报日期：2025年3月1日"], heads, list((FORESTRY | {"组长": "组长乙", "组长电话": "13900000009"}).values())]
    batch = send("units", workbook({"花名册": form}))
    assert rows(batch)[0].changes == [{"label": "组长", "from": "组长甲", "to": "组长乙"}]
    commit(batch)
    held = [
        (p.person.name, p.starts_on, p.ends_on)
        for p in Post.objects.filter(kind="group_leader").select_related("person").order_by("id")
    ]
    assert held == [("组长甲", None, date(2025, 2, 28)), ("组长乙", date(2025, 3, 1), None)]
    actions.undo_import(batch=batch, actor=SYSTEM)
    left = [(p.person.name, p.ends_on) for p in Post.objects.filter(kind="group_leader").select_related("person")]
    assert left == [("组长甲", None)]


def test_stationed_follows_the_nature(tenant: Tenant, send: Send) -> None:
    commit(send("units", roster({"单位名称": "高州市税务局", "单位性质": "驻高单位"})))
    unit = Unit.objects.get()
    assert (unit.nature, unit.is_stationed) == ("stationed", True)


def test_unit_twice_in_other_words_is_an_error_in_the_same_words_a_note(tenant: Tenant, send: Send) -> None:
    twice = FORESTRY | {"单位名称": "高州市 林业局"}
    batch = send("units", roster(FORESTRY, twice, FORESTRY | {"党员数": 5}))
    first, second, third = rows(batch)
    assert [(r.status, r.effect) for r in (first, second, third)] == [("ok", "add"), ("ok", "same"), ("error", "")]
    assert third.reason == "工作表“花名册”第 2 行已有同一单位，内容不同。两行只能保留一行。"
    commit(batch)
    assert Unit.objects.filter(kind="organisation").count() == 1


def test_new_unit_in_two_spellings_is_one_unit(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster({"单位名称": "高州市林业局"}, {"单位名称": "市林业局"}))
    assert [(r.status, r.effect) for r in rows(batch)] == [("ok", "add"), ("ok", "same")]
    commit(batch)
    assert list(Unit.objects.values_list("name", flat=True)) == ["高州市林业局"]


def test_like_named_unit_is_asked_about_once_and_the_answer_is_kept(tenant: Tenant, send: Send) -> None:
    old = make_unit("高州市市场监督管理局")
    batch = send("units", roster({"单位名称": "市市场监督局", "党员数": 9}))
    row = rows(batch)[0]
    assert row.status == "question"
    assert [choice["label"] for choice in row.problems[0]["choices"]] == ["高州市市场监督管理局", "新建单位：市市场监督局"]
    answer(batch, str(old.uid))
    assert [(r.status, r.effect, r.values["unit"]) for r in rows(batch)] == [("ok", "change", "高州市市场监督管理局")]
    assert UnitAlias.objects.count() == 0, "an alias is written by the commit, like everything else"
    commit(batch)
    assert [(a.name, a.unit_id) for a in UnitAlias.objects.all()] == [("市市场监督局", old.pk)]
    again = send("units", roster({"单位名称": "市市场监督局", "党员数": 9}))
    assert [(r.status, r.effect) for r in rows(again)] == [("ok", "same")]


def test_answer_new_adds_the_unit(tenant: Tenant, send: Send) -> None:
    make_unit("高州市市场监督管理局")
    batch = send("units", roster({"单位名称": "市市场监督局"}))
    answer(batch, "new")
    commit(batch)
    assert set(Unit.objects.values_list("name", flat=True)) == {"高州市市场监督管理局", "市市场监督局"}


def test_unit_named_in_the_same_file_is_no_candidate(tenant: Tenant, send: Send) -> None:
    make_unit("高州市第一中学")
    batch = send("units", roster({"单位名称": "高州市第一中学"}, {"单位名称": "高州市第二中学"}))
    assert [(r.status, r.effect) for r in rows(batch)] == [("ok", "same"), ("ok", "add")]


def test_unknown_nature_is_asked_by_word_for_every_row_and_file(tenant: Tenant, send: Send) -> None:
    content = roster({"单位名称": "甲局", "单位性质": "群众团队"}, {"单位名称": "乙局", "单位性质": "群众团队"})
    batch = send("units", content)
    assert [r.status for r in rows(batch)] == ["question", "question"]
    answer(batch, "peoples")
    assert [(r.status, r.values["nature"]) for r in rows(batch)] == [("ok", "peoples")] * 2
    kept = ImportAnswer.objects.get()
    assert (kept.kind, kept.question, kept.asked, kept.file_sha256) == ("units", "choice_unknown", "群众团队", "")
    other = send("units", roster({"单位名称": "丙局", "单位性质": "群众团队"}))
    assert rows(other)[0].status == "ok"


def test_answer_about_one_cell_holds_for_this_file_only(tenant: Tenant, send: Send) -> None:
    content = roster({"单位名称": "甲局", "组长": "组长甲", "组长电话": "1390000"})
    batch = send("units", content)
    assert rows(batch)[0].status == "question"
    answer(batch, "13900000007")
    assert (rows(batch)[0].status, rows(batch)[0].values["group_leader_phone"]) == ("ok", "13900000007")
    assert ImportAnswer.objects.get().file_sha256 == batch.sha256
    assert rows(send("units", content))[0].status == "ok", "the same file again remembers it"
    other = roster({"单位名称": "乙局", "组长": "组长乙", "组长电话": "1390000"})
    assert rows(send("units", other))[0].status == "question"


def test_answer_that_is_not_offered_is_refused(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster({"单位名称": "甲局", "单位性质": "群众团队"}))
    for reply in ("nonsense", "x" * 300):
        with pytest.raises(actions.ImportRefused, match="请选择列出的答案"):
            answer(batch, reply)
    with pytest.raises(actions.ImportRefused, match="已经有了答案"):
        actions.answer_question(batch=batch, key=["choice_unknown", "nature", "别的词"], answer="peoples", actor=SYSTEM)
    assert ImportAnswer.objects.count() == 0


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"单位名称": ""}, "单位名称"),
        ({"单位名称": "甲局" * 50}, "最多"),
        ({"党员数": "三百万人"}, "不会有这么多党员"),
        ({"党员数": "-3"}, ""),
        ({"组长": "组长" * 25}, "姓名"),
        ({"党员数": "#REF!"}, ""),
    ],
)
def test_wrong_cells_say_what_to_do_and_keep_the_row_out(
    tenant: Tenant, send: Send, cells: dict[str, Any], sentence: str
) -> None:
    batch = send("units", roster(FORESTRY | cells, {"单位名称": "乙局"}))
    wrong, good = rows(batch)
    assert wrong.status == "error", wrong.problems
    assert sentence in wrong.reason
    assert good.status == "ok"
    commit(batch)
    assert list(Unit.objects.filter(kind="organisation").values_list("name", flat=True)) == ["乙局"]


def test_unit_that_ended_is_not_revived_but_added_anew(tenant: Tenant, send: Send) -> None:
    make_unit("高州市林业局", ends_on=date(2020, 1, 1))
    commit(send("units", roster(FORESTRY)))
    assert Unit.objects.filter(name="高州市林业局").count() == 2


def test_one_telephone_may_serve_two_people(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(FORESTRY | {"联系电话": "13900000002"}))
    assert rows(batch)[0].status == "ok"
    commit(batch)
    assert list(Person.objects.values_list("phone", flat=True)) == ["13900000002", "13900000002"]


def test_person_known_in_the_unit_is_not_made_twice(tenant: Tenant, send: Send) -> None:
    unit, person = make_unit("高州市林业局"), make_person("组长甲", phone="13900000002")
    make_post(unit, person, "staff")
    commit(send("units", roster(FORESTRY)))
    assert Post.objects.get(kind="group_leader").person == person
    assert ImportBatch.objects.get().state == "committed"
