"""Makes the scenarios that score a year: the worked example of domain.md §3.2, record by record, and its variants.

``python -m tests.rehearsals.scored_year`` writes the files beside it anew; a test holds that they are what this makes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Event = dict[str, Any]
# E4: 47 of 51 weeks; 2025-W05 has one working day and is waived. W01 begins in 2024 and belongs to 2025.
WEEKS_MISSED = (9, 20, 33, 41)
MONTHS = range(1, 13)
ASK_AT = "2026-02-01T09:00"


def _record(events: list[Event], key: str, kind: str, on: date, pairing: str, **more: Any) -> None:
    """Written in the afternoon of its day, confirmed by the village in the evening."""
    events.append(
        {
            "at": f"{on}T15:00",
            "do": "record",
            "key": f"{pairing} {key}",
            "pairings": [pairing],
            "type": kind,
            "on": f"{on}",
            **more,
        }
    )
    events.append({"at": f"{on}T20:00", "do": "confirm", "record": f"{pairing} {key}"})


def five_ones(pairing: str, *, household: int = 0) -> list[Event]:
    """E and C1: 11 of 12 labour days, every livelihood item, 9 of 12 courtyards, 47 of 51 weeks, the leader in 10 months."""
    events: list[Event] = []
    for month in MONTHS:
        if month != 8:
            _record(events, f"labour {month}", "labour_day", date(2025, month, 12), pairing)
        item = f"第{month}件实事"
        day = date(2025, month, 18)
        _record(events, f"item {month}", "livelihood_item", day, pairing, text=item, raised_on=f"{day - timedelta(days=6)}")
        if month not in (2, 7, 11):
            _record(events, f"courtyard {month}", "courtyard", date(2025, month, 22), pairing, household=f"{household + month}号")
    led: set[int] = set()
    for week in range(1, 53):
        day = date.fromisocalendar(2025, week, 3)
        if week == 5 or week in WEEKS_MISSED:
            continue
        is_led = day.month not in led and day.month not in (3, 9)
        led.add(day.month)
        _record(events, f"reception {week}", "reception", day, pairing, leader_present=is_led, visitors=2)
    # One project begun and completed, another in the last quarter; none in the third.
    for key, project, step, day in (
        ("road 1", "机耕路", "started", date(2025, 2, 20)),
        ("road 2", "机耕路", "completed", date(2025, 5, 21)),
        ("shop 1", "农产品展销点", "started", date(2025, 10, 16)),
    ):
        _record(events, key, "benefit_project", day, pairing, project=project, milestone=step)
    return events


def rest_of_the_year(pairing: str) -> list[Event]:
    """A to D but for what the five ones count: papers, visits, theme days, reports, sales, classes."""
    events: list[Event] = [
        {"at": "2025-01-10T10:00", "do": "agreement", "pairing": pairing, "on": "2025-01-10"},
        {"at": "2025-01-20T10:00", "do": "plan", "pairing": pairing, "on": "2025-01-20"},
    ]
    for n, month in enumerate((2, 5, 10), start=1):
        _record(events, f"visit {n}", "research_visit", date(2025, month, 7), pairing)
    for n, month in enumerate((1, 4, 6, 7, 11), start=1):
        _record(events, f"theme day {n}", "theme_party_day", date(2025, month, 9), pairing, person_times=30)
    for quarter, on in (
        ("2025-Q1", "2025-04-10"),
        ("2025-Q2", "2025-07-20"),
        ("2025-Q3", "2025-10-15"),
        ("2025-Q4", "2026-01-08"),
    ):
        events.append({"at": f"{on}T11:00", "do": "report", "pairing": pairing, "period": quarter, "on": on})
    _record(events, "sale", "sales_support", date(2025, 6, 25), pairing, text="荔枝团购")
    for n, month in enumerate((3, 9), start=1):
        _record(events, f"class {n}", "training", date(2025, month, 26), pairing)
    return events


def facts(pairing: str) -> list[Event]:
    """What people bring: households, the reviewers' figures, the poll, a promotion; one record found untrue, three yellow."""
    events: list[Event] = [
        {"at": "2025-03-03T09:00", "do": "households", "pairing": pairing, "listed": 200, "covered": 186},
        {"at": "2025-09-01T09:00", "do": "honour", "pairing": pairing, "matter": "联村共建", "level": "city"},
        *(
            {"at": f"2025-{month:02d}-15T16:00", "do": "warn", "pairing": pairing, "level": 2, "reason": "完成进度滞后"}
            for month in (4, 8, 12)
        ),
        {"at": "2026-01-12T09:00", "do": "enter", "pairing": pairing, "item": "A2", "value": 3, "note": "查阅记录，走访村干部"},
        {"at": "2026-01-12T09:10", "do": "enter", "pairing": pairing, "item": "B2", "value": 2, "note": "入户10户"},
        {"at": "2026-01-12T09:20", "do": "enter", "pairing": pairing, "item": "F", "value": "submitted", "note": "材料已报送"},
        {"at": "2026-01-12T09:30", "do": "enter", "pairing": pairing, "item": "G1", "value": 92},
        {
            "at": "2026-01-12T10:00", "do": "poll", "pairing": pairing,
            "satisfied": 13, "fairly": 5, "dissatisfied": 1, "unknown": 1,
        },
    ]  # fmt: skip
    # A second item in March, which a spot-check finds untrue: March is still met by the other.
    _record(events, "item untrue", "livelihood_item", date(2025, 3, 25), pairing, text="安装路灯", raised_on="2025-03-20")
    events.append({"at": "2025-11-05T09:00", "do": "void", "record": f"{pairing} item untrue", "reason": "抽查不属实"})
    return events


def income(village: str) -> list[Event]:
    """Written down late in January: a question before it finds C3 not applicable."""
    return [
        {
            "at": "2026-01-25T09:00",
            "do": "figure",
            "village": village,
            "metric": "collective_income",
            "year": year,
            "value": value,
        }
        for year, value in ((2024, 86_000), (2025, 93_000))
    ]


def scenario(events: Iterable[Event], asks: Iterable[Event], **programme: Any) -> dict[str, Any]:
    return {
        "county": "440981",
        "programme": {
            "year": 2024, "starts_on": "2024-09-03", "ends_on": "2025-12-31", "preset": "five_ones", **programme,
        },
        "pairings": [
            {
                "key": "X", "unit": "高州市林业局", "village": "曹江镇荷垌村", "active_from": "2024-09-03",
                "leader": "组长甲", "liaison": "联络员甲",
            }
        ],
        "events": sorted(events, key=lambda event: event["at"]),
        "ask": list(asks),
    }  # fmt: skip


VILLAGE = "曹江镇荷垌村"


def _asked(**more: Any) -> list[Event]:
    return [{"at": ASK_AT, "what": "score", "pairing": "X", "cycle": 2025, **more}]


def worked_example() -> dict[str, Any]:
    """C3 缺项 first: 83.05 ÷ 96 × 100 = 86.51, final 85.51; then base 86.05, final 85.05; after a record more is found
    untrue; under a veto."""
    events = [*five_ones("X"), *rest_of_the_year("X"), *facts("X"), *income(VILLAGE)]
    # In February the labour day of December is found untrue: one month more is missed, and it costs two points besides.
    events.append({"at": "2026-02-02T09:00", "do": "void", "record": "X labour 12", "reason": "抽查不属实"})
    events.append({"at": "2026-02-04T09:00", "do": "veto", "pairing": "X", "kind": "fabrication", "doc": "督〔2026〕1号"})
    asks = [
        *_asked(at="2026-01-20T09:00"),
        *_asked(),
        {"at": ASK_AT, "what": "score", "unit": "高州市林业局", "cycle": 2025},
        {"at": ASK_AT, "what": "warnings", "pairing": "X"},
        {"at": "2026-02-03T09:00", "what": "score", "pairing": "X", "cycle": 2025},
        {"at": "2026-02-05T09:00", "what": "score", "pairing": "X", "cycle": 2025},
    ]
    return scenario(events, asks)


def seven_months() -> dict[str, Any]:
    """Active from 1 June: minimum numbers × 7 ÷ 12 rounded down; poll with nine valid answers; all courtyards waived."""
    events: list[Event] = [
        {
            "at": "2025-06-02T09:00", "do": "waive", "from": "2025-06-01", "to": "2025-12-31", "scope": "all",
            "rules": ["courtyard"], "reason": "规划调整",
        },
        {"at": "2026-01-12T10:00", "do": "poll", "pairing": "X", "satisfied": 8, "fairly": 1, "dissatisfied": 0, "unknown": 6},
        {"at": "2026-01-12T09:00", "do": "enter", "pairing": "X", "item": "A2", "value": 1},
    ]  # fmt: skip
    _record(events, "theme day 1", "theme_party_day", date(2025, 8, 9), "X")
    _record(events, "class 1", "training", date(2025, 9, 26), "X")
    events.append({"at": "2025-10-10T11:00", "do": "report", "pairing": "X", "period": "2025-Q3", "on": "2025-10-10"})
    for month in range(6, 13):
        _record(events, f"labour {month}", "labour_day", date(2025, month, 12), "X")
    _record(events, "road 1", "benefit_project", date(2025, 11, 20), "X", project="机耕路", milestone="started")
    made = scenario(events, _asked())
    made["pairings"][0]["active_from"] = "2025-06-01"
    return made


SCENARIOS: dict[str, Callable[[], dict[str, Any]]] = {
    "score_of_the_worked_example": worked_example,
    "score_of_seven_months": seven_months,
}


def written(made: dict[str, Any]) -> str:
    """The scenario as its file reads: an event a line."""
    head = {name: made[name] for name in ("county", "programme", "pairings")}
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    for name in ("events", "ask"):
        rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in made[name])
        text += f',\n "{name}": [\n{rows}\n ]'
    return text + "\n}\n"


if __name__ == "__main__":
    for name, make in SCENARIOS.items():
        (FOLDER / f"{name}.json").write_text(written(make()), encoding="utf-8")
