"""试运行 on its page: for staff, nothing is written, what cannot be played is named and kept."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from activities.actions.rules import publish_terms
from activities.actions.waivers import WaiverFacts, add_waiver
from activities.actions.year import open_year
from activities.models import Rule
from activities.rehearsal import county as counties
from activities.rehearsal.county import scenario_of
from activities.rehearsal.playing import play
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import Actor, tenant_scope
from tests import factories as make
from tests.activities.test_rehearsal_reading import GOOD

ACTOR = Actor(name="cs.gaozhou")
BACKEND = "tenancy.backends.AccountBackend"
MOMENT = datetime(2024, 12, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STAFF = {"CA", "CS"}
SCENARIO: dict[str, Any] = copy.deepcopy(GOOD)
SCENARIO["ask"] = [
    {"at": "2024-09-20T12:00", "what": "obligations", "rule": "labour_day", "to": "2024-10-01"},
    {"at": "2024-09-20T12:00", "what": "messages"},
    {"at": "2024-09-20T12:00", "what": "warnings"},
    {"at": "2024-09-20T12:00", "what": "burden", "village": "曹江镇荷垌村", "year": 2025},
]
SCENARIO["events"].append({"at": "2024-09-11T09:00", "do": "confirm", "record": "r1"})


@dataclass
class County:
    tenant: Tenant
    programme: Any
    village: Any
    units: dict[str, Any]

    @property
    def url(self) -> str:
        return f"/{self.tenant.slug}/rules/years/{self.programme.uid}/rehearsal/"


@pytest.fixture
def place(db: None) -> Iterator[County]:
    tenant = make.make_tenant()
    with clock.at(MOMENT):
        with tenant_scope(tenant, actor=ACTOR):
            programme = make.make_programme()
            town = make.make_town()
            village, unit = make.make_village(town=town), make.make_unit()
            pairing = make.make_pairing(unit, village, programme, is_lead=True)
            make.make_pairing_post(pairing, make.make_person("组长甲"))
            open_year(programme=programme, preset="five_ones", switches={"courtyard.is_active": False}, actor=ACTOR)
        yield County(tenant, programme, village, {"TO": town, "UL": unit, "UG": unit, "VS": village, "CL": village})


@pytest.fixture
def as_role(place: County) -> Callable[[str], Client]:
    def client(role: str) -> Client:
        signed = Client()
        signed.force_login(make.make_member(place.tenant, role, unit=place.units.get(role)), BACKEND)
        return signed

    return client


AsRole = Callable[[str], Client]


@pytest.mark.parametrize("role", ["CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "JC", "HC", "AU"])
def test_staff_may_rehearse_and_nobody_else(place: County, as_role: AsRole, role: str) -> None:
    client = as_role(role)
    wanted = 200 if role in STAFF else 403
    assert client.get(place.url).status_code == wanted
    sent = client.post(place.url, {"scenario": "{"})
    assert sent.status_code == (422 if role in STAFF else 403)
    rules = client.get(place.url.removesuffix("rehearsal/"))
    assert (rules.status_code == 200 and place.url in rules.content.decode()) == (role in STAFF)


def test_a_scenario_is_answered_on_the_page(place: County, as_role: AsRole) -> None:
    response = as_role("CS").post(place.url, {"scenario": json.dumps(SCENARIO, ensure_ascii=False)})
    html = response.content.decode()
    assert response.status_code == 200
    assert "没有写入任何内容" in html
    cells, messages, warnings, burden = response.context["sections"]
    assert [(row["rule"], row["period"], row["chip"], row["records"]) for row in cells["rows"]] == [
        ("集中劳动", "2024年9月", {"state": "not_due"}, "r1"),
        ("集中劳动", "2024年10月", {"state": "not_due"}, ""),
    ]
    assert (messages["rows"], warnings["rows"]) == ([], [])
    assert (burden["records"], burden["confirmations"]) == (91, 91)
    assert [(one["event"], one["code"]) for one in response.context["refused"]] == [(2, "already_done")]
    assert "already_done" in html


@pytest.mark.parametrize("source", ["scenario", "file"])
def test_what_cannot_be_played_is_named_with_its_place_and_kept(place: County, as_role: AsRole, source: str) -> None:
    faulty = json.dumps({**SCENARIO, "county": "440981", "pairings": []}, ensure_ascii=False)
    sent: dict[str, Any] = {"scenario": faulty}
    if source == "file":
        sent = {"file": SimpleUploadedFile("a.json", faulty.encode(), "application/json")}
    response = as_role("CS").post(place.url, sent)
    html = response.content.decode()
    assert response.status_code == 422
    assert "pairings:请至少写一个结对。" in html
    if source == "scenario":
        assert response.context["form"]["scenario"].value() == faulty


@pytest.mark.parametrize("sent", [{}, {"scenario": "  "}, {"village": "x"}])
def test_one_source_must_be_chosen(place: County, as_role: AsRole, sent: dict[str, str]) -> None:
    assert as_role("CS").post(place.url, sent).status_code == 422


def test_two_sources_are_one_too_many(place: County, as_role: AsRole) -> None:
    response = as_role("CS").post(place.url, {"scenario": "{}", "village": str(place.village.uid)})
    assert (response.status_code, "三者选一" in response.content.decode()) == (422, True)


def test_what_is_too_much_for_a_page_says_so(place: County, as_role: AsRole) -> None:
    event = {"at": "2024-09-11T09:00", "do": "confirm", "record": "r1"}
    many = {**SCENARIO, "events": [*SCENARIO["events"], *[event] * 300]}
    response = as_role("CS").post(place.url, {"scenario": json.dumps(many)})
    assert (response.status_code, "最多试运行 300 个" in response.content.decode()) == (422, True)


def test_a_village_is_played_under_the_countys_own_rules(place: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counties, "MESSAGES_FOR", counties.MESSAGES_FOR / 3)
    with tenant_scope(place.tenant, actor=ACTOR):
        rule = Rule.objects.select_related("programme").get(code="labour_day")
        publish_terms(rule=rule, changes={"minimum": 2}, effective_from=date(2025, 1, 1), reason="县委决定", actor=ACTOR)
        facts = WaiverFacts(programme=place.programme, starts_on=date(2024, 9, 9), ends_on=date(2024, 9, 15), reason="台风")
        add_waiver(facts=facts, actor=ACTOR)
        scenario = scenario_of(place.programme, place.village)
        outcome = play(scenario)
    assert outcome.refused == []
    y2024, y2025, cells, messages = outcome.answers
    # 2024: October to December, the fourth quarter, W37 to W52 without W37 (typhoon) and W40 (holidays).
    assert y2024["by_rule"] == {"benefit_project": 1, "labour_day": 3, "livelihood_item": 3, "reception": 14}
    assert y2025["by_rule"] == {"benefit_project": 4, "labour_day": 24, "livelihood_item": 12, "reception": 51}
    assert next((row["period"], row["waived_because"]) for row in cells if row["waived_because"]) == ("2024-W37", "台风")
    assert {row["to"] for row in messages} == {"组长甲", "联络员"}
    assert messages[0]["sent_at"] == "2024-09-19T08:30"


def test_the_village_is_shown_on_the_page(place: County, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counties, "MESSAGES_FOR", counties.MESSAGES_FOR / 10)
    response = as_role("CS").post(place.url, {"village": str(place.village.uid)})
    assert response.status_code == 200
    assert [section["sort"] for section in response.context["sections"]] == ["burden", "burden", "cells", "messages"]
    assert "林业局" in response.content.decode()
