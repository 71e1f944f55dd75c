"""Playing: nothing stays, time passes as in production, one file answers as an object and several as a list."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from activities.rehearsal import clockwork
from activities.rehearsal.bounds import play_bounded
from activities.rehearsal.clockwork import Clockwork
from activities.rehearsal.faults import ScenarioRefused
from activities.rehearsal.playing import play
from activities.rehearsal.readers import midnight
from activities.rehearsal.scenario import read_scenario
from notices import outbox
from tenancy import clock
from tenancy.models import Account, Division, Tenant
from tenancy.scope import tenant_scope
from tests.activities.test_rehearsal_reading import GOOD
from tests.factories import make_person, make_tenant

pytestmark = pytest.mark.django_db
SHORT = {**GOOD, "ask": [{"at": "2024-09-20T12:00", "what": "obligations", "rule": "labour_day", "to": "2024-10-31"}]}


def written(path: Path, scenario: Any, name: str = "a.json") -> str:
    file = path / name
    file.write_text(json.dumps(scenario, ensure_ascii=False), encoding="utf-8")
    return str(file)


def rehearse(*files: str) -> Any:
    out = io.StringIO()
    call_command("rehearse", *files, stdout=out)
    return json.loads(out.getvalue())


def test_nothing_stays_and_the_real_county_may_exist() -> None:
    tenant = make_tenant()
    before = (Tenant.objects.count(), Division.objects.count(), Account.objects.count())
    with tenant_scope(tenant):
        outcome = play(read_scenario(json.dumps(SHORT)))
        with connection.cursor() as cursor:
            # Played inside a request, the wall stands where it stood.
            cursor.execute("SELECT app.tenant(), count(*) FROM activities_record")
            assert cursor.fetchone() == (tenant.pk, 0)
    assert (Tenant.objects.count(), Division.objects.count(), Account.objects.count()) == before
    assert [row["state"] for row in outcome.answers[0]] == ["not_due", "not_due"]


def test_one_file_answers_as_an_object_and_several_as_a_list(tmp_path: Path) -> None:
    one, two = written(tmp_path, SHORT), written(tmp_path, {**SHORT, "events": []}, "b.json")
    alone = rehearse(one)
    assert set(alone) == {"answers", "refused"}
    both = rehearse(one, two)
    assert [answer["file"] for answer in both] == [one, two]
    assert both[0]["answers"] == alone["answers"]
    assert [cell["records"] for cell in both[1]["answers"][0]] == [[], []]


def test_a_faulty_file_keeps_all_from_being_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = written(tmp_path, SHORT), written(tmp_path, {**GOOD, "county": "1"}, "b.json")
    monkeypatch.setattr("activities.management.commands.rehearse.play", lambda scenario: pytest.fail("played"))
    with pytest.raises(CommandError) as refused:
        call_command("rehearse", good, bad, str(tmp_path / "none.json"))
    assert refused.value.returncode == 2
    first, second = str(refused.value).splitlines()
    assert first.startswith(f"{bad}: county:")
    assert "none.json" in second


def test_switches_that_do_not_fit_together_are_a_fault_of_the_file(tmp_path: Path) -> None:
    switches = {"labour_day.count_on": "closed"}
    faulty = {**SHORT, "programme": {**GOOD["programme"], "switches": switches}}
    with pytest.raises(CommandError) as refused:
        call_command("rehearse", written(tmp_path, faulty))
    assert (refused.value.returncode, "programme.switches" in str(refused.value)) == (2, True)


def test_a_refused_event_leaves_nothing_and_the_play_goes_on() -> None:
    events = [
        {"at": "2024-09-09T10:00", "do": "record", "key": "r1", "pairings": ["P1"], "type": "labour_day", "on": "2024-09-10"},
        {"at": "2024-09-10T10:00", "do": "confirm", "record": "r1"},
        {"at": "2024-09-10T11:00", "do": "record", "key": "r2", "pairings": ["P1"], "type": "labour_day", "on": "2024-09-10"},
    ]
    outcome = play(read_scenario(json.dumps({**SHORT, "events": events})))
    assert [(row["event"], row["code"]) for row in outcome.refused] == [(0, "in_future"), (1, "not_found")]
    assert outcome.answers[0][0]["not_counted"] == [{"record": "r2", "why": "waiting"}]


class _Watched(Clockwork):
    """Writes down at which instants it sweeps and delivers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: list[str] = []

    def _sweep(self) -> None:
        self.told.append(f"{self._next_sweep:%m-%dT%H:%M} sweep")
        super()._sweep()

    def _deliver(self, at: datetime) -> None:
        self.told.append(f"{at:%m-%dT%H:%M} deliver")
        super()._deliver(at)


def test_the_sweep_comes_at_two_and_messages_at_the_next_half_hour_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "sweep_county", lambda tenant, *, now, but: {})
    start = midnight(datetime(2024, 9, 12).date())  # a Thursday
    with tenant_scope(make_tenant()):
        reader = make_person()
        works = _Watched(None, start)
        works.advance(start + timedelta(hours=9, minutes=10))
        for hours, key in ((9.2, "a"), (17.9, "b")):
            at = start + timedelta(hours=hours)
            works.advance(at)
            with clock.at(at):
                outbox.put(idem_key=key, kind="plain", person=reader, payload={"title": "x"})
            works.something_happened()
        works.advance(start + timedelta(days=5))
    assert works.told == [
        "09-12T02:00 sweep",
        "09-12T09:30 deliver",
        "09-13T02:00 sweep",
        "09-13T08:30 deliver",
        "09-14T02:00 sweep",
        "09-15T02:00 sweep",
        "09-16T02:00 sweep",
    ]


def test_a_page_plays_so_much_and_no_more() -> None:
    many = [{"at": "2024-09-10T09:00", "do": "confirm", "record": "r1"}] * 301
    late = [{"at": "2026-09-10T09:00", "what": "warnings"}]
    for scenario, place in (({**GOOD, "events": [GOOD["events"][0], *many]}, "events"), ({**GOOD, "ask": late}, "ask")):
        with pytest.raises(ScenarioRefused) as refused:
            play_bounded(read_scenario(json.dumps(scenario)))
        assert [fault.place for fault in refused.value.faults] == [place]
    with pytest.raises(ScenarioRefused) as refused:
        play_bounded(read_scenario(json.dumps(GOOD)), seconds=0)
    assert [fault.place for fault in refused.value.faults] == ["ask"]
