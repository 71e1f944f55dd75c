"""Until when something can be done, entered in time, and entered at all (domain.md §2.3, late entry)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import Obligation, ObligationState, Record, Reopening, Share, YearSettings
from lib.periods import period_of
from tenancy import clock

# As long before its end a period is "due soon" (domain.md §4.4, level 0).
SOON = timedelta(days=7)
_LOCK_DAY = YearSettings._meta.get_field("lock_day").get_default()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The last days of one cell. ``locked_after``: the last day on which something of its last month is taken."""

    in_time_until: date
    locked_after: date
    reopened_until: date | None = None

    def last_day(self) -> date:
        """The last day on which it can be entered at all."""
        return max(self.locked_after, self.reopened_until or self.locked_after)

    def is_open(self, today: date) -> bool:
        return today <= self.last_day()


def lock_of(day: date, lock_day: int) -> date:
    """The last day on which something of ``day``'s month is taken: the lock day of the month after."""
    return period_of("month", day).ends_on + timedelta(days=lock_day)


def deadlines_of(cells: Iterable[Obligation]) -> dict[int, Deadlines]:
    """By cell id; two queries, however many cells."""
    rows = list(cells)
    lock_days = _lock_days({cell.programme_id for cell in rows})
    reopened = list(Reopening.objects.filter(until__gte=clock.today(), programme__in=lock_days)) if rows else []
    found = {}
    for cell in rows:
        lasts = [
            one.until
            for one in reopened
            if one.programme_id == cell.programme_id
            and one.month == cell.ends_on.replace(day=1)
            and one.pairing_id in (None, cell.pairing_id)
        ]
        locked = lock_of(cell.ends_on, lock_days[cell.programme_id])
        found[cell.pk] = Deadlines(cell.grace_until, locked, max(lasts, default=None))
    return found


def _lock_days(programmes: set[int]) -> dict[int, int]:
    found = dict(YearSettings.objects.filter(programme__in=programmes).values_list("programme_id", "lock_day"))
    return {one: found.get(one, _LOCK_DAY) for one in programmes}


def enterable() -> Q:
    """Cells of a month that is not locked, or open again: what they lack can still be entered."""
    today = clock.today()
    this_month = period_of("month", today).starts_on
    last_month = period_of("month", this_month - timedelta(days=1)).starts_on
    settings = list(YearSettings.objects.values_list("programme_id", "lock_day"))
    still_open = [programme for programme, lock_day in settings if today.day <= lock_day]
    found = Q(ends_on__gte=this_month) | Q(programme__in=still_open, ends_on__gte=last_month)
    for one in Reopening.objects.filter(until__gte=today):
        last = period_of("month", one.month).ends_on
        reopened = Q(programme=one.programme_id, ends_on__gte=one.month, ends_on__lte=last)
        found |= reopened if one.pairing_id is None else reopened & Q(pairing=one.pairing_id)
    return found


def _soon() -> Q:
    today = clock.today()
    return Q(state=ObligationState.OPEN, ends_on__gte=today, ends_on__lte=today + SOON)


CONDITIONS: Mapping[str, Callable[[], Q]] = {
    "now": lambda: Q(state=ObligationState.OPEN) | (Q(state=ObligationState.MISSED) & enterable()),
    "soon": _soon,
    "grace": lambda: Q(state=ObligationState.OPEN, ends_on__lt=clock.today()),
    "overdue": lambda: Q(state=ObligationState.MISSED) & enterable(),
    "locked": lambda: Q(state=ObligationState.MISSED) & ~enterable(),
}
WORDS: tuple[tuple[str, Promise], ...] = (
    ("now", _("can be done or entered now")),
    ("soon", _("ends within seven days")),
    ("grace", _("over, in time if entered now")),
    ("overdue", _("overdue, can still be entered")),
    ("locked", _("overdue and locked")),
)


def locked_since(records: Iterable[Record]) -> dict[int, date]:
    """Records whose month is locked, with the last day on which it was open, by record id; two queries, however many.

    As ``actions.records`` refuses them (``period_locked``): reopened for some of a joint record's pairings is not enough, and
    a joint report is about a quarter. Give records read by ``with_shares``.
    """
    rows = [row for row in records if row.reports_on is None]
    lock_days = _lock_days({row.programme_id for row in rows})
    reopened = list(Reopening.objects.filter(until__gte=clock.today(), programme__in=lock_days)) if rows else []
    found = {}
    for row in rows:
        last = lock_of(row.occurred_on, lock_days[row.programme_id])
        opened = {
            one.pairing_id
            for one in reopened
            if one.programme_id == row.programme_id and one.month == row.occurred_on.replace(day=1)
        }
        parts: list[Share] = row.parts  # type: ignore[attr-defined]
        pairings = {part.pairing_id for part in parts}
        if clock.today() > last and None not in opened and not pairings <= opened:
            found[row.pk] = last
    return found
