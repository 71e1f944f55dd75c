"""``rehearsal_year``: a county's full year, every duty done and confirmed, played as ``manage.py rehearse`` plays it.

python -m bench rehearsal                          # the figure: seconds, reported
python -m bench.rehearsal 108 > year.json          # the scenario alone, for manage.py rehearse year.json
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from bench.figure import Figure

PAIRINGS = 108
YEAR = 2025
COUNTY = "440981"
# Seconds on a machine of two cores that does nothing else ; a county waits for it in front of the page.
GOAL = 60
# Long enough to be measured only when it is named.
WHEN_NAMED = True


def figures(scale: str) -> list[Figure]:
    """One play of the year with 108 pairings, some 10,000 records and as many confirmations; reading the file is part of it."""
    from activities.rehearsal.playing import play
    from activities.rehearsal.scenario import read_scenario

    given = scenario(PAIRINGS)
    raw = json.dumps(given)
    began, worked = time.perf_counter(), _processor_seconds()
    outcome = play(read_scenario(raw))
    seconds, work = time.perf_counter() - began, _processor_seconds() - worked
    assert outcome.refused == [], outcome.refused[:3]
    # The week of the Spring Festival has one working day and is waived (domain.md §2.3).
    unmet = {cell["period"]: cell["state"] for cell in outcome.answers[0] if cell["state"] != "met"}
    assert unmet == {f"{YEAR}-W05": "waived"}, unmet
    n_records = sum(event["do"] == "record" for event in given["events"])
    told = f"{PAIRINGS} pairings, {n_records} records, all confirmed, 384 days"
    return [
        Figure("rehearsal_year", seconds, GOAL, f"seconds: {told}"),
        Figure("rehearsal_processor", work, None, "the same in seconds of processor time, Python's and PostgreSQL's"),
    ]


def _processor_seconds() -> float:
    """What this process has worked, and the one of PostgreSQL that answers it: other programs beside it change the clock's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return time.process_time() + (int(server.read_text().split()[0]) / 1e9 if server.exists() else 0.0)


def scenario(n_pairings: int) -> dict[str, Any]:
    """A year in which every pairing does what 五个一 asks, in each period; the village confirms the next morning."""
    from activities.rehearsal.gazetteer import places_of

    villages = sorted({village.full for village in places_of(COUNTY).villages.values()})
    step = max(1, len(villages) // n_pairings)
    pairings = [
        {
            "key": f"P{i}",
            "unit": f"高州市第{i}局",
            # Two units a village, as in most counties.
            "village": villages[i // 2 * step * 2 % len(villages)],
            "active_from": f"{YEAR}-01-01",
            "leader": f"组长{i}号",
            "liaison": f"联络员{i}号",
        }
        for i in range(n_pairings)
    ]
    end = f"{YEAR + 1}-01-20T00:00"
    return {
        "county": COUNTY,
        "programme": {"year": YEAR, "starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31", "preset": "five_ones"},
        "pairings": pairings,
        "events": [event for i in range(n_pairings) for event in _events(i)],
        "ask": [
            {"at": end, "what": "obligations", "pairing": "P0", "from": f"{YEAR}-01-06", "to": f"{YEAR}-12-15"},
            {"at": end, "what": "burden", "pairing": "P0", "year": YEAR},
            {"at": end, "what": "messages", "level": 1},
        ],
    }


def _events(i: int) -> Iterator[dict[str, Any]]:
    for number, (day, fields) in enumerate(_deeds(i)):
        key = f"P{i} {number}"
        # Not all at one stroke: pairings write at quarters of the afternoon, villages confirm in those of the morning.
        minutes = f"{i % 4 * 15:02}"
        record = {"do": "record", "key": key, "pairings": [f"P{i}"], "on": str(day), "by": "unit", **fields}
        yield {"at": f"{day}T{15 + i % 5}:{minutes}", **record}
        yield {"at": f"{day + timedelta(days=1)}T{8 + i % 3:02}:{minutes}", "do": "confirm", "record": key}


def _deeds(i: int) -> Iterator[tuple[date, dict[str, Any]]]:
    """The day and the record's own fields of everything that pairing ``i`` does in the year."""
    day = date(YEAR, 1, 6) + timedelta(days=i % 5)
    while day.year == YEAR:
        yield day, {"type": "reception", "leader_present": day.day <= 14}
        day += timedelta(days=7)
    for month in range(1, 13):
        for place, (type_code, fields) in enumerate(
            (
                ("labour_day", {}),
                ("livelihood_item", {"raised_on": f"{YEAR}-{month:02}-02"}),
                ("courtyard", {"household": f"{i}-{month}号"}),
            )
        ):
            yield date(YEAR, month, 3 + (i + 7 * place) % 24), {"type": type_code, **fields}
    for quarter in range(4):
        milestone = "completed" if quarter % 2 else "started"
        fields = {"type": "benefit_project", "project": f"第{i}号民生项目{quarter // 2 + 1}", "milestone": milestone}
        yield date(YEAR, 3 * quarter + 2, 1 + i % 27), fields


if __name__ == "__main__":
    from bench.database import throw_away_database

    with throw_away_database():
        json.dump(scenario(int(sys.argv[1]) if len(sys.argv) > 1 else PAIRINGS), sys.stdout, ensure_ascii=False)
