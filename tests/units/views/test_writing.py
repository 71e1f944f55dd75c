"""Making, changing and ending units, posts and lists: what is written, what is refused and how it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import make_person, make_post
from tests.units.views.conftest import County
from units import endings
from units.models import Listing, Person, Post, Unit, UnitAlias

AsRole = Callable[[str], Client]


def deeds(county: County) -> list[tuple[str, str]]:
    with tenant_scope(county.tenant):
        return list(AuditEntry.objects.order_by("seq").values_list("action", "object_kind"))


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    return dict(response.context["form"].errors)


def test_a_new_unit_has_its_keys_its_version_and_its_entry(county: County, as_role: AsRole) -> None:
    sent = {"name": " 高州市 档案馆 ", "kind": "organisation", "nature": "institution", "n_party_members": "9"}
    response = as_role("CS").post(county.url("organisations/new/"), sent)
    with tenant_scope(county.tenant):
        unit: Any = Unit.objects.get(name="高州市档案馆")
        assert response["Location"] == county.url(f"organisations/{unit.uid}/")
        assert (unit.pinyin, unit.initials, unit.n_party_members) == ("gaozhoushidanganguan", "gzsdag", 9)
        version = unit.versions.get()
        assert version.pgh_context["account"] == county.members["CS"].pk
    assert deeds(county) == [("unit_created", "organisation")]


def test_a_village_needs_no_code(county: County, as_role: AsRole) -> None:
    sent = {"name": "新设村", "kind": "village", "parent": str(county.town.uid), "division_code": ""}
    assert as_role("CS").post(county.url("villages/new/"), sent).status_code == 302
    with tenant_scope(county.tenant):
        assert Unit.objects.get(name="新设村").parent_id == county.town.pk


def test_new_below_a_town_names_the_town(county: County, as_role: AsRole) -> None:
    text = as_role("CS").get(county.url("villages/new/"), {"parent": str(county.town.uid)}).content.decode()
    assert f'<option value="{county.town.uid}" selected>' in text


@pytest.mark.parametrize(
    ("path", "sent", "field", "sentence"),
    [
        ("organisations/new/", {"name": "高州市林业局", "kind": "organisation"}, "name", "已有同名的记录"),
        ("organisations/new/", {"name": "", "kind": "organisation"}, "name", "必填"),
        ("organisations/new/", {"name": "新局", "kind": "town"}, "kind", ""),
        ("organisations/new/", {"name": "新局", "kind": "organisation", "n_party_members": "-1"}, "n_party_members", ""),
        ("organisations/new/", {"name": "新局", "kind": "organisation", "starts_on": "昨天"}, "starts_on", "2024-09-03"),
        ("organisations/new/", {"name": "新局", "kind": "organisation", "parent": "x"}, "parent", ""),
        ("villages/new/", {"name": "新村", "kind": "village", "parent": ""}, "parent", ""),
        ("towns/new/", {"name": "新镇", "division_code": "440981101"}, "division_code", "已被使用"),
        ("towns/new/", {"name": "新镇", "division_code": "44"}, "division_code", ""),
        ("organisations/new/", {"name": "局" * 81, "kind": "organisation"}, "name", ""),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed_and_writes_nothing(
    county: County, as_role: AsRole, path: str, sent: dict[str, str], field: str, sentence: str
) -> None:
    response = as_role("CS").post(county.url(path), {**sent, "notes": "留着"})
    assert field in errors(response)
    assert sentence in "".join(errors(response)[field]) or sentence == "必填"
    assert "留着" in response.content.decode()
    with tenant_scope(county.tenant):
        assert Unit.objects.count() == 8
    assert deeds(county) == []


def test_a_change_says_what_who_and_why_in_the_history(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    edit = county.url(f"organisations/{county.office.uid}/edit/")
    sent = {"name": "高州市林业和草原局", "kind": "organisation", "nature": "institution", "reason": "机构改革"}
    assert client.post(edit, sent).status_code == 302
    history = client.get(county.url(f"organisations/{county.office.uid}/history/"))
    event = next(event for event in history.context["events"] if event["title"] == "修改")
    assert event["who"] == county.members["CS"].login
    assert event["text"] == "原因：机构改革"
    changes = {change["label"]: (change["before"], change["after"]) for change in event["changes"]}
    assert changes["单位名称"] == ("高州市林业局", "高州市林业和草原局")
    assert changes["单位性质"] == ("行政机关", "事业单位")
    assert changes["党员数"] == ("12", "")
    assert deeds(county) == [("unit_changed", "organisation")]


def test_the_history_names_the_person_and_masks_telephones(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        make_person("陈示例", account=county.members["CS"])
    client = as_role("CS")
    client.post(county.url(f"{county.office.uid}/posts/new/"), {
        "kind": "liaison", "name": "新联络", "phone": "13900007777", "starts_on": "2025-01-01",
    })  # fmt: skip
    history = client.get(county.url(f"organisations/{county.office.uid}/history/"))
    # One test is one transaction, so all its versions bear one instant: this one is found by who made it.
    [event] = [event for event in history.context["events"] if event["who"] == "陈示例"]
    assert event["title"] == "增加任职"
    assert "139****7777" in event["text"]
    assert "13900007777" not in history.content.decode()


def test_a_renamed_unit_is_still_found_by_its_old_name(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    client.post(county.url(f"organisations/{county.office.uid}/edit/"), {"name": "高州市自然资源局", "kind": "organisation"})
    found = client.get(county.url("organisations/"), {"q": "林业局"})
    assert [row["cells"][0]["text"] for row in found.context["table"]["rows"]] == ["高州市自然资源局"]
    with tenant_scope(county.tenant):
        assert UnitAlias.objects.filter(unit=county.office, name="高州市林业局").exists()


def test_saving_without_a_change_writes_nothing(county: County, as_role: AsRole) -> None:
    sent = {"name": "高州海关", "kind": "organisation", "nature": "stationed", "is_stationed": "on", "n_party_members": "5"}
    assert as_role("CS").post(county.url(f"organisations/{county.stationed.uid}/edit/"), sent).status_code == 302
    assert deeds(county) == []
    with tenant_scope(county.tenant):
        stationed: Any = county.stationed
        assert stationed.versions.count() == 1


def test_the_second_of_two_editors_is_told_and_loses_nothing(county: County, as_role: AsRole) -> None:
    edit = county.url(f"organisations/{county.office.uid}/edit/")
    client = as_role("CS")
    seen = client.get(edit).context["form"]["seen"].value()
    as_role("CA").post(edit, {"name": "先改的名", "kind": "organisation", "seen": seen})

    late = client.post(edit, {"name": "后改的名", "kind": "organisation", "seen": seen})
    assert late.status_code == 409
    assert "后改的名" in late.content.decode()
    with tenant_scope(county.tenant):
        assert Unit.objects.get(pk=county.office.pk).name == "先改的名"
    again = client.post(edit, {"name": "后改的名", "kind": "organisation", "seen": late.context["form"]["seen"].value()})
    assert again.status_code == 302


def test_a_unit_cannot_be_put_below_itself(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        below = Unit.objects.create(
            tenant=county.tenant, kind="organisation", name="下属", parent=county.office, pinyin="x", initials="x"
        )
    client = as_role("CS")
    for parent in (county.office, below):
        sent = {"name": "高州市林业局", "kind": "organisation", "parent": str(parent.uid)}
        assert "parent" in errors(client.post(county.url(f"organisations/{county.office.uid}/edit/"), sent))


# -- ending ---------------------------------------------------------------------------------
def test_a_unit_ends_with_its_posts_and_stays_readable(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    with tenant_scope(county.tenant):
        Unit.objects.filter(pk=county.branch.pk).update(ends_on=date(2025, 1, 1))
    sent = {"last_day": "2025-06-30", "reason": "并入自然资源局", "succeeded_by": str(county.stationed.uid)}
    response = client.post(county.url(f"{county.office.uid}/end/"), sent)
    page = client.get(response["Location"])
    with tenant_scope(county.tenant):
        office = Unit.objects.get(pk=county.office.pk)
        assert (office.ends_on, office.succeeded_by_id) == (date(2025, 6, 30), county.stationed.pk)
        assert Post.objects.get(pk=county.post.pk).ends_on == date(2025, 6, 30)
    assert page.status_code == 200
    assert page.context["chip"]["word"] == "已结束"
    assert deeds(county)[-1] == ("unit_ended", "organisation")
    history = client.get(county.url(f"organisations/{county.office.uid}/history/")).context["events"]
    assert {event["title"] for event in history if event["text"] == "原因：并入自然资源局"} == {"修改", "任职结束"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"last_day": "", "reason": "x"}, "last_day"),
        ({"last_day": "2025-06-30", "reason": ""}, "reason"),
        ({"last_day": str(localdate() + timedelta(days=2)), "reason": "x"}, "last_day"),
        ({"last_day": "2025-06-30", "reason": "x", "succeeded_by": "y"}, "succeeded_by"),
    ],
)
def test_a_wrong_end_is_said(county: County, as_role: AsRole, sent: dict[str, str], field: str) -> None:
    assert field in errors(as_role("CS").post(county.url(f"{county.stationed.uid}/end/"), sent))


def test_a_unit_with_live_ones_below_does_not_end(county: County, as_role: AsRole) -> None:
    response = as_role("CS").post(county.url(f"{county.town.uid}/end/"), {"last_day": "2025-06-30", "reason": "撤销"})
    assert "2 个未结束的单位" in "".join(errors(response)["__all__"])
    with tenant_scope(county.tenant):
        assert Unit.objects.get(pk=county.town.pk).ends_on is None


def test_what_an_app_above_names_stands_against_the_end(county: County, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings, "_hindrances", [lambda unit, on: "先结束它的结对。"])
    response = as_role("CS").post(county.url(f"{county.stationed.uid}/end/"), {"last_day": "2025-06-30", "reason": "撤销"})
    assert errors(response)["__all__"] == ["先结束它的结对。"]


def test_an_end_by_mistake_is_taken_back(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    client.post(county.url(f"{county.stationed.uid}/end/"), {"last_day": "2025-06-30", "reason": "误点"})
    assert client.get(county.url(f"{county.stationed.uid}/end/")).status_code == 404
    assert client.post(county.url(f"{county.stationed.uid}/reopen/"), {"reason": "恢复"}).status_code == 302
    with tenant_scope(county.tenant):
        assert Unit.objects.get(pk=county.stationed.pk).ends_on is None
    assert [deed for deed, _kind in deeds(county)] == ["unit_ended", "unit_reopened"]


# -- posts ----------------------------------------------------------------------------------
def test_a_new_secretary_follows_the_old_one(county: County, as_role: AsRole) -> None:
    sent = {"kind": "village_secretary", "name": "书记丙", "phone": "139 0000 3333", "starts_on": "2025-05-01", "replaces": "on"}
    assert as_role("CS").post(county.url(f"{county.village.uid}/posts/new/"), sent).status_code == 302
    with tenant_scope(county.tenant):
        held = (
            Post.objects.filter(unit=county.village).order_by("id").values_list("person__name", "phone", "starts_on", "ends_on")
        )
        assert list(held) == [
            ("书记乙", "13900002222", None, date(2025, 4, 30)),
            ("书记丙", "13900003333", date(2025, 5, 1), None),
        ]


def test_two_secretaries_at_a_time_are_refused(county: County, as_role: AsRole) -> None:
    sent = {"kind": "village_secretary", "name": "书记丙", "starts_on": "2025-05-01"}
    response = as_role("CS").post(county.url(f"{county.village.uid}/posts/new/"), sent)
    assert "书记乙" in "".join(errors(response)["replaces"])
    with tenant_scope(county.tenant):
        assert Post.objects.filter(unit=county.village).count() == 1
        assert not Person.objects.filter(name="书记丙").exists()


def test_a_known_name_asks_who_is_meant(county: County, as_role: AsRole) -> None:
    client, page = as_role("CS"), county.url(f"{county.village.uid}/posts/new/")
    sent = {"kind": "staff", "name": "组长甲", "starts_on": "2025-05-01"}
    asked = client.post(page, sent)
    assert "person" in errors(asked)
    assert "高州市林业局副局长" in asked.content.decode()
    with tenant_scope(county.tenant):
        known = Person.objects.get(name="组长甲")
    assert client.post(page, {**sent, "person": str(known.uid)}).status_code == 302
    assert client.post(page, {**sent, "kind": "other", "person": "new"}).status_code == 302
    with tenant_scope(county.tenant):
        assert Person.objects.filter(name="组长甲").count() == 2
        assert Post.objects.filter(person=known, unit=county.village, kind="staff").count() == 1


@pytest.mark.parametrize("phone", ["1234567890123456", "一三九", "1.39E+10", "13900001111 13900002222"])
def test_what_is_no_telephone_is_refused(county: County, as_role: AsRole, phone: str) -> None:
    sent = {"kind": "staff", "name": "新人", "starts_on": "2025-05-01", "phone": phone}
    assert "phone" in errors(as_role("CS").post(county.url(f"{county.village.uid}/posts/new/"), sent))


def test_a_post_ends_and_stays_in_sight(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    wrong = client.post(county.url(f"posts/{county.post.uid}/end/"), {"last_day": "2020-01-01"})
    assert "last_day" in errors(wrong)
    assert (
        client.post(county.url(f"posts/{county.post.uid}/end/"), {"last_day": "2025-01-31", "reason": "调离"}).status_code == 302
    )
    page = client.get(county.url(f"organisations/{county.office.uid}/"))
    panel = next(panel for panel in page.context["panels"] if panel.key == "posts")
    assert [row["name"] for row in panel.context["former"]] == ["组长甲"]
    assert client.get(county.url(f"posts/{county.post.uid}/end/")).status_code == 404


def test_a_person_s_page_shows_posts_and_is_edited_by_the_own_town_only(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        secretary = Person.objects.get(name="书记乙")
        leader = Person.objects.get(name="组长甲")
        make_post(county.village, leader, "other")
    town = as_role("TO")
    page = town.get(county.url(f"people/{secretary.uid}/"))
    assert "荷垌村" in page.content.decode()
    sent = {"name": "书记乙", "phone": "0668-6660000"}
    assert town.post(county.url(f"people/{secretary.uid}/edit/"), sent).status_code == 302
    # The leader serves in an office beyond the town as well.
    assert town.post(county.url(f"people/{leader.uid}/edit/"), sent).status_code == 403
    with tenant_scope(county.tenant):
        assert Person.objects.get(pk=leader.pk).name == "组长甲"
        assert Person.objects.get(pk=secretary.pk).phone == "0668-6660000"


# -- lists ----------------------------------------------------------------------------------
def test_a_village_enters_and_leaves_a_list_by_document(county: County, as_role: AsRole) -> None:
    client = as_role("CA")
    sent = {"kind": "key_village", "starts_on": "2025-01-01", "doc_no": "高委组〔2025〕3号", "reason": "基础薄弱"}
    assert client.post(county.url(f"{county.village.uid}/listings/new/"), sent).status_code == 302
    twice = client.post(county.url(f"{county.village.uid}/listings/new/"), sent)
    assert "kind" in errors(twice)
    with tenant_scope(county.tenant):
        listing = Listing.objects.get(unit=county.village, kind="key_village")
    out = {"last_day": "2025-12-31", "doc_no": "高委组〔2026〕1号", "reason": "已达标"}
    assert client.post(county.url(f"listings/{listing.uid}/end/"), out).status_code == 302
    with tenant_scope(county.tenant):
        assert Listing.objects.get(pk=listing.pk).ends_on == date(2025, 12, 31)
    texts = [event["text"] for event in client.get(county.url(f"villages/{county.village.uid}/history/")).context["events"]]
    assert "原因：已达标（高委组〔2026〕1号）" in texts


def test_offices_stand_on_no_list(county: County, as_role: AsRole) -> None:
    assert as_role("CA").get(county.url(f"{county.office.uid}/listings/new/")).status_code == 404
