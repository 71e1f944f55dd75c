"""What a rehearsal saves itself changes no answer: records stored together, and nights passed over."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from activities.models import Item, Record, RecordEvent, Share
from activities.rehearsal import clockwork, playing
from activities.rehearsal.playing import Outcome, play
from activities.rehearsal.quiet import SWEEPS, Quiet
from activities.rehearsal.scenario import read_scenario
from activities.rehearsal.setting import begins_at, make_tenant
from tenancy import audit
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tenancy.sweeping import sweep_county

pytestmark = pytest.mark.django_db

PAIRINGS = [
    {"key": key, "unit": unit, "village": "曹江镇荷垌村", "active_from": "2024-09-03", "leader": leader, "liaison": liaison}
    for key, unit, leader, liaison in (
        ("P1", "高州市林业局", "组长甲", "联络员甲"),
        ("P2", "高州市水务局", "组长乙", "联络员乙"),
    )
]
YEAR = {"year": 2024, "starts_on": "2024-09-03", "ends_on": "2025-12-31", "preset": "five_ones"}


def record(at: str, key: str, type_code: str, *pairings: str, **fields: Any) -> dict[str, Any]:
    named = list(pairings or ("P1",))
    return {"at": at, "do": "record", "key": key, "pairings": named, "type": type_code, "on": at[:10], **fields}


def confirm(at: str, key: str) -> dict[str, Any]:
    return {"at": at, "do": "confirm", "record": key}


EVENTS: list[dict[str, Any]] = [
    record("2024-10-08T10:00", "a", "labour_day"),
    record("2024-10-08T10:10", "joint", "labour_day", "P1", "P2"),
    record("2024-10-08T10:20", "house", "courtyard", household="1"),
    # The household was claimed a moment before, by the same and by the other unit.
    record("2024-10-08T10:30", "house again", "courtyard", household="1"),
    record("2024-10-08T10:40", "house of others", "courtyard", "P2", household="1"),
    record("2024-10-08T10:50", "begun", "benefit_project", project="灌渠", milestone="started"),
    record("2024-10-08T11:00", "finished", "benefit_project", project="灌渠", milestone="completed"),
    {**record("2024-10-08T11:10", "nothing", "reception"), "on": "2024-10-09"},
    confirm("2024-10-09T09:00", "a"),
    confirm("2024-10-09T09:05", "a"),
    confirm("2024-10-09T09:10", "joint"),
    # Two records of one project: it follows the one, then the other.
    confirm("2024-10-09T09:15", "begun"),
    confirm("2024-10-09T09:20", "finished"),
    confirm("2024-10-09T09:25", "nothing"),
    {"at": "2024-10-09T09:30", "do": "return", "record": "house", "reason": "另一户"},
    {"at": "2024-10-09T09:40", "do": "resubmit", "record": "house"},
    confirm("2024-10-09T09:50", "house"),
    {"at": "2024-10-09T10:00", "do": "void", "record": "a", "reason": "误填"},
    confirm("2024-10-09T10:05", "a"),
    record("2024-10-10T10:00", "other pairing's", "reception", "P2"),
    # Somebody returns it before the village's word is in, days later, with nights between.
    {"at": "2024-10-12T10:00", "do": "return", "record": "other pairing's", "reason": "人数不符"},
    confirm("2024-10-14T10:00", "other pairing's"),
]


@pytest.fixture
def scenario() -> dict[str, Any]:
    asked = ("2024-10-09T09:22", "2024-10-20T12:00")
    ask = [{"at": at, "what": "obligations", "from": "2024-10-01", "to": "2024-10-31"} for at in asked]
    return {"county": "440981", "programme": YEAR, "pairings": PAIRINGS, "events": EVENTS, "ask": ask}


def stored(tenant: Tenant, scenario: dict[str, Any]) -> tuple[Outcome, dict[str, Any]]:
    """The outcome, and the rows that it left, told without their numbers."""
    read = read_scenario(json.dumps(scenario))
    with tenant_scope(tenant):
        outcome = playing._played(read, begins_at(read), None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT action, object_kind, details ->> 'type' FROM tenancy_auditentry ORDER BY seq")
            chain = cursor.fetchall()
            cursor.execute("SELECT status, pgh_label FROM activities_recordversion ORDER BY pgh_obj_id, pgh_id")
            versions = cursor.fetchall()
        rows = {
            "records": list(Record.objects.order_by("id").values_list("text", "status", "status_at", "created_at", "step")),
            "shares": list(
                Share.objects.order_by("id").values_list(
                    "record__text", "pairing__unit__name", "status", "confirmed_at", "is_lead"
                )
            ),
            "steps": list(
                RecordEvent.objects.order_by("id").values_list("record__text", "deed", "from_status", "to_status", "at")
            ),
            "items": list(Item.objects.order_by("id").values_list("name", "state", "completed_on")),
            "chain": chain,
            "versions": versions,
        }
        assert audit.verify() is None
    return outcome, rows


def test_what_is_stored_together_is_what_each_would_have_stored(
    scenario: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = stored(make_tenant("高州市"), scenario)
    monkeypatch.setattr(playing, "_TOGETHER", frozenset())
    one_by_one = stored(make_tenant("高州市"), scenario)
    outcome, rows = together
    assert outcome == one_by_one[0]
    for table, found in rows.items():
        assert found == one_by_one[1][table], table
    codes = [(row["event"], row["code"]) for row in outcome.refused]
    assert codes == [
        (3, "duplicate_courtyard"), (4, "duplicate_courtyard"), (7, "in_future"), (9, "already_done"), (13, "not_found"),
        (18, "already_done"), (21, "already_done"),
    ]  # fmt: skip
    assert ("灌渠", "accepted") in [row[:2] for row in rows["items"]]


def test_records_that_follow_one_another_cost_no_statements_of_their_own() -> None:
    days = [f"2024-10-{day:02}" for day in range(8, 14)]
    base = {"county": "440981", "programme": YEAR, "pairings": PAIRINGS, "ask": []}

    def n_statements(per_day: int) -> int:
        events = [record(f"{day}T10:{n:02}", f"{day} {n}", "labour_day") for day in days for n in range(per_day)]
        events += [confirm(f"{day}T11:{n:02}", f"{day} {n}") for day in days for n in range(per_day)]
        seen: list[str] = []

        def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            seen.append(str(sql))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            assert play(read_scenario(json.dumps({**base, "events": events}))).refused == []
        return len(seen)

    n_statements(1)  # what is planned once a connection
    assert n_statements(8) == n_statements(2)


def test_what_changed_behind_the_play_is_noticed(scenario: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def abandons(tenant: Tenant, *, now: datetime, but: Collection[str]) -> dict[str, int]:
        Record.objects.filter(status="submitted").update(status="abandoned")
        return {}

    monkeypatch.setattr(clockwork, "sweep_county", abandons)
    events = [record("2024-10-08T10:00", "a", "labour_day"), confirm("2024-10-09T09:00", "a")]
    with pytest.raises(RuntimeError, match="no more as it was stored"):
        play(read_scenario(json.dumps({**scenario, "events": events})))


def _nights(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Tells of each night whether it was passed over."""
    nights: list[bool] = []
    sweep = sweep_county

    def watched(tenant: Tenant, *, now: datetime, but: Collection[str]) -> dict[str, int]:
        nights.append(set(but) >= SWEEPS)
        return sweep(tenant, now=now, but=but)

    monkeypatch.setattr(clockwork, "sweep_county", watched)
    return nights


def test_nights_that_are_passed_over_would_have_found_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [
        # Waits for the village: it is asked a week later, on a day on which nothing else turns.
        record("2024-10-09T10:00", "waits", "reception"),
        record("2024-10-10T10:00", "good", "labour_day"),
        confirm("2024-10-11T10:00", "good"),
        # Its month is over when it falls back: missed without a day that turns.
        {"at": "2024-11-13T10:00", "do": "void", "record": "good", "reason": "查实没有开展"},
        # Named to begin later: nobody tells him before.
        {"at": "2024-11-14T10:00", "do": "leader", "pairing": "P2", "person": "组长丙", "on": "2024-11-20"},
        {"at": "2024-12-03T10:00", "do": "respond", "pairing": "P1", "rule": "courtyard", "period": "2024-10", "text": "下周补上",
         "promise_on": "2024-12-11"},
    ]  # fmt: skip
    scenario = {
        "county": "440981",
        "programme": YEAR,
        "pairings": PAIRINGS,
        "events": events,
        "ask": [{"at": "2025-01-10T12:00", "what": "messages"}, {"at": "2025-01-10T12:00", "what": "obligations"}],
    }
    read = read_scenario(json.dumps(scenario))
    nights = _nights(monkeypatch)
    outcome = play(read)
    assert nights.count(True) > 20
    monkeypatch.setattr(Quiet, "over", lambda self, now: False)
    nights.clear()
    assert outcome.as_json() == play(read).as_json()
    assert not any(nights)
    told = {(row["to"], row["rule"], row["period"]) for row in outcome.answers[0]}
    assert ("组长甲", "labour_day", "2024-10") in told
    assert any(rule is None for _to, rule, _period in told)


def test_what_villages_owe_by_themselves_stands_from_the_first_day() -> None:
    scenario = {
        "county": "440981",
        "programme": {**YEAR, "preset": "all_rules"},
        "pairings": PAIRINGS,
        "events": [],
        "ask": [{"at": "2024-09-04T12:00", "what": "obligations", "rule": "health_check"}],
    }
    (cells,) = play(read_scenario(json.dumps(scenario))).answers
    assert [(cell["pairing"], cell["period"]) for cell in cells] == [(None, "2024"), (None, "2025")]
