"""督导: where warnings, findings and suggestions are, and how many wait."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.panels import Panel
from supervision.kinds.warnings import IN_FORCE, PROPOSED
from supervision.models import FindingState
from supervision.queries import overdue, visible_findings, visible_warnings
from supervision.queries.proposals import proposals
from tenancy import clock
from tenancy.access import TenantRequest, allow

_STATS = "pairing/parts/stats.html"


@allow("inspection", GET="R")
def index(request: TenantRequest, tenant: str) -> HttpResponse:
    """What one may read of supervision, in figures; each opens the list that sums to it."""
    panels = [panel for panel in (_warnings(request, tenant), _findings(request, tenant)) if panel is not None]
    context = {
        "heading": _("Supervision"),
        "breadcrumb": [{"label": _("Home"), "url": f"/{tenant}/"}, {"label": _("Supervision"), "url": ""}],
        "help_text": _("Warnings are signed by a person and answered by the unit; findings are rectified and closed."),
        "panels": panels,
    }
    return answer(request, "supervision/index.html", context)


def _stat(label: Any, n: int, tenant: str, route: str, state: str) -> dict[str, Any]:
    return {"label": label, "value": cells.number(n), "url": f"{reverse(route, args=[tenant])}?state={state}"}


def _warnings(request: TenantRequest, tenant: str) -> Panel | None:
    access = request.access
    if not access.can("warning", "R"):
        return None
    rows, route = visible_warnings(access), "supervision:warning_list"
    stats = []
    if access.everywhere("warning", "R"):
        stats.append(_stat(_("To be signed"), rows.filter(PROPOSED).count(), tenant, route, "proposed"))
    stats.append(_stat(_("To be answered"), rows.filter(IN_FORCE, answered_on=None).count(), tenant, route, "to_answer"))
    stats.append(_stat(_("Answered"), rows.filter(IN_FORCE, answered_on__isnull=False).count(), tenant, route, "answered"))
    label, url = "", ""
    if access.can("warning", "C") and access.everywhere("warning", "C"):
        found = len(proposals(access, clock.today()))
        url = reverse("supervision:proposals", args=[tenant])
        stats.append({"label": _("Suggested yellow warnings"), "value": cells.number(found), "url": url})
        label, url = str(_("Propose a warning")), reverse("supervision:warning_create", args=[tenant])
    return Panel("warnings", _("Warnings"), _STATS, {"stats": stats}, 10, label, url)


def _findings(request: TenantRequest, tenant: str) -> Panel:
    rows, route = visible_findings(request.access), "supervision:finding_list"
    stats = [
        _stat(_("To be rectified"), rows.filter(state=FindingState.ISSUED).count(), tenant, route, "issued"),
        _stat(_("To be checked"), rows.filter(state=FindingState.SUBMITTED).count(), tenant, route, "submitted"),
        _stat(_("Past their day"), rows.filter(overdue(clock.today())).count(), tenant, route, "overdue"),
        _stat(_("Closed findings"), rows.filter(state=FindingState.CLOSED).count(), tenant, route, "closed"),
    ]
    may_add = request.access.can("inspection", "C")
    url = reverse("supervision:finding_create", args=[tenant]) if may_add else ""
    return Panel("findings", _("Findings"), _STATS, {"stats": stats}, 20, _("New finding") if may_add else "", url)
