"""Boards: what is due, how it stands, where help is needed, what changed and what waits for the reader (ui.md, piece 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from activities.marks import WORDS as STATES
from activities.models import ObligationState
from activities.queries.changes import WORDS as CHANGES
from activities.reminders.telling import period_words
from lib.drawn.words import as_json
from lib.htmx import answer
from lib.periods import KINDS, Span, period_of
from reports.forms.board import BoardForm
from reports.queries.board import MOST_EXCEPTIONS, Board, Line
from reports.queries.signing import waiting_for
from reports.views.board_rows import town_rows, trend_rows
from tenancy import clock
from tenancy.access import TenantRequest, allow
from tenancy.models import Role

PERIOD_KINDS = {
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "half": gettext_lazy("Half-year"),
    "year": gettext_lazy("Year"),
}
PARTS = {
    "owed": gettext_lazy("Owed"),
    "done": STATES[ObligationState.MET],
    "waiting": STATES[ObligationState.WAITING],
    "going": pgettext_lazy("state", "Going on"),
    "overdue": pgettext_lazy("state", "Overdue"),
}
_FOUR = ("owed", "done", "waiting", "overdue")


def heading_of(roles: tuple[str, ...]) -> str:
    """What the board is called for its reader."""
    held = set(roles)
    if held & {Role.CA, Role.CS, Role.AU}:
        return _("County board")
    if Role.TO in held:
        return _("Town board")
    if held & {Role.CL, Role.VS}:
        return _("Board of my villages") if Role.CL in held else _("Village board")
    return _("Unit board") if held & {Role.UL, Role.UG} else _("Board")


def stats(line: Line, codes: tuple[str, ...] = _FOUR) -> list[dict[str, Any]]:
    """Figures as templates/parts/stat.html reads them; what goes on is told below what is owed."""
    made = []
    for code in codes:
        figure = line.figures[code]
        made.append({"label": PARTS[code], "value": figure.text, "url": figure.url, "figure": figure.value, "note": ""})
    return made


@allow("dashboard", GET="R")
def board(request: TenantRequest, tenant: str) -> HttpResponse:
    """The board of a county, a town, a leader's villages, a unit or a village: whatever the reader's scope is."""
    # The period has its own steps; only what was asked for is told to be wrong.
    form = BoardForm(request.GET, access=request.access)
    asked = form.board(tenant)
    heading = heading_of(request.access.roles)
    context = {
        "heading": heading,
        "breadcrumb": [{"label": _("Home"), "url": f"/{tenant}/"}, {"label": heading, "url": ""}],
        "help_text": _(
            "Every figure opens the list that adds up to it. Nobody is ranked here: places stand in administrative order."
        ),
        "filter_form": form,
        "n_filters": sum(1 for name in ("programme", "rule", "town") if request.GET.get(name)),
        "reset_url": request.path,
        **board_context(asked),
        "periods": _periods(request, asked.span),
        "month_url": reverse("reports:month", args=[tenant]),
        "publish_url": reverse("reports:publish_sums", args=[tenant]) if request.access.can("settings", "R") else "",
        "waits": waiting_for(request.access, tenant),
    }
    status = 422 if form.errors else 200
    return answer(request, "reports/boards/board.html", context, status=status)


def board_context(asked: Board) -> dict[str, Any]:
    """What templates/reports/boards/board.html reads of a board."""
    towns, trends = (
        asked.towns,
        [one for one in asked.trends if any(point and point.figures["owed"].value for point in one.points)],
    )
    exceptions = asked.exceptions
    changed = [{"label": word, "figure": asked.changed[code]} for code, word in CHANGES]
    has_any = bool(asked.totals.figures["owed"].value or trends)
    return {
        "period": period_words(asked.span.code),
        "stats": stats(asked.totals),
        "going": asked.totals.figures["going"],
        "totals": asked.totals,
        "year": asked.year.starts_on.year,
        "months": [_("month %(month)s") % {"month": n} for n in range(1, 13)],
        "trend_rows": trend_rows(trends),
        "parts": [{"code": code, "label": label} for code, label in PARTS.items()],
        "town_rows": town_rows(towns, {code: str(label) for code, label in PARTS.items()}),
        "charts": as_json(_charts(trends, towns), "board-charts"),
        "exceptions": exceptions[:MOST_EXCEPTIONS],
        "n_more": len(exceptions) - MOST_EXCEPTIONS,
        "overdue": asked.totals.figures["overdue"],
        "changed": changed,
        "latest": [{"told": one, "chip": {"state": one.state}, "before": STATES.get(one.before, "")} for one in asked.latest],
        "has_any": has_any,
        "once": pgettext("figures", "A duty that several pairings owe together is counted once.")
        if asked.url().find("is_carrier") >= 0
        else "",
        "empty": {
            "title": _("Nothing is owed within your scope."),
            "text": _("A board sums what is owed in your county, town, unit or village, once its year has been set up."),
        },
    }


def _charts(trends: list[Any], towns: list[Line]) -> dict[str, Any]:
    """What static/js/board.js draws: the same figures as in the tables below."""
    codes = ("done", "waiting", "going", "overdue")
    return {
        "trends": {
            "months": [_("month %(month)s") % {"month": n} for n in range(1, 13)],
            "lines": [
                {
                    "name": one.label,
                    "shares": one.shares,
                    "urls": [point.figures["owed"].url if point else "" for point in one.points],
                }
                for one in trends
            ],
        },
        "towns": {
            "names": [one.label for one in towns],
            "parts": [
                {
                    "code": code,
                    "name": str(PARTS[code]),
                    "values": [one.figures[code].value for one in towns],
                    "urls": [one.figures[code].url for one in towns],
                }
                for code in codes
            ],
        },
    }


def _periods(request: TenantRequest, span: Span) -> dict[str, Any]:
    """Kinds of period to choose from, and the one before and after."""
    today = clock.today()
    kept = {name: value for name, value in request.GET.items() if name in ("programme", "rule", "town") and value}

    def url(one: Span) -> str:
        return f"{reverse('reports:board', args=[request.tenant.slug])}?{urlencode({**kept, 'period': one.code})}"

    inside = today if today in span else span.starts_on + timedelta(days=3)
    before = period_of(span.kind, span.starts_on - timedelta(days=1))
    after = period_of(span.kind, span.ends_on + timedelta(days=1))
    return {
        "kinds": [
            {"label": PERIOD_KINDS[kind], "url": url(period_of(kind, inside)), "active": kind == span.kind} for kind in KINDS
        ],
        "before": {"label": period_words(before.code), "url": url(before)},
        "after": {"label": period_words(after.code), "url": url(after)} if after.starts_on <= today else None,
    }
