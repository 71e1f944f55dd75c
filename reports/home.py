"""Cards of the boards: on the first page for those who write, and on the pages of a unit and a village."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.reminders.telling import period_words
from lib.kinds.panels import Panel
from lib.periods import Span, period_of
from reports.queries.board import Board
from reports.views.board import stats
from tenancy import clock


def own_panel(request: Any, access: Any) -> Panel | None:
    """This month's four figures of the own pairings, for those who write of them; the county has its own card."""
    if access.reach("dashboard", "R") is None or access.reach("pairing", "R") is None or not access.can("record", "C"):
        return None
    span = period_of("month", clock.today())
    board = Board(access, request.tenant.slug, span)
    return _panel(board, _("My board: %(period)s"), reverse("reports:board", args=[request.tenant.slug]), order=8)


def unit_panel(request: Any, unit: Any) -> Panel | None:
    """The year's four figures of a unit's pairings, or of a village's."""
    access = request.access
    if not access.can("dashboard", "R") or not access.can("pairing", "R"):
        return None
    if unit.is_village:
        own, name = Q(pairing__village=unit) | Q(village=unit), "village"
    else:
        own, name = Q(pairing__unit=unit), "unit"
    board = Board(access, request.tenant.slug, _this_year(), own=own, own_filter={name: str(unit.uid)})
    return _panel(board, _("Owed and done: %(period)s"), "", order=15)


def _this_year() -> Span:
    return period_of("year", clock.today())


def _panel(board: Board, title: str, url: str, order: int) -> Panel | None:
    found = board.totals
    if not found.figures["owed"].value:
        return None
    return Panel(
        key="board",
        title=title % {"period": period_words(board.span.code)},
        template="reports/boards/panel.html",
        context={"stats": stats(found), "going": found.figures["going"]},
        order=order,
        action_label=_("Board") if url else "",
        action_url=f"{url}?{urlencode({'period': board.span.code})}" if url else "",
    )
