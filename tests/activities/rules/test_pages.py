"""The pages of rules: who reads and changes what, what a change shows before it binds, bad input keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.actions.rules import draft_of
from activities.actions.waivers import WaiverFacts, add_waiver
from activities.actions.year import open_year
from activities.models import ActivityType, ContentClass, Obligation, Reopening, Rule, RuleTerms, Waiver, WorkingDay, YearSettings
from tenancy import clock
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests import factories as make
from tests.activities.rules.conftest import ACTOR, MOMENT

BACKEND = "tenancy.backends.AccountBackend"
ROLES = ("CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "JC", "HC", "AU")
READERS = {"CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "JC", "AU"}


@dataclass
class County:
    """Rows that tests name."""

    tenant: Tenant
    programme: Any
    blank: Any
    pairing: Any
    town: Any
    rule: Any
    waiver: Any
    units: dict[str, Any]

    def url(self, path: str = "") -> str:
        return f"/{self.tenant.slug}/rules/{path}"

    def year(self, path: str = "", *, programme: Any = None) -> str:
        return self.url(f"years/{(programme or self.programme).uid}/{path}")

    def of(self, row: Any, path: str = "") -> str:
        return self.url(f"{row.uid}/{path}")


@pytest.fixture
def place(db: None) -> Iterator[County]:
    tenant = make.make_tenant()
    with clock.at(MOMENT):
        with tenant_scope(tenant, actor=ACTOR):
            programme, blank = make.make_programme(), make.make_programme(2023, ends_on=date(2023, 12, 31))
            town = make.make_town()
            village, unit = make.make_village(town=town), make.make_unit()
            pairing = make.make_pairing(unit, village, programme)
            open_year(programme=programme, preset="five_ones", actor=ACTOR)
            facts = WaiverFacts(programme=programme, starts_on=date(2024, 11, 11), ends_on=date(2024, 11, 17), reason="台风")
            waiver = add_waiver(facts=facts, actor=ACTOR)
            rule = Rule.objects.get(code="labour_day")
        scopes = {"TO": town, "UL": unit, "UG": unit, "VS": village, "CL": village}
        yield County(tenant, programme, blank, pairing, town, rule, waiver, scopes)


@pytest.fixture
def as_role(place: County) -> Callable[[str], Client]:
    def client(role: str) -> Client:
        signed = Client()
        signed.force_login(make.make_member(place.tenant, role, unit=place.units.get(role)), BACKEND)
        return signed

    return client


AsRole = Callable[[str], Client]


def html(response: Any) -> str:
    return str(response.content.decode())


# -- who reads and writes --------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_rules_reads_them_in_words_and_only_staff_write(place: County, as_role: AsRole, role: str) -> None:
    client = as_role(role)
    read = 200 if role in READERS else 403
    for address in (
        place.year(), place.year("waivers/"), place.year("calendar/"), place.year("types/"), place.of(place.rule)
    ):  # fmt: skip
        assert client.get(address).status_code == read
    drafts = 200 if role in ("CA", "CS") else 403
    for address in (
        place.year("new/"), place.year("types/new/"), place.year("classes/new/"), place.year("waivers/new/"),
        place.year("open/", programme=place.blank), place.of(place.rule, "edit/"), place.year("months/"),
    ):  # fmt: skip
        assert client.get(address).status_code == drafts, address
    only_ca = 200 if role == "CA" else 403
    assert client.get(place.year("deadlines/")).status_code == only_ca
    assert client.get(place.year("calendar/day/") + "?day=2025-01-02").status_code == only_ca


def test_only_the_administrator_publishes_switches_and_sets_days(place: County, as_role: AsRole) -> None:
    client = as_role("CS")
    client.post(place.of(place.rule, "edit/"), terms_form(minimum="2"))

    publish = client.post(place.of(place.rule, "draft/"), {"effective_from": "2025-01-01", "reason": "x"})
    switch = client.post(place.of(place.rule, "switch/"), {"is_active": "no"})
    load = client.post(place.year("calendar/load/"))

    assert (publish.status_code, switch.status_code, load.status_code) == (403, 403, 403)
    with tenant_scope(place.tenant):
        draft = draft_of(place.rule)
        assert draft is not None
        assert draft.minimum == 2
        assert Rule.objects.get(pk=place.rule.pk).is_active
        assert RuleTerms.objects.filter(rule=place.rule).exclude(published_at=None).count() == 1


def test_what_a_reader_may_not_do_is_not_offered(place: County, as_role: AsRole) -> None:
    page = html(as_role("VS").get(place.of(place.rule)))

    assert "/edit/" not in page
    assert "/switch/" not in page
    assert "calendar/day/" not in html(as_role("CS").get(place.year("calendar/")))


# -- reading ---------------------------------------------------------------------------------------


def test_the_door_leads_to_the_year_that_is_on(place: County, as_role: AsRole) -> None:
    response = as_role("VS").get(place.url())

    assert (response.status_code, response["Location"]) == (302, place.year())


def test_without_a_programme_year_the_page_says_what_to_do(db: None) -> None:
    tenant = make.make_tenant()
    client = Client()
    client.force_login(make.make_member(tenant, "CS"), BACKEND)

    page = html(client.get(f"/{tenant.slug}/rules/"))

    assert "还没有工作方案" in page


def test_the_year_is_told_in_words_with_its_burden(place: County, as_role: AsRole) -> None:
    response = as_role("CS").get(place.year())

    page = html(response)
    assert "每对结对" in page
    assert "每月至少到挂点联系村开展1次全民集中劳动日活动" in page
    assert "第1版" in page
    cards = {card["name"]: card for card in response.context["cards"]}
    assert len(cards) == 13
    assert cards["组长接待群众来访"]["part_of"] == "接待群众来访"
    assert cards["调查研究"]["chip"]["word"] == "未启用"
    # It is December 2024: of 2024 three months, one quarter, and 15 weeks less the waived W46.
    table = response.context["burden"]
    assert table["pairing"] == 3 + 1 + 3 + 3 + 14
    assert table["villages"] == [24, 48, 72]
    # What is not in use is folded away, below what is.
    assert response.context["n_unused"] == 7
    assert page.index("组长接待群众来访") < page.index("未启用的规则：7条") < page.index("调查研究")


def test_the_figures_tell_of_the_calendar_year_asked_for(place: County, as_role: AsRole) -> None:
    response = as_role("CS").get(place.year() + "?year=2025")

    assert (response.context["told"], response.context["burden"]["pairing"]) == (2025, 91)
    assert [(one["label"], one["active"]) for one in response.context["told_years"]] == [("2024", False), ("2025", True)]
    assert "2025年12条记录" in html(response)


def test_a_page_of_rules_asks_the_same_number_of_questions_whatever_the_number_of_pairings(
    place: County, as_role: AsRole
) -> None:
    client = as_role("CS")
    client.get(place.year())
    counted = []
    for n in (1, 3):
        with tenant_scope(place.tenant):
            for k in range(n):
                make.make_pairing(make.make_unit(f"第{n}{k}局"), place.pairing.village, place.programme)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(place.year())
        counted.append(len(queries))
    assert counted[0] == counted[1]


# -- a change, from draft to publication ------------------------------------------------------------


def terms_form(**changes: Any) -> dict[str, Any]:
    plain = {
        "types": ["labour_day"], "period_kind": "month", "minimum": "1", "unit_of_count": "session", "scope": "pairing",
        "person_filter": "", "count_on": "occurred", "status_required": "confirmed", "distinct_by": "", "first_period": "waive",
        "last_period": "waive", "grace_days": "10", "joint_counts_for": "all", "min_visitors": "0", "in_village_only": "on",
        "online_per_month": "", "max_quarters_per_project": "", "week_month": "thursday", "min_working_days": "2",
        "source_text": "每月至少到挂点联系村开展1次全民集中劳动日活动", "doc_no": "", "effective_from": "2025-01-01",
    }  # fmt: skip
    return {**plain, **changes}


def test_a_change_is_shown_beside_what_holds_and_then_published(place: County, as_role: AsRole) -> None:
    client = as_role("CA")
    sent = client.post(place.of(place.rule, "edit/"), terms_form(minimum="2", grace_days="5"))
    assert (sent.status_code, sent["Location"]) == (302, place.of(place.rule, "draft/"))

    shown = client.get(place.of(place.rule, "draft/"))
    assert [(one.before, one.after) for one in shown.context["differences"]] == [("1", "2"), ("10", "5")]
    assert (shown.context["old_here"], shown.context["new_here"]) == (12, 24)
    due = shown.context["due"]
    assert [row["code"] for row in due] == [f"2025-{month:02d}" for month in range(1, 13)]
    assert (due[0]["until"], due[0]["minimum"]) == ("2025-02-05", 2)

    done = client.post(place.of(place.rule, "draft/"), {"effective_from": "2025-03-01", "reason": "区委调整"})
    assert (done.status_code, done["Location"]) == (302, place.of(place.rule))
    with tenant_scope(place.tenant):
        terms = list(RuleTerms.objects.filter(rule=place.rule).order_by("number"))
        assert [(one.effective_from, one.effective_to, one.minimum) for one in terms] == [
            (date(2024, 9, 3), date(2025, 2, 28), 1),
            (date(2025, 3, 1), None, 2),
        ]
        required = dict(Obligation.objects.filter(rule=place.rule).values_list("starts_on", "required"))
        assert (required[date(2025, 2, 1)], required[date(2025, 3, 1)]) == (1, 2)
        assert AuditEntry.objects.filter(action="rule_published").count() == 1
    page = html(client.get(place.of(place.rule)))
    assert "区委调整" in page
    assert "第2版" in page


def test_waived_weeks_stand_in_the_list_of_a_draft(place: County, as_role: AsRole) -> None:
    with tenant_scope(place.tenant):
        reception = Rule.objects.get(code="reception")
    client = as_role("CS")
    client.post(
        place.of(reception, "edit/"),
        terms_form(types=["reception"], period_kind="week", online_per_month="2", effective_from="2025-01-01"),
    )

    due = client.get(place.of(reception, "draft/")).context["due"]

    assert [row["code"] for row in due if row["is_waived"]] == ["2025-W05"]
    assert len(due) == 52


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minimum": "0"}, "minimum"),
        ({"minimum": "很多"}, "minimum"),
        ({"minimum": "1" * 30}, "minimum"),
        ({"types": []}, "types"),
        ({"types": ["nothing"]}, "types"),
        ({"scope": "moon"}, "scope"),
        ({"count_on": "closed"}, "count_on"),
        ({"effective_from": "2025-02-30"}, "effective_from"),
        ({"effective_from": "2026-01-01"}, "effective_from"),
        ({"source_text": "长" * 301}, "source_text"),
    ],
)
def test_wrong_terms_come_back_with_what_was_typed(place: County, as_role: AsRole, changes: dict[str, Any], field: str) -> None:
    response = as_role("CS").post(place.of(place.rule, "edit/"), terms_form(**{"grace_days": "33", **changes}))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'value="33"' in html(response)
    with tenant_scope(place.tenant):
        assert draft_of(place.rule) is None


def test_a_publication_without_reason_comes_back_and_nothing_is_published(place: County, as_role: AsRole) -> None:
    client = as_role("CA")
    client.post(place.of(place.rule, "edit/"), terms_form(minimum="2"))

    response = client.post(place.of(place.rule, "draft/"), {"effective_from": "2025-03-01", "reason": "  "})

    assert response.status_code == 422
    assert "2025-03-01" in html(response)
    with tenant_scope(place.tenant):
        assert draft_of(place.rule) is not None


def test_a_draft_is_thrown_away(place: County, as_role: AsRole) -> None:
    client = as_role("CS")
    client.post(place.of(place.rule, "edit/"), terms_form(minimum="2"))

    assert client.post(place.of(place.rule, "draft/drop/")).status_code == 302
    assert client.get(place.of(place.rule, "draft/")).status_code == 302
    with tenant_scope(place.tenant):
        assert draft_of(place.rule) is None


def test_a_rule_is_switched_and_a_new_one_written(place: County, as_role: AsRole) -> None:
    client = as_role("CA")
    client.post(place.of(place.rule, "switch/"), {"is_active": "no"})
    made = client.post(
        place.year("new/"),
        {"name": "农民夜校", "code": "night_school", "period_kind": "half", "minimum": "2", "types": ["training"]},
    )
    again = client.post(
        place.year("new/"),
        {"name": "夜校二", "code": "night_school", "period_kind": "half", "minimum": "2", "types": ["training"]},
    )

    assert made.status_code == 302
    assert again.status_code == 422
    assert "夜校二" in html(again)
    with tenant_scope(place.tenant):
        assert not Rule.objects.get(pk=place.rule.pk).is_active
        assert not Rule.objects.get(code="night_school").is_active
        assert not Obligation.objects.filter(rule=place.rule).exists()


# -- opening a year ---------------------------------------------------------------------------------


def test_a_year_is_set_up_in_one_page_and_then_leaves_the_first_page(place: County, as_role: AsRole) -> None:
    with tenant_scope(place.tenant):
        new = make.make_programme(2026, starts_on=date(2024, 12, 1), ends_on=date(2026, 12, 31))
    client = as_role("CS")
    assert "还没有规则" in html(client.get(f"/{place.tenant.slug}/"))
    wrong = client.post(place.year("open/", programme=new), {"preset": "six", "lock_day": "31"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"preset", "lock_day"}

    sent = client.post(place.year("open/", programme=new), {"preset": "all_rules", "lock_day": "20", "switched_on": "2026-01-01"})

    assert (sent.status_code, sent["Location"]) == (302, place.year(programme=new))
    with tenant_scope(place.tenant):
        settings = YearSettings.objects.get(programme=new)
        assert (settings.lock_day, settings.switched_on) == (20, date(2026, 1, 1))
        assert Rule.objects.filter(programme=new, is_active=True).count() == 13
    assert "还没有规则" not in html(client.get(f"/{place.tenant.slug}/"))
    assert client.get(place.year("open/", programme=new)).status_code == 302


def test_deadlines_are_changed_and_wrong_ones_come_back(place: County, as_role: AsRole) -> None:
    client = as_role("CA")
    good = {"lock_day": "20", "confirm_days": "5", "proxy_days": "14", "record_seconds": "30", "confirm_seconds": "10"}

    assert client.post(place.year("deadlines/"), good).status_code == 302
    wrong = client.post(place.year("deadlines/"), {**good, "lock_day": "31", "confirm_days": "6"})

    assert wrong.status_code == 422
    assert 'value="6"' in html(wrong)
    with tenant_scope(place.tenant):
        settings = YearSettings.objects.get(programme=place.programme)
        assert (settings.lock_day, settings.confirm_days) == (20, 5)


# -- types and classes ------------------------------------------------------------------------------


def test_types_and_classes_are_added_renamed_and_switched_off(place: County, as_role: AsRole) -> None:
    client = as_role("CS")
    with tenant_scope(place.tenant):
        industry = ContentClass.objects.get(code="industry")
        forum = ActivityType.objects.get(code="forum")
    made = client.post(
        place.year("types/new/"),
        {"name": "科技下乡", "code": "technology", "carrier": "activity", "content_class": str(industry.uid)},
    )
    twice = client.post(place.year("types/new/"), {"name": "座谈会", "code": "technology", "carrier": "activity"})
    renamed = client.post(place.url(f"types/{forum.uid}/"), {"name": "恳谈会", "content_class": ""})
    classed = client.post(place.year("classes/new/"), {"name": "人才共育", "code": "talent"})
    reclassed = client.post(place.url(f"classes/{industry.uid}/"), {"name": "产业共兴"})

    assert [r.status_code for r in (made, twice, renamed, classed, reclassed)] == [302, 422, 302, 302, 302]
    assert set(twice.context["form"].errors) == {"name", "code"}
    with tenant_scope(place.tenant):
        technology = ActivityType.objects.get(code="technology")
        assert (technology.name, technology.content_class_id, technology.position) == ("科技下乡", industry.pk, 18)
        forum.refresh_from_db()
        assert (forum.name, forum.is_active, forum.content_class) == ("恳谈会", False, None)
        assert ContentClass.objects.get(code="talent").position == 6
        industry.refresh_from_db()
        assert industry.name == "产业共兴"


# -- waivers ----------------------------------------------------------------------------------------


def waiver_form(**changes: Any) -> dict[str, Any]:
    plain = {"starts_on": "2024-12-02", "ends_on": "2024-12-08", "scope": "all", "reason": "寒潮", "step": "preview"}
    return {**plain, **changes}


def test_a_waiver_shows_what_it_would_waive_before_it_is_written(place: County, as_role: AsRole) -> None:
    client = as_role("CS")
    shown = client.post(place.year("waivers/new/"), waiver_form())
    assert (shown.status_code, shown.context["effect"].n_cells) == (200, 1)
    with tenant_scope(place.tenant):
        assert Waiver.objects.count() == 1

    saved = client.post(place.year("waivers/new/"), waiver_form(step="save", scope="town", town=str(place.town.uid)))

    assert saved.status_code == 302
    with tenant_scope(place.tenant):
        made = Waiver.objects.get(reason="寒潮")
        assert (made.scope, made.town_id) == ("town", place.town.pk)
        assert Obligation.objects.filter(state="waived", starts_on=date(2024, 12, 2)).count() == 1
    assert "寒潮" in html(client.get(place.year("waivers/")))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2024-12-01"}, "ends_on"),
        ({"starts_on": "昨天"}, "starts_on"),
        ({"scope": "town"}, "town"),
        ({"scope": "pairing", "pairing": "x"}, "pairing"),
        ({"rules": ["nothing"]}, "rules"),
        ({"reason": ""}, "reason"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_a_wrong_waiver_comes_back_with_what_was_typed(
    place: County, as_role: AsRole, changes: dict[str, Any], field: str, step: str
) -> None:
    response = as_role("CS").post(place.year("waivers/new/"), waiver_form(**{"step": step, "approver": "某主任", **changes}))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "某主任" in html(response)
    with tenant_scope(place.tenant):
        assert Waiver.objects.count() == 1


def test_a_waiver_is_withdrawn_with_a_reason(place: County, as_role: AsRole) -> None:
    client = as_role("CS")
    address = place.url(f"waivers/{place.waiver.uid}/withdraw/")

    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "误填"}).status_code == 302
    assert client.post(address, {"reason": "误填"}).status_code == 422
    with tenant_scope(place.tenant):
        assert not Obligation.objects.filter(state="waived", starts_on=date(2024, 11, 11)).exists()


# -- calendar ---------------------------------------------------------------------------------------


def test_the_calendar_marks_days_and_waived_weeks(place: County, as_role: AsRole) -> None:
    response = as_role("CA").get(place.year("calendar/") + "?year=2025")

    weeks = {week["code"]: week["is_waived"] for month in response.context["months"] for week in month["weeks"]}
    assert [code for code, is_waived in weeks.items() if is_waived] == ["W05"]
    assert "2025年1月28日" in html(response)
    assert "春节" in html(response)
    assert as_role("VS").get(place.year("calendar/") + "?year=abc").context["year"] == 2024


def test_an_unpublished_year_says_so_and_its_days_can_be_set(place: County, as_role: AsRole) -> None:
    with tenant_scope(place.tenant):
        far = make.make_programme(2040, ends_on=date(2040, 12, 31))
        open_year(programme=far, preset="five_ones", actor=ACTOR)
    client = as_role("CA")
    assert "尚未公布" in html(client.get(place.year("calendar/", programme=far)))

    address = place.year("calendar/day/", programme=far) + "?day=2040-10-01"
    sent = client.post(address, {"is_working": "no", "note": "国庆节"})

    assert (sent.status_code, sent["Location"]) == (302, place.year("calendar/", programme=far) + "?year=2040")
    with tenant_scope(place.tenant):
        row = WorkingDay.objects.get(day=date(2040, 10, 1))
        assert (row.is_working, row.source, row.note) == (False, "county", "国庆节")


def test_days_that_do_not_exist_are_not_found_and_wrong_ones_come_back(place: County, as_role: AsRole) -> None:
    client = as_role("CA")
    for text in ("", "2025-02-30", "x", "20250102x"):
        assert client.get(place.year("calendar/day/") + f"?day={text}").status_code == 404
    wrong = client.post(place.year("calendar/day/") + "?day=2025-01-02", {"is_working": "perhaps", "note": "值班"})
    early = client.post(place.year("calendar/day/") + "?day=0001-01-02", {"is_working": "no", "note": ""})

    assert (wrong.status_code, early.status_code) == (422, 422)
    assert "值班" in html(wrong)


def test_the_published_holidays_are_imported_again(place: County, as_role: AsRole) -> None:
    with tenant_scope(place.tenant):
        WorkingDay.objects.filter(day=date(2025, 1, 28)).delete()

    assert as_role("CA").post(place.year("calendar/load/")).status_code == 302

    with tenant_scope(place.tenant):
        assert not WorkingDay.objects.get(day=date(2025, 1, 28)).is_working


# -- locked months ----------------------------------------------------------------------------------


def test_a_locked_month_is_opened_for_one_pairing(place: County, as_role: AsRole) -> None:
    client = as_role("CS")
    # Some days to use it are proposed, and not only today.
    assert client.get(place.year("months/")).context["form"]["until"].value() == clock.today() + timedelta(days=7)
    values = {"month": "2024-11-01", "pairing": str(place.pairing.uid), "until": "2024-12-31", "reason": "停电"}
    early = client.post(place.year("months/"), {**values, "month": "2024-12-01"})
    assert early.status_code == 422
    assert "month" in early.context["form"].errors
    assert "停电" in html(early)

    assert client.post(place.year("months/"), values).status_code == 302

    with tenant_scope(place.tenant):
        row = Reopening.objects.get()
        assert (row.month, row.pairing_id, row.until) == (date(2024, 11, 1), place.pairing.pk, date(2024, 12, 31))
    assert "停电" in html(client.get(place.year("months/")))
    assert [row["is_locked"] for row in client.get(place.year("months/")).context["locks"]][1]

    assert client.post(place.year("months/"), {**values, "pairing": ""}).status_code == 302

    november = client.get(place.year("months/")).context["locks"][1]
    assert (november["day"], november["is_locked"]) == ("2024-12-31", False)
