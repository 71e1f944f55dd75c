"""How what is owed stood on a day: judged again, nothing written (rehearsal.md, Answers; ``as_of`` of the API).

Steps of records count as far as they had been taken by the end of that day: what was confirmed later waits, what was
voided later counts. Rules, waivers, calendar, pairings, and the facts of records are those known today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from activities.obligations.explaining import Line
from activities.obligations.keeping import anyone_owes_together
from activities.obligations.statement import Limits, judging
from lib.by_hashing import joined_by_hashing


@dataclass(frozen=True, slots=True)
class Standing:
    """A cell as it stood; the fields are those of ``Obligation``, rows of others by their ids."""

    rule_id: int
    pairing_id: int | None
    village_id: int | None
    period_kind: str
    starts_on: date
    ends_on: date
    state: str
    required: int
    counted: int
    waived_because: str
    lines: tuple[Line, ...]


# The columns that the statement reads, with the status as the steps of the record had made it by an instant.
_SHARES_THEN = """(
        SELECT h.id, h.tenant_id, h.record_id, h.pairing_id, h.village_id, h.programme_id, h.item_id, h.type, h.also_types,
               h.step, h.counts_on, h.raised_on, h.submitted_on, h.is_lead, h.leader_present, h.place_kind, h.visitors,
               h.was_announced,
               CASE WHEN e.to_status IN ('draft', 'abandoned', 'voided') THEN e.to_status
                    WHEN e.to_status = 'confirmed' OR h.confirmed_at < %(upto)s::timestamptz THEN 'confirmed'
                    ELSE e.to_status END AS status
        FROM activities_share h
        CROSS JOIN LATERAL (
            SELECT v.to_status FROM activities_recordevent v
            WHERE v.tenant_id = h.tenant_id AND v.record_id = h.record_id AND v.at < %(upto)s::timestamptz
            ORDER BY v.id DESC LIMIT 1
        ) e
    )"""
_CELLS = """,
line AS (
    SELECT rule_id, starts_on, coalesce(pairing_id, 0) AS pairing_key, coalesce(village_id, 0) AS village_key,
           array_agg(ARRAY[record_id::text, share_id::text, why] ORDER BY day, record_id) AS lines
    FROM (SELECT DISTINCT rule_id, starts_on, pairing_id, village_id, day, record_id, share_id, why FROM judged) j
    GROUP BY rule_id, starts_on, coalesce(pairing_id, 0), coalesce(village_id, 0)
)
SELECT r.rule_id, r.pairing_id, r.village_id, r.period_kind, r.starts_on, r.ends_on, r.state, r.required, r.counted,
       r.waived_because, l.lines
FROM result r
LEFT JOIN line l ON l.rule_id = r.rule_id AND l.starts_on = r.starts_on AND l.pairing_key = coalesce(r.pairing_id, 0)
    AND l.village_key = coalesce(r.village_id, 0)
"""


def standing(day: date, *, pairings: Iterable[int] | None = None, rules: Iterable[int] | None = None) -> list[Standing]:
    """Cells as they stood at the end of ``day``; of a day to come, as they will stand if nothing more is written.

    ``pairings`` and ``rules`` (ids): only what these owe. One statement.
    """
    given: dict[str, Any] = {
        "pairings": None if pairings is None else sorted(set(pairings)),
        "rules": None if rules is None else sorted(set(rules)),
        "today": day,
        "upto": _midnight_after(day),
    }
    if [] in (given["pairings"], given["rules"]):
        return []
    with connection.cursor() as cursor:
        # What one does may count for others: then all are judged, and those asked for answered.
        is_alone = given["pairings"] is not None and not anyone_owes_together(cursor)
        limits = Limits(pairings=is_alone, rules=given["rules"] is not None)
        text = f"WITH {judging(limits, shares=_SHARES_THEN)} {_CELLS}"
        if given["pairings"] is not None:
            text += "WHERE r.pairing_id = ANY(%(pairings)s::bigint[])"
        with joined_by_hashing():
            cursor.execute(text, given)
            rows = cursor.fetchall()
    return [_read(row) for row in rows]


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _read(row: tuple[Any, ...]) -> Standing:
    lines = tuple(Line(int(record), int(share), why) for record, share, why in row[-1] or ())
    values: list[Any] = [*row[:-1], lines]
    return Standing(*values)
