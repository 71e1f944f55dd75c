"""Warnings and findings on a pairing's page, and what waits for whom on the first page."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.kinds import cells
from lib.kinds.panels import Panel
from pairing.models import Pairing
from supervision.kinds.findings import finding_chip
from supervision.kinds.warnings import IN_FORCE, PROPOSED, level_chip
from supervision.models import Finding, FindingState, Warning
from supervision.queries import visible_findings, visible_warnings, within
from supervision.queries.proposals import proposals
from tenancy import clock
from tenancy.access import Access

_LINKS = "kinds/parts/links.html"
_SHOWN = 8


def _warning_link(request: Any, row: Warning, *, named: bool) -> dict[str, Any]:
    note = _("signed on %(day)s") % {"day": cells.day(row.signed_on)} if row.signed_on else ""
    if row.signed_on and row.answer_due_on and row.answered_on is None and row.withdrawn_on is None:
        note = _("answer by %(day)s") % {"day": cells.day(row.answer_due_on)}
    unit = f"{row.pairing.unit.name} — {row.pairing.village.name}: " if named else ""
    return {
        "label": f"{unit}{row.reason}",
        "url": reverse("supervision:warning", args=[request.tenant.slug, row.uid]),
        "chip": level_chip({"level": row.level, "signed_on": row.signed_on, "withdrawn_on": row.withdrawn_on}),
        "note": note,
    }


def _finding_link(request: Any, row: Finding, *, named: bool) -> dict[str, Any]:
    unit = f"{row.pairing.unit.name} — {row.pairing.village.name}: " if named else ""
    closed = row.closed_on is not None
    words = _("closed on %(day)s") if closed else _("to be rectified by %(day)s")
    return {
        "label": f"{unit}{row.content}",
        "url": reverse("supervision:finding", args=[request.tenant.slug, row.uid]),
        "chip": finding_chip({"state": row.state, "due_on": row.due_on}),
        "note": words % {"day": cells.day(row.closed_on or row.due_on)},
    }


def _address(request: Any, route: str, query: str) -> str:
    return f"{reverse(route, args=[request.tenant.slug])}?{query}"


def pairing_panel(request: Any, pairing: Pairing) -> Panel | None:
    """What was found at a pairing and what it was warned of, the newest first."""
    access: Access = request.access
    links: list[dict[str, Any]] = []
    if access.can("warning", "R"):
        rows = visible_warnings(access).filter(pairing=pairing)[:_SHOWN]
        links += [_warning_link(request, row, named=False) for row in rows]
    if access.can("inspection", "R"):
        found = visible_findings(access).filter(pairing=pairing)[:_SHOWN]
        links += [_finding_link(request, row, named=False) for row in found]
    may_propose = access.can("warning", "C") and access.everywhere("warning", "C")
    if not links and not may_propose:
        return None
    url = f"{reverse('supervision:warning_create', args=[request.tenant.slug])}?pairing={pairing.uid}" if may_propose else ""
    context = {"links": links, "empty": _("No warnings and no findings.")}
    return Panel("supervision", _("Warnings and findings"), _LINKS, context, 60, _("Propose a warning"), url)


def _card(key: str, title: str, links: list[dict[str, Any]], more: str, order: int) -> Panel:
    return Panel(key, title, _LINKS, {"links": links, "empty": ""}, order, _("All") if more else "", more, waits=title)


def to_sign_panel(request: Any, access: Access) -> Panel | None:
    """What waits for the signature of whoever may sign."""
    if not access.can("warning", "X"):
        return None
    waiting = visible_warnings(access).filter(PROPOSED)
    n_waiting = waiting.count()
    if not n_waiting:
        return None
    title = ngettext("Warnings to sign: %(n)s", "Warnings to sign: %(n)s", n_waiting) % {"n": cells.number(n_waiting)}
    links = [_warning_link(request, row, named=True) for row in waiting.order_by("proposed_on", "id")[:_SHOWN]]
    more = _address(request, "supervision:warning_list", "state=proposed") if n_waiting > _SHOWN else ""
    return _card("to-sign", title, links, more, 3)


def to_answer_panel(request: Any, access: Access) -> Panel | None:
    """Warnings that one's own unit is to answer."""
    reach = access.reach("warning_answer", "X")
    if not reach:
        return None
    waiting = visible_warnings(access).filter(within(reach), IN_FORCE, answered_on=None)
    rows = list(waiting.order_by("answer_due_on", "id")[: _SHOWN + 1])
    if not rows:
        return None
    n_rows = len(rows) if len(rows) <= _SHOWN else waiting.count()
    title = ngettext("Warnings to answer: %(n)s", "Warnings to answer: %(n)s", n_rows) % {"n": cells.number(n_rows)}
    links = [_warning_link(request, row, named=True) for row in rows[:_SHOWN]]
    more = _address(request, "supervision:warning_list", "state=to_answer") if len(rows) > _SHOWN else ""
    return _card("to-answer", title, links, more, 2)


def to_rectify_panel(request: Any, access: Access) -> Panel | None:
    """Findings that one's own side is to rectify."""
    reach = access.reach("finding_answer", "X")
    if not reach:
        return None
    waiting = visible_findings(access).filter(within(reach), state=FindingState.ISSUED)
    rows = list(waiting.order_by("due_on", "id")[: _SHOWN + 1])
    if not rows:
        return None
    n_rows = len(rows) if len(rows) <= _SHOWN else waiting.count()
    title = ngettext("Findings to rectify: %(n)s", "Findings to rectify: %(n)s", n_rows) % {"n": cells.number(n_rows)}
    links = [_finding_link(request, row, named=True) for row in rows[:_SHOWN]]
    more = _address(request, "supervision:finding_list", "state=issued") if len(rows) > _SHOWN else ""
    return _card("to-rectify", title, links, more, 3)


def to_check_panel(request: Any, access: Access) -> Panel | None:
    """What was handed in and waits for a check, and what is overdue, for those who close findings."""
    if not access.can("finding_check", "X"):
        return None
    today = clock.today()
    reach = access.reach("finding_check", "X")
    rows = visible_findings(access).filter(Q() if reach is None else within(reach)).exclude(state=FindingState.CLOSED)
    n_handed_in = rows.filter(state=FindingState.SUBMITTED).count()
    n_overdue = rows.filter(due_on__lt=today).count()
    n_asking = rows.filter(extension_until__isnull=False).count()
    links = []
    if n_asking:
        label = ngettext("%(n)s asks for more time", "%(n)s ask for more time", n_asking) % {"n": cells.number(n_asking)}
        links.append({"label": label, "url": _address(request, "supervision:finding_list", "state=more_time")})
    if n_handed_in:
        label = ngettext("%(n)s handed in, to be checked", "%(n)s handed in, to be checked", n_handed_in)
        url = _address(request, "supervision:finding_list", "state=submitted")
        links.append({"label": label % {"n": cells.number(n_handed_in)}, "url": url})
    if n_overdue:
        label = ngettext("%(n)s overdue", "%(n)s overdue", n_overdue) % {"n": cells.number(n_overdue)}
        links.append({"label": label, "url": _address(request, "supervision:finding_list", "state=overdue")})
    if not links:
        return None
    return Panel("to-check", _("Findings"), _LINKS, {"links": links, "empty": ""}, 6)


def suggested_panel(request: Any, access: Access) -> Panel | None:
    """How many warnings the rule suggests, for those who may propose everywhere; nothing to suggest: no card."""
    n_found = len(proposals(access, clock.today()))
    if not n_found:
        return None
    label = ngettext("%(n)s yellow warning suggested", "%(n)s yellow warnings suggested", n_found)
    url = reverse("supervision:proposals", args=[request.tenant.slug])
    links = [{"label": label % {"n": cells.number(n_found)}, "url": url, "note": _("you propose, the administrator signs")}]
    return Panel("suggested", _("Warnings"), _LINKS, {"links": links, "empty": ""}, 7)
