"""Nights on which the sweep could find nothing to do: a rehearsal passes them over, and answers the same.

What the sweep does hangs on days (periods begin, run out of grace, are to be reminded of; posts begin; promises pass),
on states of obligations and on records that wait. All of it is in the tables: here it is asked whether any of it changed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from activities.models import Period
from activities.reminders.planning import reminder_days_of
from pairing.models import Pairing, PairingState
from tenancy.scope import current_tenant

# The sweeps that find something only when something changed, by their names.
SWEEPS = frozenset({"pairings_become_active", "sweep_obligations", "plan_reminders"})

_DAYS = """
    SELECT starts_on FROM activities_obligation WHERE is_due
    UNION SELECT grace_until + 1 FROM activities_obligation WHERE is_due
    UNION SELECT starts_on FROM pairing_pairingpost
    UNION SELECT starts_on FROM units_post
    UNION SELECT promise_on + 1 FROM activities_obligationanswer
"""
# Only what is due again, or missed, is reminded of.
_FLIPPED = """
    SELECT EXISTS (SELECT FROM activities_obligationflip
                   WHERE tenant_id = %(tenant)s AND at >= %(since)s AND to_state IN ('open', 'missed'))
"""
# Records that have waited for the other side just as long as the county lets them.
_AGED = """
    SELECT EXISTS (
        SELECT FROM activities_record c LEFT JOIN activities_yearsettings y ON y.programme_id = c.programme_id
        CROSS JOIN LATERAL (
            SELECT (c.status_at AT TIME ZONE 'Asia/Shanghai')::date + coalesce(y.confirm_days, 7) AS due_on
        ) d
        WHERE c.tenant_id = %(tenant)s AND c.status = 'submitted' AND d.due_on > %(last)s AND d.due_on <= %(today)s)
"""


class Quiet:
    """Remembers the last sweep. Between two of them, records may be written and confirmed; all else is a disturbance."""

    def __init__(self) -> None:
        self._swept: datetime | None = None
        # Days on which something begins or runs out; None: not asked since the last event.
        self._days: frozenset[date] | None = None

    def event(self) -> None:
        """Something other than a record: pairings, rules, posts and the calendar may be others now."""
        self._swept = self._days = None

    def told(self) -> None:
        """Messages were sent or withdrawn: one that was withdrawn may be due again."""
        self._swept = None

    def over(self, now: datetime) -> bool:
        """Whether the sweeps of ``SWEEPS`` may be left out at ``now``; else they are taken to be done."""
        last, self._swept = self._swept, now
        if last is None:
            return False
        if self._days is None:
            if Pairing.objects.filter(state=PairingState.SIGNED).exists():
                return False  # it may become active on any day
            self._days = _days()
        first, today = timezone.localdate(last), timezone.localdate(now)
        passed = {first + timedelta(days=n + 1) for n in range((today - first).days)}
        return not passed & self._days and not _is_anything_new(last, first, today)


def _days() -> frozenset[date]:
    with connection.cursor() as cursor:
        cursor.execute(_DAYS)
        found = {row[0] for row in cursor.fetchall()}
    periods = list(Period.objects.values_list("kind", "ends_on"))
    return frozenset({*found, *reminder_days_of(periods)} if periods else found)


def _is_anything_new(since: datetime, last: date, today: date) -> bool:
    values: dict[str, Any] = {"tenant": current_tenant().pk, "since": since, "last": last, "today": today}
    with connection.cursor() as cursor:
        for question in (_FLIPPED, _AGED):
            cursor.execute(question, values)
            if cursor.fetchone()[0]:
                return True
    return False
