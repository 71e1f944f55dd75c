"""Everything that decides whether a record may be written, read in one trip."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from activities.actions.alone import alone
from activities.models import Reopening, YearSettings
from lib.periods import period_of
from lib.prepared import execute_prepared

_LOCK_DAY = 15

_TEXT = """
SELECT p.id, p.state, p.active_from, least(coalesce(p.ends_on, g.ends_on), g.ends_on), p.programme_id, p.is_lead, p.unit_id,
       p.village_id, p.party_org_id,
       EXISTS (SELECT 1 FROM pairing_pairingsuspension u WHERE u.pairing_id = p.id AND u.starts_on <= %(active)s
               AND (u.ends_on IS NULL OR u.ends_on >= %(active)s)),
       coalesce(y.lock_day, 15),
       EXISTS (SELECT 1 FROM activities_reopening r WHERE r.programme_id = p.programme_id AND r.month = %(month)s
               AND r.until >= %(today)s AND (r.pairing_id IS NULL OR r.pairing_id = p.id)),
       t.carrier,
       {neighbours}
FROM pairing_pairing p
JOIN pairing_programme g ON g.tenant_id = p.tenant_id AND g.id = p.programme_id
LEFT JOIN activities_yearsettings y ON y.tenant_id = p.tenant_id AND y.programme_id = p.programme_id
LEFT JOIN activities_activitytype t ON t.tenant_id = p.tenant_id AND t.programme_id = p.programme_id AND t.code = %(type)s
    AND t.is_active
WHERE p.id = ANY(%(pairings)s)
"""
# What else the pairing did that day, for whoever looks for a double.
_NEIGHBOURS = """(SELECT jsonb_agg(jsonb_build_array(e.uid, s.type, e.title, e.text, s.item_id) ORDER BY e.id)
        FROM activities_share s JOIN activities_record e ON e.tenant_id = s.tenant_id AND e.id = s.record_id
        WHERE s.tenant_id = p.tenant_id AND s.pairing_id = p.id AND s.counts_on = %(day)s
          AND s.status IN ('submitted', 'confirmed', 'returned') AND e.id <> %(but)s)"""

_TYPES = {
    "pairings": "bigint[]",
    "type": "varchar",
    "day": "date",
    "active": "date",
    "month": "date",
    "today": "date",
    "but": "bigint",
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record of the same pairing and day."""

    uid: str
    type: str
    title: str
    text: str
    item_id: int | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One pairing on one day, for one type of record."""

    pairing_id: int
    state: str
    active_from: date | None
    active_to: date
    programme_id: int
    is_lead: bool
    unit_id: int
    village_id: int
    party_org_id: int | None
    is_suspended: bool
    lock_day: int
    is_reopened: bool
    carrier: str | None
    neighbours: tuple[Neighbour, ...]

    def was_active(self, day: date) -> bool:
        """Whether something that happened on ``day`` can belong to the pairing."""
        if self.active_from is None or self.state not in ("active", "suspended", "ended") or self.is_suspended:
            return False
        return self.active_from <= day <= self.active_to

    def locked_on(self, day: date) -> date:
        """The last day on which something of ``day``'s month may be entered."""
        return last_entry_day(day, self.lock_day)


def last_entry_day(day: date, lock_day: int) -> date:
    """The lock day of the month after ``day``'s: entries are taken up to and with it (domain.md §2.3, late entry)."""
    return date.fromordinal(period_of("month", day).ends_on.toordinal() + lock_day)


def locked_for_own(programme: int, day: date, *, today: date) -> date | None:
    """For what has no pairing: the last day on which ``day``'s month could be entered, when it is over and not reopened."""
    lock_day = YearSettings.objects.filter(programme=programme).values_list("lock_day", flat=True).first()
    last = last_entry_day(day, lock_day or _LOCK_DAY)
    if today <= last:
        return None
    opened = Reopening.objects.filter(programme=programme, month=day.replace(day=1), pairing=None, until__gte=today)
    return None if opened.exists() else last


def circumstances(
    pairings: Sequence[int], *, type_code: str, day: date, active_on: date, today: date, but: int | None
) -> dict[int, Circumstances]:
    """By pairing id. ``but``: id of the record being edited, whose own parts are no double; 0 for a new one.

    None: nobody looks for a double, and neighbours are not read.
    """

    def read(ids: Sequence[int]) -> dict[int, Circumstances]:
        return _asked(ids, type_code=type_code, day=day, active_on=active_on, today=today, but=but)

    who = alone()
    if who is not None and but is None:
        return who.circumstances(pairings, (type_code, day, active_on, today), read)
    return read(pairings)


def _asked(
    pairings: Sequence[int], *, type_code: str, day: date, active_on: date, today: date, but: int | None
) -> dict[int, Circumstances]:
    values: dict[str, Any] = {
        "pairings": list(pairings),
        "type": type_code,
        "day": day,
        "active": active_on,
        "month": day.replace(day=1),
        "today": today,
        "but": but,
    }
    with connection.cursor() as cursor:
        text = _TEXT.format(neighbours="'[]'::jsonb" if but is None else _NEIGHBOURS)
        execute_prepared(cursor, text, _TYPES, values)
        rows = cursor.fetchall()
    return {row[0]: _read(list(row)) for row in rows}


def _read(row: list[Any]) -> Circumstances:
    row[-1] = tuple(Neighbour(*each) for each in json.loads(row[-1] or "[]"))
    return Circumstances(*row)
