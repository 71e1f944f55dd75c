"""Cards of the first page: what is due now, a line each with its deadline; for the county four figures of month and week."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.kinds.obligations import in_span
from activities.models import Obligation, ObligationState, PeriodKind
from activities.queries.lasts import CONDITIONS, Deadlines, deadlines_of
from activities.queries.obligations import visible_obligations
from activities.reminders.telling import period_words
from activities.views.obligations import figures, totals_of
from activities.views.why import may_write, who_owes, write_address
from lib.kinds import cells
from lib.kinds.panels import Panel
from lib.periods import period_of
from tenancy import clock

# A phone shows these on one screen; the table has the others.
_SHOWN = 5
# From so few days left on, the deadline stands out.
_URGENT = 3


def due_panel(request: Any, access: Any) -> Panel | None:
    """现在要做的: what the own pairings can do or enter now, soonest deadline first, and what waits for the other side."""
    if access.reach("pairing", "R") is None or not access.can("record", "C"):
        return None
    today = clock.today()
    begun = visible_obligations(access).filter(is_due=True, waived_because="", starts_on__lte=today)
    if not begun.exists():
        return None
    rows = begun.filter(Q(CONDITIONS["now"]()) | Q(state=ObligationState.WAITING)).select_related(
        "rule", "terms", "programme", "village", "pairing__unit", "pairing__village__parent"
    )
    found = list(rows.order_by("starts_on", "rule__position", "id"))
    deadlines = deadlines_of(found)
    lacking = sorted(
        (cell for cell in found if cell.state != ObligationState.WAITING),
        key=lambda cell: (_next_day(cell, deadlines[cell.pk], today), cell.starts_on, cell.rule.position, cell.pk),
    )
    waiting = [cell for cell in found if cell.state == ObligationState.WAITING]
    tenant = request.tenant.slug
    listed = reverse("activities:obligation_list", args=[tenant])
    context = {
        "lines": [_line(access, tenant, cell, deadlines[cell.pk], today) for cell in lacking[:_SHOWN]],
        "n_lacking": cells.number(len(lacking)),
        "all_url": f"{listed}?deadline=now",
        "has_more": len(lacking) > _SHOWN,
        "waiting": ngettext(
            "%(n)s is written down and waits for confirmation",
            "%(n)s are written down and wait for confirmation",
            len(waiting),
        )
        % {"n": cells.number(len(waiting))}
        if waiting
        else "",
        "waiting_url": f"{listed}?state=waiting",
    }
    waits = _("To do: %(n)s") % {"n": cells.number(len(lacking))} if lacking else ""
    return Panel(key="due", title=_("To be done now"), template="activities/home/due.html", context=context, order=3, waits=waits)


def _next_day(cell: Obligation, deadlines: Deadlines, today: date) -> date:
    """The day that matters next: the period's last, the last in time, the last at all."""
    if today <= cell.ends_on:
        return cell.ends_on
    return deadlines.in_time_until if today <= deadlines.in_time_until else deadlines.last_day()


def _line(access: Any, tenant: str, cell: Obligation, deadlines: Deadlines, today: date) -> dict[str, Any]:
    until = _next_day(cell, deadlines, today)
    n_days = (until - today).days
    return {
        "name": cell.rule.name,
        "period": period_words(period_of(cell.period_kind, cell.starts_on).code, this_year=today.year),
        "who": _who(access, tenant, cell),
        "chip": {"state": cell.state},
        "url": reverse("activities:obligation", args=[tenant, cell.uid]),
        "write_url": write_address(tenant, cell) if may_write(access, cell) else "",
        "when": _when(cell, until, n_days, today),
        "is_urgent": n_days <= _URGENT,
    }


def _who(access: Any, tenant: str, cell: Obligation) -> str:
    """Who owes it; for those who have one place of their own, the other side says enough."""
    own = access.reach("record", "C")
    if cell.pairing is not None and own is not None and len(own) == 1:
        if cell.pairing.village_id in own:
            return cell.pairing.unit.name
        if cell.pairing.unit_id in own:
            return cell.pairing.village.name
    return who_owes(cell, tenant)["label"]


def _day(until: date, today: date) -> str:
    """A day as people say it; the year only where it is another."""
    if until.year != today.year:
        return cells.long_day(until)
    return _("%(month)s-%(day)s") % {"month": until.month, "day": until.day}


def _left(n_days: int) -> str:
    """How long is left of a deadline, its last day by its own word."""
    return ngettext("%(n)d day left", "%(n)d days left", n_days) % {"n": n_days} if n_days else _("today is the last day")


def _when(cell: Obligation, until: date, n_days: int, today: date) -> str:
    words = {"day": _day(until, today), "left": _left(n_days)}
    if today <= cell.ends_on:
        return _("until %(day)s, %(left)s") % words
    if until == cell.grace_until:
        return _("over; in time if entered until %(day)s, %(left)s") % words
    return _("late; can be entered until %(day)s, %(left)s") % words


def county_panel(request: Any, access: Any) -> Panel | None:
    """Four figures of this month and of this week, for those who read a county or their villages and write nothing of their own.

    No ranking anywhere.
    """
    if not access.can("pairing", "R") or (access.reach("pairing", "R") is not None and access.can("record", "C")):
        return None
    today = clock.today()
    rows = visible_obligations(access).filter(is_carrier=True)
    parts = []
    for kind, title in ((PeriodKind.MONTH, _("This month")), (PeriodKind.WEEK, _("This week"))):
        span = period_of(kind, today)
        found = totals_of(rows.filter(in_span(span), period_kind=kind))
        if found["owed"]:
            words = {"when": title, "period": period_words(span.code)}
            parts.append(
                {"title": _("%(when)s: %(period)s") % words, "stats": figures(found, _addresses(request, span.code, kind))}
            )
    if not parts:
        return None
    context = {"parts": parts}
    return Panel(key="month", title=_("Obligations now"), template="activities/home/figures.html", context=context, order=6)


def _addresses(request: Any, code: str, kind: str) -> Any:
    listed = reverse("activities:obligation_list", args=[request.tenant.slug])

    def url(state: str) -> str:
        asked = {"period": code, "period_kind": str(kind), "is_carrier": "yes"} | ({"state": state} if state != "owed" else {})
        return f"{listed}?{urlencode(asked)}"

    return url
