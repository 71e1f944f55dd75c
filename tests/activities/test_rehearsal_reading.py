"""Reading a scenario: everything is checked before anything is played, and what is wrong is named with its place."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from activities.rehearsal import registry, words
from activities.rehearsal.faults import ScenarioRefused
from activities.rehearsal.scenario import read_scenario

GOOD: dict[str, Any] = {
    "county": "440981",
    "programme": {"year": 2024, "starts_on": "2024-09-03", "ends_on": "2025-12-31", "preset": "five_ones"},
    "pairings": [
        {"key": "P1", "unit": "高州市林业局", "village": "曹江镇荷垌村", "active_from": "2024-09-03", "leader": "组长甲"},
    ],
    "events": [
        {"at": "2024-09-09T10:00", "do": "record", "key": "r1", "pairings": ["P1"], "type": "labour_day", "on": "2024-09-09"},
        {"at": "2024-09-10T09:00", "do": "confirm", "record": "r1"},
    ],
    "ask": [{"at": "2025-02-01T00:00", "what": "obligations", "pairing": "P1", "rule": "labour_day"}],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good scenario with one place changed; ``None`` takes it out."""
    scenario = copy.deepcopy(GOOD)
    at: Any = scenario
    *steps, last = path.replace("[", ".").replace("]", "").split(".")
    for step in steps:
        at = at[int(step) if step.isdigit() else step]
    key: Any = int(last) if last.isdigit() else last
    if value is None:
        del at[key]
    else:
        at[key] = value
    return scenario


def faults(scenario: Any) -> list[tuple[str, str]]:
    raw = scenario if isinstance(scenario, (str, bytes)) else json.dumps(scenario)
    with pytest.raises(ScenarioRefused) as refused:
        read_scenario(raw)
    return [(fault.place, fault.sentence) for fault in refused.value.faults]


def test_the_good_one_is_read() -> None:
    scenario = read_scenario(json.dumps(GOOD))
    assert (scenario.county_name, len(scenario.events), len(scenario.questions)) == ("高州市", 2, 1)
    assert scenario.pairings[0].village.full == "曹江镇荷垌村"
    assert str(scenario.events[0].at) == "2024-09-09 10:00:00+08:00"


@pytest.mark.parametrize(
    ("path", "value", "place", "word"),
    [
        ("county", "440999", "county", "440999"),
        ("county", None, "county", "county"),
        ("colour", "red", "colour", "colour"),
        ("programme.year", "2024", "programme.year", "2024"),
        ("programme.starts_on", "2024-9-3", "programme.starts_on", "2024-9-3"),
        ("programme.ends_on", "2024-02-30", "programme.ends_on", "2024-02-30"),
        ("programme.ends_on", "2024-09-01", "programme.ends_on", ""),
        ("programme.preset", "six_ones", "programme.preset", "five_ones"),
        ("programme.switches", {"labour_day.colour": 1}, "programme.switches.labour_day.colour", "labour_day.colour"),
        ("programme.switches", {"labour_day.minimum": 0}, "programme.switches.labour_day.minimum", "0"),
        ("pairings", [], "pairings", ""),
        ("pairings[0].village", "曹江镇荷洞村", "pairings[0].village", "曹江镇荷垌村"),
        ("pairings[0].leader", None, "pairings[0].leader", ""),
        ("pairings[0].leader", "组" * 41, "pairings[0].leader", "40"),
        ("pairings[0].unit", "局" * 81, "pairings[0].unit", "80"),
        ("pairings[0].unit", "林业\x00局", "pairings[0].unit", "林业?局"),
        ("events[0].text", "清理\ud800村道", "events[0].text", "清理?村道"),
        ("events[0].text", "长" * 1001, "events[0].text", "1000"),
        ("events[1].reason", "因" * 201, "events[1].reason", "200"),
        ("pairings[0].colour", "red", "pairings[0].colour", "colour"),
        ("events[0].do", "recrod", "events[0].do", "record"),
        ("events[0].do", None, "events[0]", "do"),
        ("ask[0].what", None, "ask[0]", "what"),
        ("events[0].at", "2024-09-09", "events[0].at", "2024-09-09"),
        ("events[0].at", "2024-09-09T10:00+08:00", "events[0].at", "+08:00"),
        ("events[0].pairings", ["P9"], "events[0].pairings", "P1"),
        ("events[0].pairings", "P1", "events[0].pairings", "P1"),
        ("events[0].type", "labour", "events[0].type", "labour_day"),
        ("events[0].on", None, "events[0]", "on"),
        ("events[0].leader_present", "yes", "events[0].leader_present", "true"),
        ("events[0].household", "88", "events[0].household", "labour_day"),
        ("events[0].type", "courtyard", "events[0].household", "household"),
        ("events[0].by", "county", "events[0].by", "proxy"),
        ("events[1].record", "r9", "events[1].record", "r1"),
        ("events[1].colour", "red", "events[1].colour", "record"),
        ("ask[0].what", "weather", "ask[0].what", "obligations"),
        ("ask[0].rule", "labour", "ask[0].rule", "labour_day"),
        ("ask[0].from", "2024", "ask[0].from", "2024"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(path: str, value: Any, place: str, word: str) -> None:
    [(found, sentence), *_more] = faults(changed(path, value))
    assert found == place
    assert word in sentence


EVENTS: dict[str, dict[str, Any]] = {
    "waive": {"from": "2024-11-11", "to": "2024-11-17", "scope": {"town": "曹江镇"}},
    "respond": {"pairing": "P1", "rule": "labour_day", "period": "2024-10", "text": "已知"},
    "rule": {"rule": "labour_day", "minimum": 2, "effective_from": "2024-11-01"},
}


@pytest.mark.parametrize(
    ("do", "field", "value", "place", "word"),
    [
        ("waive", "scope", {"town": "曹江"}, "scope", "曹江镇"),
        ("waive", "scope", {"town": "某某"}, "scope", "写成“曹江镇”"),
        ("waive", "scope", "some", "scope", "all"),
        ("waive", "to", "2024-11-10", "to", ""),
        ("respond", "period", "2024-13", "period", "2024-13"),
        ("respond", "rule", None, "message", "message"),
        ("rule", "minimum", None, "rule", "minimum"),
        ("rule", "first_period_policy", "half", "first_period_policy", "prorate"),
        ("rule", "minimum", 0, "minimum", "0"),
        ("rule", "scope", "county", "scope", "village"),
        ("rule", "types", ["labour"], "types", "labour_day"),
    ],
)
def test_other_events_are_as_strict(do: str, field: str, value: Any, place: str, word: str) -> None:
    event = {"at": "2024-11-18T09:00", "do": do, **EVENTS[do]}
    read_scenario(json.dumps({**GOOD, "events": [event]}))
    event = {name: given for name, given in {**event, field: value}.items() if given is not None}
    [(found, sentence), *_more] = faults({**GOOD, "events": [event]})
    assert found == f"events[0].{place}"
    assert word in sentence


ABOVE: dict[str, dict[str, Any]] = {
    "households": {"pairing": "P1", "listed": 50, "covered": 48},
    "figure": {"village": "曹江镇荷垌村", "metric": "collective_income", "year": 2024, "value": 123456.78},
    "poll": {"pairing": "P1", "satisfied": 20, "fairly": 5, "dissatisfied": 1, "unknown": 2},
    "warn": {"pairing": "P1", "level": 2},
    "withdraw": {"pairing": "P1", "level": 2},
    "honour": {"pairing": "P1", "matter": "荷垌经验", "level": "city"},
    "veto": {"pairing": "P1", "kind": "作假", "doc": "文号"},
    "enter": {"pairing": "P1", "item": "F", "value": "adopted"},
}


def test_every_word_is_played_by_some_floor() -> None:
    words.load()
    assert [name for name, word in {**registry.EVENTS, **registry.QUESTIONS}.items() if word.play is None] == []


def test_a_word_that_no_floor_plays_is_checked_and_then_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    words.load()
    monkeypatch.setitem(registry.EVENTS, "poll", replace(registry.EVENTS["poll"], play=None, check=None))
    event = {"at": "2024-11-18T09:00", "do": "poll", **ABOVE["poll"]}
    [(place, sentence)] = faults({**GOOD, "events": [event]})
    assert (place, "poll" in sentence, "还不能试运行" in sentence) == ("events[0].do", True, True)


def test_two_floors_cannot_play_one_word() -> None:
    words.load()
    with pytest.raises(ValueError, match="played already"):
        registry.plays("poll")(lambda stage, given: None)


@pytest.mark.parametrize("do", ABOVE)
def test_a_word_of_a_floor_above_is_as_strict(do: str) -> None:
    event = {"at": "2024-11-18T09:00", "do": do, **ABOVE[do]}
    read_scenario(json.dumps({**GOOD, "events": [event]}))
    field = next(iter(ABOVE[do]))
    [(place, _sentence)] = faults({**GOOD, "events": [{**event, field: "没有"}]})
    assert place == f"events[0].{field}"


@pytest.mark.parametrize(
    ("do", "field", "value", "word"),
    [
        ("households", "covered", 51, "户"),
        ("households", "listed", 5001, "5000"),
        ("poll", "satisfied", 100_001, "100000"),
        ("veto", "kind", "迟到", "fabrication"),
        ("enter", "item", "E1", "B2"),
    ],
)
def test_what_does_not_fit_together_is_told_of_words_above(do: str, field: str, value: Any, word: str) -> None:
    event = {"at": "2024-11-18T09:00", "do": do, **ABOVE[do], field: value}
    [(place, sentence)] = faults({**GOOD, "events": [event]})
    assert (place, word in sentence) == (f"events[0].{field}", True)


def test_a_score_is_asked_of_a_pairing_or_a_unit() -> None:
    ask = {"at": "2026-01-20T09:00", "what": "score", "pairing": "P1", "cycle": 2025}
    read_scenario(json.dumps({**GOOD, "ask": [ask]}))
    assert [place for place, _sentence in faults({**GOOD, "ask": [{**ask, "cycle": "2025"}]})] == ["ask[0].cycle"]
    assert [place for place, _sentence in faults({**GOOD, "ask": [{**ask, "unit": GOOD["pairings"][0]["unit"]}]})] == [
        "ask[0].pairing"
    ]


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("{", "第 1 行第 2 列"),
        ('{"county": "440981",\n "programme": }', "第 2 行第 15 列"),
        ("[]", "文件"),
        ("", "文件"),
        ("3f2c9a", "文件"),
        ('{"county": 1, "county": 2}', "文件"),
        ('{"county": NaN}', "文件"),
        (b"\xff\xfe{}", "文件"),
        ("[" * 100_000, "文件"),
    ],
)
def test_what_is_no_scenario_is_said_to_be_none(raw: str | bytes, place: str) -> None:
    [(found, sentence)] = faults(raw)
    assert (found, bool(sentence)) == (place, True)


def test_several_faults_are_told_at_once_and_twenty_at_most() -> None:
    events = [{"at": "morgen", "do": "confirm", "record": "r9"} for _n in range(30)]
    found = faults({**GOOD, "events": events})
    assert len(found) == 20
    assert [place for place, _sentence in found[:4]] == ["events[0].at", "events[0].record", "events[1].at", "events[1].record"]


def test_a_key_given_twice_is_a_fault() -> None:
    twice = {**GOOD, "pairings": GOOD["pairings"] * 2, "events": [GOOD["events"][0]] * 2}
    assert [place for place, _sentence in faults(twice)] == ["pairings[1].key", "pairings[1]", "events[1].key"]


def test_the_official_name_of_a_village_is_understood_too() -> None:
    assert (
        read_scenario(json.dumps(changed("pairings[0].village", "曹江镇荷垌村委会"))).pairings[0].village.full == "曹江镇荷垌村"
    )
