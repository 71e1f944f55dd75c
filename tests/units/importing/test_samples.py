"""The two sample files, by count and by value; twice; undone; out and in again."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import pytest

from lib.sheets.machine import write_machine
from pairing.ledgers import PAIRINGS as PAIRINGS_FORM
from pairing.ledgers import pairing_rows
from pairing.models import Pairing, PairingPost, Programme
from tenancy.models import Tenant
from tenancy.scope import SYSTEM
from tests.units.importing.conftest import Send, commit, rows
from tests.units.importing.files import PAIRINGS, ROSTER
from units.importing import actions
from units.ledgers import UNITS, roster_rows
from units.models import ImportBatch, ImportChange, Listing, Person, Post, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def kinds_of_units() -> Counter[str]:
    return Counter(Unit.objects.values_list("kind", flat=True))


@pytest.fixture
def imported(county: Tenant, send: Send) -> Tenant:
    commit(send("units", ROSTER))
    commit(send("pairings", PAIRINGS))
    return county


def test_roster_gives_108_units_of_which_20_are_stationed_without_a_question(county: Tenant, send: Send) -> None:
    batch = send("units", ROSTER)
    assert {name: batch.summary[name] for name in ("ok", "question", "error", "add", "change", "same")} == {
        "ok": 108,
        "question": 0,
        "error": 0,
        "add": 108,
        "change": 0,
        "same": 0,
    }
    assert kinds_of_units()["organisation"] == 0, "nothing is written before the commit"
    commit(batch)
    assert kinds_of_units() == {"village": 442, "community": 49, "town": 31, "organisation": 108, "party_organisation": 108}
    assert Unit.objects.filter(is_stationed=True, nature="stationed").count() == 20
    assert Unit.objects.filter(is_stationed=True).count() == 20
    assert Counter(Post.objects.values_list("kind", flat=True)) == {"principal": 108, "group_leader": 108, "liaison": 108}


def test_roster_keeps_what_each_row_says(county: Tenant, send: Send) -> None:
    commit(send("units", ROSTER))
    unit = Unit.objects.get(name="高州市委组织部")
    assert (unit.nature, unit.is_stationed, unit.superior_name, unit.n_party_members) == (
        "administrative",
        False,
        "市委办公室",
        97,
    )
    assert unit.team == "黄月娥、林伟、何志明、谭国强、曾小燕"
    assert unit.pinyin.startswith("gaozhoushi")
    branch = Unit.objects.get(kind="party_organisation", parent=unit)
    assert branch.name == "高州市委组织部党支部"
    held = {post.kind: (post.person.name, post.phone, post.title) for post in unit.posts.select_related("person")}
    assert held == {
        "principal": ("李伟", "13900004850", "党组书记"),
        "group_leader": ("冯月娥", "13900000371", ""),
        "liaison": ("刘建华", "13900003910", ""),
    }
    assert Unit.objects.filter(name="高州市档案馆").count() == 1, "the space inside 高州市 档案馆 is none of the name"


def test_list_of_pairings_gives_110_pairings_of_54_villages(imported: Tenant) -> None:
    assert Pairing.objects.count() == 110
    assert Pairing.objects.values("village").distinct().count() == 54
    assert Pairing.objects.values("unit").distinct().count() == 108
    several = Counter(Pairing.objects.values_list("unit__name", flat=True)).most_common(2)
    assert several[0] == ("高州市委办公室", 3)
    assert several[1][1] == 1
    assert Counter(Pairing.objects.values_list("state", "is_lead")) == {("active", True): 54, ("active", False): 56}
    assert [p.village.name for p in Pairing.objects.filter(origin="self_chosen").select_related("village")] == ["程村村"]
    programme = Programme.objects.get()
    assert (programme.year, programme.starts_on, programme.ends_on) == (2024, date(2024, 1, 1), date(2024, 12, 31))
    assert programme.title == "高州市市直机关党组织与乡村振兴重点村党组织结对关系一览表"
    assert kinds_of_units()["party_organisation"] == 108, "the branches are those of the roster"


def test_pairing_brings_its_people_its_village_and_its_dates(imported: Tenant) -> None:
    pairing = Pairing.objects.select_related("unit", "village__parent", "party_org").get(unit__name="高州市委组织部")
    assert pairing.village.parent is not None
    assert (pairing.village.parent.name, pairing.village.name) == ("石仔岭街道", "镇大岭村")
    assert (pairing.starts_on, pairing.agreement_signed_on, pairing.is_lead) == (date(2024, 8, 30), date(2024, 9, 3), True)
    assert pairing.party_org is not None
    assert pairing.party_org.name == "高州市委组织部党支部"
    assert {p.kind: (p.person.name, p.phone, p.starts_on) for p in pairing.posts.select_related("person")} == {
        "group_leader": ("冯月娥", "13900009360", date(2024, 8, 30)),
        "liaison": ("刘建华", "13900005733", date(2024, 8, 30)),
    }
    held = {p.kind: (p.person.name, p.phone) for p in pairing.village.posts.select_related("person")}
    assert held == {"village_secretary": ("黄家豪", "13900007906"), "leader_contact": ("梁家豪", "")}
    assert [listing.kind for listing in pairing.village.listings.all()] == ["model_village"]
    assert Counter(Listing.objects.values_list("kind", flat=True)) == {"model_village": 37, "key_village": 29}


def test_same_name_in_one_unit_is_one_person_with_the_number_of_each_post(imported: Tenant) -> None:
    leader = Person.objects.filter(posts__unit__name="高州市委组织部", posts__kind="group_leader").get()
    numbers = set(PairingPost.objects.filter(person=leader).values_list("phone", flat=True))
    assert (leader.name, leader.phone, numbers) == ("冯月娥", "13900000371", {"13900009360"})
    one = Unit.objects.get(name="高州市不动产登记中心")
    assert Person.objects.filter(posts__unit=one, name="吴俊杰").distinct().count() == 1
    assert Post.objects.filter(person__name="李玉兰", kind="leader_contact").values("person").distinct().count() == 1
    assert Post.objects.filter(person__name="李玉兰", kind="leader_contact").count() == 2


def test_differing_telephone_is_noted_and_keeps_nothing(county: Tenant, send: Send) -> None:
    commit(send("units", ROSTER))
    batch = send("pairings", PAIRINGS)
    first = rows(batch)[0]
    assert first.status == "ok"
    assert first.reason == ""
    assert {(p["level"], p["code"]) for p in first.problems} == {("note", "phone_differs")}


def test_the_same_files_again_add_and_change_nothing(imported: Tenant, send: Send) -> None:
    for kind, path in (("units", ROSTER), ("pairings", PAIRINGS)):
        batch = send(kind, path)
        summary = batch.summary
        assert (summary["ok"], summary["add"], summary["change"], summary["same"]) == (summary["ok"], 0, 0, summary["ok"])
        assert "可导入的内容系统中都已经有了" in summary["information"][-1]
        summary = commit(batch)
        assert (summary["added"], summary["changed"]) == (0, 0)
        assert ImportChange.objects.filter(batch=batch).count() == 0


def test_undoing_both_leaves_the_county_as_it_was(imported: Tenant) -> None:
    for batch in reversed(list(imported_batches())):
        actions.undo_import(batch=batch, actor=SYSTEM)
        assert batch.state == "undone"
    assert kinds_of_units() == {"village": 442, "community": 49, "town": 31}
    for model in (Person, Post, Pairing, PairingPost, Programme, Listing):
        assert model.objects.count() == 0, model


def test_undoing_the_roster_first_names_what_uses_it_and_changes_nothing(imported: Tenant) -> None:
    roster = imported_batches()[0]
    before = kinds_of_units()
    with pytest.raises(actions.ImportRefused, match="结对") as caught:
        actions.undo_import(batch=roster, actor=SYSTEM)
    assert caught.value.code == "in_the_way"
    assert "高州市殡葬管理所、高州市博物馆、高州市不动产登记中心等（单位）：还有 110 条“结对”与之相关。" in caught.value.message
    roster.refresh_from_db()
    assert roster.state == "committed"
    assert kinds_of_units() == before


def imported_batches() -> list[ImportBatch]:
    return list(ImportBatch.objects.order_by("id"))


def test_machine_form_goes_out_and_comes_in_again_with_no_change(imported: Tenant, send: Send) -> None:
    units = Unit.objects.filter(kind="organisation").order_by("pinyin")
    pairs = Pairing.objects.select_related("unit", "village__parent", "party_org").order_by("id")
    for kind, form, lines in (("units", UNITS, roster_rows(units)), ("pairings", PAIRINGS_FORM, pairing_rows(pairs))):
        out = io.BytesIO()
        write_machine(out, form, lines)
        summary = send(kind, out.getvalue()).summary
        n = len(lines)
        assert (summary["ok"], summary["question"], summary["error"], summary["same"]) == (n, 0, 0, n), kind
