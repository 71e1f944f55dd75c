"""The scenario's clock: sweeps every day at 02:00, the dispatcher every half-hour, as in production."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

from activities.rehearsal import quiet
from activities.rehearsal.quiet import Quiet
from activities.rehearsal.readers import midnight
from notices import hours
from notices.delivery import deliver
from notices.models import OutboxMessage
from tenancy import clock
from tenancy.models import Tenant
from tenancy.sweeping import sweep_county

SWEEP = time(2, 0)
HALF_HOUR = timedelta(minutes=30)
_ALL = 1_000_000
# These mend what went past the product's actions, and tidy away old files: in a county that never was there is neither.
_NOTHING_TO_DO = frozenset({"heal_obligations", "old_previews", "old_rows", "files_without_rows"})


class Clockwork:
    """Time from ``start`` on. ``advance`` does what falls due up to and including an instant, in order.

    Half-hours at which no message is due are passed over: after each change the next due one is asked for once.
    """

    def __init__(
        self,
        tenant: Tenant,
        start: datetime,
        *,
        settle: Callable[[], None] = lambda: None,
        each_day: Callable[[], None] | None = None,
    ) -> None:
        self.tenant = tenant
        # Judges what records have changed since the last time: before anybody looks at obligations.
        self._settle = settle
        self._each_day = each_day
        self.n_sweeps = self.n_deliveries = 0
        # The first half-hour that has not passed.
        self._half_hour = _half_hour_from(start)
        self._next_sweep = _next_sweep(start)
        # The first instant from which a message waits to be sent; None: none waits.
        self._due: datetime | None = None
        self._is_asked = False
        self._working: dict[date, bool] = {}
        self._quiet = Quiet()

    @property
    def next_sweep(self) -> datetime:
        """When the county is swept next: nothing is looked at before but what is due to be told."""
        return self._next_sweep

    def something_happened(self) -> None:
        """An event was played: messages may wait that did not before, and holidays may have moved."""
        self._is_asked = False
        self._working.clear()
        self._quiet.event()

    def advance(self, to: datetime) -> None:
        """Let time pass to ``to``: sweeps and deliveries on the way, each at its own instant."""
        while True:
            until = min(to, self._next_sweep)
            tick = self._next_delivery(until)
            if tick is not None:
                self._deliver(tick)
            elif self._next_sweep <= to:
                self._sweep()
            else:
                break
        self._half_hour = max(self._half_hour, _half_hour_from(to + timedelta(microseconds=1)))

    def _sweep(self) -> None:
        at = self._next_sweep
        if self._each_day is not None:
            self._each_day()
        self._settle()
        with clock.at(at):
            is_quiet = self._quiet.over(at)
            sweep_county(self.tenant, now=at, but=_NOTHING_TO_DO | quiet.SWEEPS if is_quiet else _NOTHING_TO_DO)
        self.n_sweeps += 1
        self._half_hour = max(self._half_hour, at)
        self._next_sweep = at + timedelta(days=1)
        # A night that was passed over promised nobody anything.
        self._is_asked = self._is_asked and is_quiet

    def _deliver(self, at: datetime) -> None:
        self._settle()
        with clock.at(at):
            deliver(limit=_ALL)
        self._quiet.told()
        self.n_deliveries += 1
        self._half_hour = at + HALF_HOUR
        self._is_asked = False

    def _next_delivery(self, until: datetime) -> datetime | None:
        """The next half-hour up to ``until`` at which people are told things and something is due, or None."""
        # At 02:00 nobody is told anything: what the sweep plans is sent after it.
        tick = self._told_from(self._half_hour, until)
        if tick is None:
            return None
        if not self._is_asked:
            self._due = OutboxMessage.objects.filter(done_at=None).aggregate(first=Min("not_before"))["first"]
            self._is_asked = True
        return None if self._due is None else self._told_from(max(tick, _half_hour_from(self._due)), until)

    def _told_from(self, tick: datetime, until: datetime) -> datetime | None:
        """The first half-hour from ``tick`` on, up to ``until``, at which people are told things."""
        while tick <= until:
            local = timezone.localtime(tick)
            if local.time() < hours.OPENS:
                tick = hours.opening(local.date())
            elif local.time() >= hours.CLOSES or not self._is_working(local.date()):
                tick = hours.opening(local.date() + timedelta(days=1))
            else:
                return tick
        return None

    def _is_working(self, day: date) -> bool:
        if day not in self._working:
            self._working[day] = hours.is_working_day(day)
        return self._working[day]


def _next_sweep(after: datetime) -> datetime:
    """The first 02:00 not before ``after``."""
    at = midnight(timezone.localtime(after).date()) + timedelta(hours=SWEEP.hour)
    return at if at >= after else at + timedelta(days=1)


def _half_hour_from(at: datetime) -> datetime:
    """The first half-hour not before ``at``."""
    day = midnight(timezone.localtime(at).date())
    return day - (day - at) // HALF_HOUR * HALF_HOUR
