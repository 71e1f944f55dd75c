"""The scenario's clock: sweeps every day at 02:00, the dispatcher every half-hour, as in production."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

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


class Clockwork:
    """Time from ``start`` on. ``advance`` does what falls due up to and including an instant, in order.

    Half-hours at which no message is due are passed over: after each change the next due one is asked for once.
    """

    def __init__(self, tenant: Tenant, start: datetime) -> None:
        self.tenant = tenant
        self.n_sweeps = self.n_deliveries = 0
        # Half-hours before this one are past.
        self._from = start
        self._next_sweep = _next_sweep(start)
        self._tick: datetime | None = None
        self._is_asked = False

    def something_happened(self) -> None:
        """An event was played: messages may wait that did not before."""
        self._is_asked = False

    def advance(self, to: datetime) -> None:
        """Let time pass to ``to``: sweeps and deliveries on the way, each at its own instant."""
        while True:
            tick = self._next_tick()
            if tick is not None and tick <= to and tick < self._next_sweep:
                self._deliver(tick)
            elif self._next_sweep <= to:
                self._sweep()
            else:
                break
        self._from = max(self._from, to)

    def _sweep(self) -> None:
        at = self._next_sweep
        with clock.at(at):
            sweep_county(self.tenant, now=at)
        self.n_sweeps += 1
        self._from = max(self._from, at)
        self._next_sweep = at + timedelta(days=1)
        self._is_asked = False

    def _deliver(self, at: datetime) -> None:
        with clock.at(at):
            deliver(limit=_ALL)
        self.n_deliveries += 1
        self._from = at + HALF_HOUR
        self._is_asked = False

    def _next_tick(self) -> datetime | None:
        """The next half-hour at which something is due and people are told things, or None."""
        if not self._is_asked:
            due = OutboxMessage.objects.filter(done_at=None).aggregate(first=Min("not_before"))["first"]
            self._tick = None if due is None else _opening_half_hour(max(due, self._from))
            self._is_asked = True
        return self._tick


def _next_sweep(after: datetime) -> datetime:
    """The first 02:00 not before ``after``."""
    at = midnight(timezone.localtime(after).date()) + timedelta(hours=SWEEP.hour)
    return at if at >= after else at + timedelta(days=1)


def _opening_half_hour(at: datetime) -> datetime:
    """The first half-hour from ``at`` on at which people are told things."""
    day = midnight(timezone.localtime(at).date())
    tick = day + -((at - day) // -HALF_HOUR) * HALF_HOUR
    while not hours.may_send(tick):
        local = timezone.localtime(tick)
        if local.time() < hours.OPENS and hours.is_working_day(local.date()):
            return hours.opening(local.date())
        tick = hours.opening(local.date() + timedelta(days=1))
        if hours.may_send(tick):
            return tick
    return tick
