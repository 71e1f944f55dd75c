"""The list of pairings: programme, questions, states, leads, re-assignment; what it never does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pairing import changes
from pairing.models import Pairing, PairingChange, PairingPost, Programme
from tenancy.models import Tenant
from tenancy.scope import SYSTEM
from tests.factories import make_pairing, make_programme, make_town, make_unit, make_village
from tests.units.importing.conftest import answer, commit, county, media, rows, send, tenant
from tests.units.importing.files import PAIRING_HEADS, pairings, workbook
from units.importing import actions
from units.models import Unit, UnitAlias

__all__ = ["county", "media", "send", "tenant"]
pytestmark = pytest.mark.django_db

ROW: dict[str, Any] = {
    "镇(街道)": "曹江镇",
    "结对村": "荷垌村",
    "牵头单位": "高州市林业局",
    "结对单位": "市林业局",
    "组长": "组长甲",
    "结对时间": "2024.8.30",
    "协议签订时间": "9月3日",
}


@pytest.fixture
def places(tenant: Tenant) -> Tenant:
    """Two towns, three villages, two units."""
    cao, dong = make_town("曹江镇"), make_town("东岸镇")
    for town, name in ((cao, "荷垌村"), (cao, "茅坡村"), (dong, "茅坡村")):
        make_village(name, town=town)
    make_unit("高州市林业局")
    make_unit("高州市水务局")
    return tenant


def test_row_becomes_an_active_pairing_of_a_new_programme(places: Tenant, send: Any) -> None:
    batch = send("pairings", pairings(ROW))
    row = rows(batch)[0]
    assert (row.status, row.effect) == ("ok", "add")
    expected = {
        "unit": "高州市林业局",
        "town": "曹江镇",
        "village": "荷垌村",
        "starts_on": "2024-08-30",
        "agreement_signed_on": "2024-09-03",
        "group_leader": "组长甲",
        "is_lead": True,
        "origin": "assigned",
        "state": "active",
    }
    assert {name: row.values[name] for name in expected} == expected
    assert batch.summary["information"] == ["工作方案：2024 年“结对关系一览表”（导入时新建）。"]
    assert Programme.objects.count() == 0
    commit(batch)
    pairing = Pairing.objects.get()
    assert (pairing.programme.year, pairing.state, pairing.agreement_signed_on) == (2024, "active", date(2024, 9, 3))


@pytest.mark.parametrize(
    ("cells", "state", "note"),
    [
        ({}, "active", ""),
        ({"协议签订时间": ""}, "agreed", ""),
        ({"组长": ""}, "signed", "no_leader"),
        ({"结对时间": "2099-03-01"}, "signed", ""),
        ({"协议签订时间": "2099-03-01"}, "agreed", ""),
    ],
)
def test_state_is_as_far_as_the_list_shows(places: Tenant, send: Any, cells: dict[str, str], state: str, note: str) -> None:
    batch = send("pairings", pairings(ROW | cells))
    row = rows(batch)[0]
    assert (row.status, row.values["state"]) == ("ok", state)
    assert [p["code"] for p in row.problems] == ([note] if note else [])
    commit(batch)
    assert Pairing.objects.get().state == state


def test_several_units_without_a_lead_stay_signed_until_one_leads(places: Tenant, send: Any) -> None:
    first, second = ROW | {"牵头单位": ""}, ROW | {"牵头单位": "", "结对单位": "市水务局", "组长": "组长乙"}
    batch = send("pairings", pairings(first, second))
    assert [(r.values["state"], r.values["is_lead"], r.problems[-1]["code"]) for r in rows(batch)] == [
        ("signed", False, "no_lead")
    ] * 2
    commit(batch)
    again = send("pairings", pairings(ROW, second | {"牵头单位": "高州市林业局"}))
    assert [(r.effect, r.values["state"], r.values["is_lead"]) for r in rows(again)] == [
        ("change", "active", True),
        ("change", "active", False),
    ]
    commit(again)
    assert list(Pairing.objects.order_by("id").values_list("state", "is_lead")) == [("active", True), ("active", False)]


def test_lead_moves_to_another_unit_and_back_again_on_undo(places: Tenant, send: Any) -> None:
    second = ROW | {"结对单位": "市水务局", "组长": "组长乙"}
    commit(send("pairings", pairings(ROW, second)))
    moved = {"牵头单位": "高州市水务局"}
    batch = send("pairings", pairings(ROW | moved, second | moved))
    assert [r.effect for r in rows(batch)] == ["same", "change"]
    assert {"label": "牵头单位", "from": "高州市林业局", "to": "高州市水务局"} in rows(batch)[1].changes
    commit(batch)
    assert list(Pairing.objects.order_by("id").values_list("is_lead", flat=True)) == [False, True]
    actions.undo_import(batch=batch, actor=SYSTEM)
    assert list(Pairing.objects.order_by("id").values_list("is_lead", flat=True)) == [True, False]


def test_new_group_leader_closes_the_former_one(places: Tenant, send: Any) -> None:
    commit(send("pairings", pairings(ROW)))
    batch = send("pairings", pairings(ROW | {"组长": "组长丙"}, filled="填报日期：2024年9月20日"))
    assert rows(batch)[0].changes == [{"label": "组长", "from": "组长甲", "to": "组长丙"}]
    commit(batch)
    held = PairingPost.objects.order_by("id").select_related("person")
    assert [(p.person.name, p.starts_on, p.ends_on) for p in held] == [
        ("组长甲", date(2024, 8, 30), date(2024, 9, 19)),
        ("组长丙", date(2024, 9, 20), None),
    ]


def test_misspelt_village_is_asked_and_one_answer_settles_all_rows_and_files(places: Tenant, send: Any) -> None:
    wrong = ROW | {"结对村": "荷洞村"}
    batch = send("pairings", pairings(wrong, wrong | {"结对单位": "市水务局"}))
    assert [r.status for r in rows(batch)] == ["question", "question"]
    question = rows(batch)[0].problems[0]
    assert question["message"] == "曹江镇没有叫“荷洞村”的村。是不是：荷垌村？"
    assert [choice["label"] for choice in question["choices"]] == ["曹江镇 荷垌村"]
    answer(batch, question["choices"][0]["key"])
    assert [(r.status, r.values["village"]) for r in rows(batch)] == [("ok", "荷垌村")] * 2
    commit(batch)
    assert UnitAlias.objects.get().name == "荷洞村"
    assert rows(send("pairings", pairings(wrong)))[0].status == "ok"


def test_name_in_two_towns_without_a_town_must_say_which(places: Tenant, send: Any) -> None:
    batch = send(
        "pairings", pairings(ROW | {"镇(街道)": "", "结对村": "茅坡村"}, ROW | {"镇(街道)": "", "结对村": "东岸镇茅坡村"})
    )
    first, second = rows(batch)
    assert (first.status, second.status, second.values["town"]) == ("question", "ok", "东岸镇")
    assert [c["label"] for c in first.problems[0]["choices"]] == ["曹江镇 茅坡村", "东岸镇 茅坡村"]
    assert first.problems[0]["scope"] == "cell"
    answer(batch, first.problems[0]["choices"][0]["key"])
    assert [(r.status, r.values["town"]) for r in rows(batch)] == [("ok", "曹江镇"), ("ok", "东岸镇")]


def test_unknown_town_is_asked(places: Tenant, send: Any) -> None:
    batch = send("pairings", pairings(ROW | {"镇(街道)": "曹汪镇"}))
    assert rows(batch)[0].problems[0]["code"] == "town_unknown"
    answer(batch, "曹江镇")
    assert (rows(batch)[0].status, rows(batch)[0].values["town"]) == ("ok", "曹江镇")


def test_unknown_unit_may_be_added_once_for_all_its_rows(places: Tenant, send: Any) -> None:
    new = ROW | {"结对单位": "市某某服务中心", "牵头单位": ""}
    batch = send("pairings", pairings(new, new | {"结对村": "茅坡村"}))
    assert [r.status for r in rows(batch)] == ["question", "question"]
    assert rows(batch)[0].reason.startswith(("没有叫“市某某服务中心”的单位", "本县没有叫“市某某服务中心”的单位"))
    answer(batch, "new")
    assert [(r.status, r.effect) for r in rows(batch)] == [("ok", "add"), ("ok", "add")]
    commit(batch)
    assert Unit.objects.filter(name="市某某服务中心").count() == 1
    assert Pairing.objects.count() == 2


def test_existing_programme_of_the_year_is_taken(places: Tenant, send: Any) -> None:
    programme = make_programme(2024)
    batch = send("pairings", pairings(ROW))
    assert batch.summary["information"] == [
        "工作方案：2024 年“2024年结对共建”。",
        "结对关系：新增 1，保留 0，终止 0，冲突或待确认 0。",
    ]
    commit(batch)
    assert Pairing.objects.get().programme == programme


def test_programme_given_by_option_goes_before_the_file(places: Tenant, send: Any) -> None:
    batch = send("pairings", pairings(ROW), year=2025, title="二期")
    commit(batch)
    assert list(Programme.objects.values_list("year", "title")) == [(2025, "二期")]


def test_two_programmes_of_the_year_are_asked_about_for_this_file_only(places: Tenant, send: Any) -> None:
    make_programme(2024)
    second = make_programme(2024, title="二期")
    batch = send("pairings", pairings(ROW))
    assert [c["label"] for c in rows(batch)[0].problems[0]["choices"]] == ["2024 2024年结对共建", "2024 二期"]
    answer(batch, str(second.uid))
    commit(batch)
    assert Pairing.objects.get().programme == second
    assert rows(send("pairings", pairings(ROW | {"备注": "另一份"})))[0].status == "question"


def test_pairings_that_the_list_leaves_out_are_counted_and_stay(places: Tenant, send: Any) -> None:
    programme = make_programme(2024)
    other = make_pairing(Unit.objects.get(name="高州市水务局"), Unit.objects.filter(name="茅坡村").first(), programme)
    batch = send("pairings", pairings(ROW))
    assert batch.summary["information"][2] == "表中没有的现有结对 1 个，不会自动终止。"
    commit(batch)
    other.refresh_from_db()
    assert (other.state, other.ends_on) == ("active", None)


def test_suspended_and_ended_pairings_are_not_revived(places: Tenant, send: Any) -> None:
    commit(send("pairings", pairings(ROW)))
    Pairing.objects.update(state="suspended")
    assert rows(send("pairings", pairings(ROW)))[0].effect == "same"
    Pairing.objects.update(state="ended", ends_on=date(2024, 9, 30))
    assert rows(send("pairings", pairings(ROW)))[0].effect == "add"


def test_remarks_hold_self_chosen_beside_other_words(places: Tenant, send: Any) -> None:
    batch = send("pairings", pairings(ROW | {"备注": "自选；路远"}))
    assert (rows(batch)[0].values["origin"], rows(batch)[0].values["notes"]) == ("self_chosen", "路远")


def test_same_pairing_twice_with_other_values_is_an_error(places: Tenant, send: Any) -> None:
    batch = send("pairings", pairings(ROW, ROW, ROW | {"组长": "组长丁"}))
    assert [(r.status, r.effect) for r in rows(batch)] == [("ok", "add"), ("ok", "same"), ("error", "")]


def test_second_secretary_named_for_one_village_is_noted(places: Tenant, send: Any) -> None:
    heads = [*PAIRING_HEADS, "村党组织书记"]
    lines = [ROW | {"村党组织书记": "书记甲"}, ROW | {"结对单位": "市水务局", "村党组织书记": "书记乙"}]
    content = workbook({"表": [["2024年结对"], heads, *([line.get(head, "") for head in heads] for line in lines)]})
    batch = send("pairings", content)
    assert rows(batch)[1].status == "ok"
    assert [p["code"] for p in rows(batch)[1].problems] == ["office_differs"]
    commit(batch)
    village = Unit.objects.get(name="荷垌村")
    assert [post.person.name for post in village.posts.filter(kind="village_secretary")] == ["书记甲"]


def test_file_of_the_other_ledger_is_refused_by_its_name(places: Tenant, send: Any, tmp_path: Path) -> None:
    from tests.units.importing.files import ROSTER

    with pytest.raises(actions.FileRefused, match="单位花名册"):
        send("pairings", ROSTER)
    with pytest.raises(actions.FileRefused, match="结对关系一览表"):
        send("units", pairings(ROW | {"村党组织书记": ""}))


def test_a_new_roster_ends_what_it_leaves_out_when_asked_tells_once_and_is_undone(
    places: Tenant, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """年度调整: 新增 / 保留 / 终止 / 冲突, then one commit (domain.md §4.1)."""
    programme = make_programme(2024)
    gone = make_pairing(
        Unit.objects.get(name="高州市水务局"), Unit.objects.filter(name="茅坡村").first(), programme, is_lead=True
    )
    heard: list[list[int]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda ids: heard.append(list(ids))])
    monkeypatch.setattr(changes, "_removals", [])
    batch = send("pairings", pairings(ROW), missing="end", missing_last_day="2024-12-31")
    assert batch.summary["information"][1:] == [
        "结对关系：新增 1，保留 0，终止 1，冲突或待确认 0。",
        "以下结对于 2024-12-31 终止：高州市水务局 — 茅坡村",
    ]
    gone.refresh_from_db()
    assert (gone.state, heard) == ("active", [])
    commit(batch)
    gone.refresh_from_db()
    assert (gone.state, gone.ends_on, gone.ending_reason, gone.is_lead) == ("ended", date(2024, 12, 31), "year_adjustment", False)
    new = Pairing.objects.exclude(pk=gone.pk).get()
    assert (new.state, new.active_from) == ("active", date(2024, 8, 30))
    assert heard == [sorted([gone.pk, new.pk])]
    kinds = set(PairingChange.objects.values_list("pairing", "kind", "who"))
    assert kinds == {(new.pk, "created", "系统"), (new.pk, "activated", "系统"), (gone.pk, "ended", "系统")}
    actions.undo_import(batch=batch, actor=SYSTEM, wait=True)
    gone.refresh_from_db()
    assert (gone.state, gone.ends_on, Pairing.objects.count(), PairingChange.objects.count()) == ("active", None, 1, 0)
    assert heard[-1] == [gone.pk]


def test_nothing_is_ended_while_a_row_is_in_question(places: Tenant, send: Any) -> None:
    programme = make_programme(2024)
    make_pairing(Unit.objects.get(name="高州市水务局"), Unit.objects.filter(name="茅坡村").first(), programme)
    batch = send("pairings", pairings(ROW, ROW | {"结对单位": "市某某服务中心"}), missing="end", missing_last_day="2024-12-31")
    assert batch.summary["information"][-1] == "还有行未能确认单位或村，暂不终止任何结对，请先回答问题。"
    commit(batch)
    assert not Pairing.objects.filter(state="ended").exists()
