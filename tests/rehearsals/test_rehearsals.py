"""Every scenario of this folder gives what stands beside it, to the last record and message.

The expectations were worked out by hand from domain.md §2; a line says one cell or message in short.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from activities.rehearsal.playing import play
from activities.rehearsal.scenario import read_scenario
from lib.periods import period_named
from tests.rehearsals.scored_year import SCENARIOS, written

FOLDER = Path(__file__).parent
NAMES = sorted(path.name.removesuffix(".expected.json") for path in FOLDER.glob("*.expected.json"))


def cell(row: dict[str, Any]) -> str:
    """``P1 labour_day 2024-10 met 1/1 r1 -r2:returned (台风)``; the period's days are checked on the way."""
    span = period_named(row["period"])
    assert (row["period_kind"], row["starts_on"], row["ends_on"]) == (span.kind, str(span.starts_on), str(span.ends_on))
    assert date.fromisoformat(row["starts_on"]) <= date.fromisoformat(row["ends_on"])
    records = [key.replace(" ", "+") for key in row["records"]]
    records += [f"-{line['record']}:{line['why']}" for line in row["not_counted"]]
    waived = [f"({row['waived_because']})"] if row["waived_because"] is not None else []
    assert set(row) == {
        "pairing", "rule", "period_kind", "period", "starts_on", "ends_on", "state", "required", "counted", "records",
        "not_counted", "waived_because",
    }  # fmt: skip
    words = [row["pairing"], row["rule"], row["period"], row["state"], f"{row['counted']}/{row['required']}", *records, *waived]
    return " ".join(words)


def message(row: dict[str, Any]) -> str:
    """``2024-11-11T08:30 L1 组长甲 labour_day 2024-10 inbox``; ``digest`` behind it for a line of one."""
    assert set(row) == {"to", "level", "rule", "period", "channel", "sent_at", "in_digest"}
    level = "-" if row["level"] is None else row["level"]
    words = [row["sent_at"], f"L{level}", row["to"], row["rule"] or "-", row["period"] or "-", row["channel"]]
    return " ".join(words + ["digest"] * row["in_digest"])


def burden(answer: dict[str, Any]) -> str:
    assert set(answer) == {"records", "confirmations", "by_rule"}
    rules = ", ".join(f"{rule} {n}" for rule, n in answer["by_rule"].items())
    return f"{answer['records']} records, {answer['confirmations']} confirmations: {rules}"


def score(answer: dict[str, Any]) -> list[str]:
    """``A1 4.00/4.00, C3 n/a of 4.00`` and ``base 86.05 + 2.00 - 3.00 = 85.05 fairly_good``."""
    assert set(answer) == {"items", "base", "bonus", "deduction", "final", "grade"}
    items = []
    for item in answer["items"]:
        assert set(item) == {"code", "score", "max", "not_applicable"}
        points = f"n/a of {item['max']}" if item["not_applicable"] else f"{item['score']}/{item['max']}"
        items.append(f"{item['code']} {points}")
    total = f"base {answer['base']} + {answer['bonus']} - {answer['deduction']} = {answer['final']} {answer['grade']}"
    return [", ".join(items), total]


IN_SHORT: dict[str, Callable[[Any], Any]] = {
    "obligations": lambda rows: [cell(row) for row in rows],
    "messages": lambda rows: [message(row) for row in rows],
    "burden": burden,
    "warnings": list,
    "score": score,
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_made_scenario_is_what_its_script_makes(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == written(SCENARIOS[name]())


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_scenario_gives_what_was_worked_out_by_hand(name: str) -> None:
    raw = (FOLDER / f"{name}.json").read_bytes()
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))

    outcome = play(read_scenario(raw)).as_json()

    asked = json.loads(raw)["ask"]
    assert [IN_SHORT[ask["what"]](answer) for ask, answer in zip(asked, outcome["answers"], strict=True)] == expected["answers"]
    assert [(row["event"], row["code"]) for row in outcome["refused"]] == [
        (row["event"], row["code"]) for row in expected["refused"]
    ]
    for row, wanted in zip(outcome["refused"], expected["refused"], strict=True):
        assert row["message"]
        assert [word for word in wanted.get("names", ()) if word not in row["message"]] == []
