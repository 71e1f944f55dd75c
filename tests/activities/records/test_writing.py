"""记一笔: who may write what of whom, what is refused in which words, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from activities.models import Item, Record, Share
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import County, sent
from tests.factories import make_item, make_record

AsRole = Callable[[str], Client]


def only(county: County) -> Record:
    with tenant_scope(county.tenant):
        found: Record = Record.objects.prefetch_related("shares").select_related("proxy_for", "item").get()
    return found


@pytest.mark.parametrize("role", ["UL", "UG", "VS"])
def test_both_sides_write_in_their_own_name(county: County, as_role: AsRole, role: str) -> None:
    client = as_role(role)
    page = client.get(county.url("records/new/"))
    answer = client.post(county.url("records/new/"), sent(county.first))

    assert page.status_code == 200
    assert answer.status_code == 302, answer.context["form"].errors
    record = only(county)
    assert answer.headers["Location"] == county.url(f"records/{record.uid}/")
    assert (record.status, record.author_side, record.is_proxy) == ("submitted", "village" if role == "VS" else "unit", False)
    assert (record.text, record.person_times, record.place) == ("清理村道两侧杂草", 32, "荷垌村")


@pytest.mark.parametrize("role", ["CS", "TO"])
def test_a_superior_writes_for_a_side_and_says_on_what_basis(county: County, as_role: AsRole, role: str) -> None:
    client = as_role(role)
    without = client.post(county.url("records/new/"), sent(county.first, side="village"))
    form = sent(county.first, side="village", basis="书记来电")
    done = client.post(county.url("records/new/"), form)

    assert without.status_code == 422
    assert "依据" in str(without.context["form"].errors["basis"])
    assert done.status_code == 302
    record = only(county)
    assert (record.author_side, record.is_proxy, record.proxy_basis) == ("village", True, "书记来电")
    assert record.proxy_for is not None
    assert record.proxy_for.name == "荷垌村"
    shown = client.get(county.url(f"records/{record.uid}/")).content.decode()
    assert f"某{role}" in shown
    assert "荷垌村" in shown
    assert "书记来电" in shown


@pytest.mark.parametrize("role", ["CA", "IN", "CL", "AU", "HC"])
def test_who_does_not_write_is_refused(county: County, as_role: AsRole, role: str) -> None:
    assert as_role(role).get(county.url("records/new/")).status_code == 403
    assert as_role(role).post(county.url("records/new/"), sent(county.first)).status_code == 403


def test_another_units_pairing_is_not_offered_alone(county: County, as_role: AsRole) -> None:
    answer = as_role("UL").post(county.url("records/new/"), sent(county.third))

    assert answer.status_code == 422
    with tenant_scope(county.tenant):
        assert not Record.objects.exists()


def test_two_units_together_are_one_record_with_two_parts(county: County, as_role: AsRole) -> None:
    answer = as_role("UL").post(county.url("records/new/"), sent(county.first, joint=[str(county.second.uid)]))

    assert answer.status_code == 302
    with tenant_scope(county.tenant):
        parts = list(Share.objects.order_by("id").values_list("pairing", "status", "is_lead"))
    assert parts == [(county.first.pk, "submitted", True), (county.second.pk, "submitted", False)]


def test_a_form_sent_twice_is_one_record(county: County, as_role: AsRole) -> None:
    client, form = as_role("UL"), sent(county.first)
    first, second = (client.post(county.url("records/new/"), form) for _time in range(2))

    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    only(county)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"occurred_on": "2024-10-19"}, "occurred_on", "将来"),
        ({"occurred_on": "2024-09-02"}, "occurred_on", "2024-09-02"),
        ({"occurred_on": "2024年10月33日"}, "occurred_on", "2024-09-03"),
        ({"type": ""}, "type", "选择"),
        ({"type": "nothing"}, "type", "重新选择"),
        ({"pairings": []}, "pairings", "结对"),
        ({"type": "benefit_project", "item_name": "水渠"}, "step", "利民项目"),
        ({"type": "courtyard"}, "house_no", "美丽庭院"),
        ({"type": "joint_report"}, "reports_on", "季度联合报告"),
        ({"person_times": "三十"}, "person_times", "数字"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    county: County, as_role: AsRole, changed: dict[str, Any], field: str, words: str
) -> None:
    answer = as_role("UL").post(county.url("records/new/"), sent(county.first, text="留着这句话", **changed))

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field]), answer.context["form"].errors
    assert "留着这句话" in answer.content.decode()
    with tenant_scope(county.tenant):
        assert not Record.objects.exists()


def test_a_locked_month_says_since_when(county: County, as_role: AsRole) -> None:
    from datetime import timedelta

    from tenancy import clock
    from tests.activities.records.conftest import TODAY

    with clock.at(TODAY + timedelta(days=60)):
        answer = as_role("UL").post(county.url("records/new/"), sent(county.first))

    assert answer.status_code == 409
    assert "2024-11-15" in str(answer.context["form"].errors["occurred_on"])


def test_a_likely_double_is_asked_about_and_may_be_another_one(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        twin = make_record(county.first, text="清理村道两侧杂草")
    client, form = as_role("UL"), sent(county.first)
    asked = client.post(county.url("records/new/"), form)
    done = client.post(county.url("records/new/"), {**form, "is_another": "1"})

    assert asked.status_code == 409
    assert asked.context["double"]["url"] == county.url(f"records/{twin.uid}/")
    page = asked.content.decode()
    assert "这是另一次" in page
    assert "清理村道两侧杂草" in page
    assert done.status_code == 302
    with tenant_scope(county.tenant):
        assert Record.objects.count() == 2


def test_a_household_claimed_by_another_unit_names_that_unit(county: County, as_role: AsRole) -> None:
    house = {"type": "courtyard", "house_no": "88号", "householder": "户主甲"}
    first = as_role("water").post(county.url("records/new/"), sent(county.second, **house))
    second = as_role("UL").post(county.url("records/new/"), sent(county.first, **{**house, "house_no": "#88"}))

    assert first.status_code == 302
    assert second.status_code == 409
    assert "高州市水务局" in str(second.context["form"].errors["house_no"])
    assert second.context["double"]["may_go_on"] is False
    # Once in the list of corrections and once at the field, not a third time above.
    assert second.content.decode().count("已由 高州市水务局") == 2


def test_a_milestone_names_a_new_project_or_goes_on_with_an_old_one(county: County, as_role: AsRole) -> None:
    client = as_role("UL")
    form = {"type": "benefit_project", "category": "产业"}
    client.post(county.url("records/new/"), sent(county.first, **form, item_name="文化楼修缮", step="started"))
    with tenant_scope(county.tenant):
        project = Item.objects.get()
    offered = client.get(county.url("records/new/?type=benefit_project")).content.decode()
    again = sent(county.first, **form, item=str(project.uid), step="stage", text="完成主体", occurred_on="2024-10-17")
    done = client.post(county.url("records/new/"), again)

    assert str(project.uid) in offered
    assert done.status_code == 302
    with tenant_scope(county.tenant):
        assert set(Record.objects.values_list("item", "step")) == {(project.pk, "started"), (project.pk, "stage")}
        assert (project.name, project.category, project.kind) == ("文化楼修缮", "产业", "project")


def test_fields_that_the_type_does_not_ask_are_not_saved(county: County, as_role: AsRole) -> None:
    form = sent(county.first, visitors="7", hours="3", house_no="88", form="house_visit", step="started", trainer="某老师")
    as_role("UL").post(county.url("records/new/"), form)

    record = only(county)
    assert (record.visitors, record.hours, record.item, record.form, record.step, record.details) == (
        None, None, None, "", "", {},
    )  # fmt: skip


def test_a_training_keeps_hours_trainer_and_attendees(county: County, as_role: AsRole) -> None:
    form = sent(county.first, type="training", hours="2.5", trainer="某老师", attendees="村民")
    assert as_role("UL").post(county.url("records/new/"), form).status_code == 302

    record = only(county)
    assert (str(record.hours), record.details) == ("2.5", {"trainer": "某老师", "attendees": "村民"})


def test_the_form_opens_with_what_was_written_last_time(county: County, as_role: AsRole) -> None:
    client = as_role("UL")
    form = sent(county.first, type="reception", form="house_visit", visitors="6", leader_name="组长甲", place="村委会")
    client.post(county.url("records/new/"), form)
    new, again = (client.get(county.url(path)).context["form"] for path in ("records/new/", "records/new/?again=1"))

    carried = {"type": "reception", "place": "村委会", "leader_name": "组长甲", "pairings": [str(county.first.uid)]}
    assert {name: new[name].value() for name in carried} == carried
    assert {name: again[name].value() for name in carried} == carried
    assert (new["text"].value(), again["text"].value()) == (None, "清理村道两侧杂草")
    assert str(new["occurred_on"].value()) == "2024-10-18"
    assert new["client_id"].value() != again["client_id"].value()


def test_a_count_is_carried_from_the_same_type_only(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        make_record(county.first, author=county.members["UL"], type="reception", person_times=3)
        make_record(county.first, author=county.members["UL"], person_times=40, place="晒谷场")
    client = as_role("UL")

    def opened(query: str) -> tuple[Any, Any]:
        form = client.get(county.url(f"records/new/{query}")).context["form"]
        return form["person_times"].value(), form["place"].value()

    assert opened("") == opened("?type=labour_day") == opened("?again=1") == (40, "晒谷场")
    assert opened("?type=reception") == (3, "晒谷场")
    assert opened("?type=courtyard") == (None, "晒谷场")


@pytest.mark.parametrize(
    ("period", "day", "told"),
    [
        ("2024-W40", None, "2024-09-30 至 2024-10-06"),
        ("2024-09", None, "2024-09-01 至 2024-09-30"),
        ("2024-W42", "2024-10-18", ""),
        ("2024-10", "2024-10-18", ""),
        ("2024-W99", "2024-10-18", ""),
        ("昨天", "2024-10-18", ""),
    ],
)
def test_for_a_period_that_is_over_the_day_is_asked_and_not_taken_for_today(
    county: County, as_role: AsRole, period: str, day: str | None, told: str
) -> None:
    """The form of a missed week must not offer a day that counts for another one."""
    form = as_role("UL").get(county.url("records/new/"), {"type": "reception", "for": period}).context["form"]
    value = form["occurred_on"].value()

    assert (str(value) if value else None) == day
    assert told in form["occurred_on"].help_text
    assert bool(form["occurred_on"].help_text) == bool(told)


def test_who_joined_last_time_is_carried_into_a_repetition_only(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        make_record(county.first, county.second, author=county.members["UL"], text="两单位一起清理河道")
    client = as_role("UL")
    page = county.url("records/new/")

    assert client.get(page).context["form"]["joint"].value() == []
    assert client.get(page + "?again=1").context["form"]["joint"].value() == [str(county.second.uid)]


def test_the_first_form_has_the_only_pairing_and_its_village(county: County, as_role: AsRole) -> None:
    form = as_role("UL").get(county.url("records/new/")).context["form"]

    assert form["pairings"].value() == [str(county.first.uid)]
    assert form["place"].value() == "荷垌村"


def test_a_draft_is_seen_by_its_own_side_only_and_handed_in_later(county: County, as_role: AsRole) -> None:
    as_role("UL").post(county.url("records/new/"), sent(county.first, save="draft"))
    record = only(county)
    page = county.url(f"records/{record.uid}/")

    assert record.status == "draft"
    assert as_role("UG").get(page).status_code == 200
    assert as_role("VS").get(page).status_code == 404
    assert as_role("CS").get(page).status_code == 404
    assert as_role("UL").post(page + "submit/").status_code == 302
    assert only(county).status == "submitted"
    assert as_role("VS").get(page).status_code == 200


def test_a_draft_is_abandoned_and_stays_readable_to_its_writers(county: County, as_role: AsRole) -> None:
    as_role("UL").post(county.url("records/new/"), sent(county.first, save="draft"))
    page = county.url(f"records/{only(county).uid}/")

    assert as_role("UL").get(page + "abandon/").status_code == 200
    assert as_role("UL").post(page + "abandon/").status_code == 302
    assert only(county).status == "abandoned"
    assert as_role("UL").get(page).status_code == 200


def test_a_change_keeps_the_earlier_version_with_its_reason(county: County, as_role: AsRole) -> None:
    client = as_role("UL")
    client.post(county.url("records/new/"), sent(county.first))
    page = county.url(f"records/{only(county).uid}/")
    form = client.get(page + "edit/").context["form"]
    done = client.post(page + "edit/", sent(county.first, person_times="35", reason="点错人数"))

    assert form["person_times"].value() == 32
    assert done.status_code == 302
    history = client.get(page + "history/").context["events"]
    changes = {change["label"]: (change["before"], change["after"]) for change in history[0]["changes"]}
    assert changes["参加人次"] == ("32", "35")
    assert "点错人数" in history[0]["text"]
    # What the machinery keeps for itself is no history, and codes are told in words.
    assert set(changes) <= {"参加人次", "活动内容"}
    first = history[-1]["text"]
    assert "类型：集中劳动" in first
    assert not [word for word in ("labour_day", "client", "revision", "status at", "{}", "[]", "否") if word in first]


def test_a_returned_record_is_corrected_and_handed_in_again(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        record = make_record(county.first, status="returned", text="清理杂草", author=county.members["UL"])
    page = county.url(f"records/{record.uid}/")
    done = as_role("UL").post(page + "edit/", sent(county.first, text="清理村道杂草,12人"))

    assert done.status_code == 302
    found = only(county)
    assert (found.status, found.text) == ("submitted", "清理村道杂草,12人")


@pytest.mark.parametrize(("role", "code"), [("VS", 302), ("water", 404), ("CA", 403)])
def test_only_the_writers_side_changes_a_record(county: County, as_role: AsRole, role: str, code: int) -> None:
    with tenant_scope(county.tenant):
        record = make_record(county.first, author=county.members["UL"], text="原来的")
    page = county.url(f"records/{record.uid}/edit/")

    assert as_role(role).get(page).status_code == code
    assert as_role(role).post(page, sent(county.first)).status_code == code
    assert only(county).text == "原来的"


def test_a_confirmed_record_is_not_changed_any_more(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        record = make_record(county.first, author=county.members["UL"], text="原来的", status="confirmed")
    page = county.url(f"records/{record.uid}/edit/")
    answer = as_role("UL").post(page, sent(county.first), follow=True)

    assert "现在是“已确认”，不能再修改" in answer.content.decode()
    assert only(county).text == "原来的"


def test_staff_with_many_pairings_choose_the_village_first(county: County, as_role: AsRole) -> None:
    from tests.factories import make_pairing, make_unit

    with tenant_scope(county.tenant):
        for number in range(12):
            make_pairing(make_unit(f"高州市第{number}局"), county.village, county.programme)
        make_item(county.first)
    client = as_role("CS")
    asked = client.get(county.url("records/new/"))
    chosen = client.get(county.url(f"records/new/?village={county.far.uid}"))

    assert {one.name for one in asked.context["villages"]} == {"荷垌村", "茅坡村"}
    assert [label for _uid, label in chosen.context["form"].fields["pairings"].choices] == ["高州市水务局 — 根子镇茅坡村"]
    done = client.post(county.url("records/new/"), sent(county.third, side="unit", basis="电话"))
    assert done.status_code == 302
