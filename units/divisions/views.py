"""Settings → divisions: compare the county with a newer list of codes; accept or leave each line."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.pager import pager
from tenancy.access import TenantRequest, allow
from units.addresses import address_of
from units.divisions import queries, revising
from units.divisions.edition import EDITION
from units.divisions.forms import EditionForm, LinesForm
from units.models import DivisionChange, DivisionRevision

PAGE_SIZE = 100
_TONES = {
    DivisionChange.State.PROPOSED: ("blue", "half"),
    DivisionChange.State.ACCEPTED: ("green", "tick"),
    DivisionChange.State.REFUSED: ("grey", "dash"),
}


def _crumbs(tenant: str, *more: dict[str, str]) -> list[dict[str, str]]:
    above = [
        {"label": _("Home"), "url": f"/{tenant}/"},
        {"label": _("Settings"), "url": reverse("tenancy:settings", args=[tenant])},
        {"label": _("Division codes"), "url": reverse("divisions:list", args=[tenant])},
    ]
    return [*above, *more]


@allow("unit", GET="C", POST="C")
def revisions(request: TenantRequest, tenant: str) -> HttpResponse:
    """The comparisons so far, and the form for the next one."""
    form = EditionForm(request.POST or None, request.FILES or None, division_code=request.tenant.division_id)
    status = 200
    if request.method == "POST":
        revision = _compared(request, form)
        if revision is not None:
            return redirect("divisions:revision", tenant=tenant, revision=revision.uid)
        status = 422
    context = {
        "heading": _("Division codes"),
        "breadcrumb": _crumbs(tenant),
        "help_text": _("Compare the county's towns and villages with a newer list. Nothing changes until you accept a line."),
        "form": form,
        "edition_in_use": EDITION,
        "revisions": [{"url": reverse("divisions:revision", args=[tenant, one.uid]), "row": one} for one in queries.revisions()],
    }
    return render(request, "units/divisions/list.html", context, status=status)


def _compared(request: TenantRequest, form: EditionForm) -> DivisionRevision | None:
    if not form.is_valid():
        return None
    try:
        return revising.compare_edition(
            tenant=request.tenant,
            county=form.county,
            edition=form.cleaned_data["edition"],
            actor=request.access.actor,
            now=now(),
        )
    except revising.RevisionRefused as refused:
        form.add_error("edition", str(refused))
        return None


@allow("unit", GET="C")
def revision(request: TenantRequest, tenant: str, revision: UUID) -> HttpResponse:
    """The lines of one comparison."""
    found = get_object_or_404(DivisionRevision, uid=revision)
    return _lines(request, tenant, found)


def _lines(request: HttpRequest, tenant: str, found: DivisionRevision, *, problem: str = "", status: int = 200) -> HttpResponse:
    chosen = LinesForm(request.GET).chosen()
    lines = queries.changes_of(found, kind=chosen.get("kind", ""), state=chosen.get("state", ""))
    page = Paginator(lines, PAGE_SIZE).get_page(chosen.get("page", 1))
    counts = queries.counts_by_kind(found)
    address = reverse("divisions:revision", args=[tenant, found.uid])
    towns = queries.town_names_by_code()
    context = {
        "heading": _("Edition of %(edition)s") % {"edition": found.edition},
        "breadcrumb": _crumbs(tenant, {"label": found.edition, "url": address}),
        "problem": problem,
        "tabs": _tabs(address, counts, chosen.get("kind", "")),
        "n_lines": sum(counts.values()),
        "n_added_open": queries.changes_of(found, kind=DivisionChange.Kind.ADDED, state=DivisionChange.State.PROPOSED).count(),
        "accept_added_url": reverse("divisions:accept_added", args=[tenant, found.uid]),
        "lines": [_line(tenant, change, towns) for change in page.object_list],
        "pager": pager(page, lambda number: f"{address}?{urlencode({**chosen, 'page': number})}"),
        "is_narrowed": bool(chosen),
    }
    return render(request, "units/divisions/revision.html", context, status=status)


def _tabs(address: str, counts: dict[str, int], active: str) -> list[dict[str, Any]]:
    kinds = [("", _("All"), sum(counts.values()))]
    kinds += [(kind.value, str(kind.label), counts[kind.value]) for kind in DivisionChange.Kind if counts[kind.value]]
    return [
        {
            "label": label,
            "url": f"{address}?{urlencode({'kind': kind})}" if kind else address,
            "active": kind == active,
            "count": n,
        }
        for kind, label, n in kinds
    ]


def _line(tenant: str, change: DivisionChange, towns: dict[str, str]) -> dict[str, Any]:
    unit = change.unit
    tone, mark = _TONES[DivisionChange.State(change.state)]
    return {
        "anchor": f"line-{change.uid}",
        "kind": change.get_kind_display(),
        "code": change.code,
        "new_name": change.name,
        "new_town": towns.get(change.parent_code, change.parent_code),
        "unit": unit,
        "unit_url": address_of(tenant, unit) if unit else "",
        "old_town": unit.parent.name if unit and unit.parent else "",
        "is_removed": change.kind == DivisionChange.Kind.REMOVED,
        "chip": {"word": change.get_state_display(), "tone": tone, "mark": mark},
        "accept_url": reverse("divisions:accept", args=[tenant, change.uid])
        if change.state != DivisionChange.State.ACCEPTED
        else "",
        "refuse_url": reverse("divisions:refuse", args=[tenant, change.uid])
        if change.state == DivisionChange.State.PROPOSED
        else "",
    }


@allow("unit", POST="C")
def accept(request: TenantRequest, tenant: str, change: UUID) -> HttpResponse:
    """Apply one line."""
    found = get_object_or_404(DivisionChange.objects.select_related("revision"), uid=change)
    try:
        revising.accept_change(change=found, access=request.access, now=now())
    except revising.ChangeRefused as refused:
        return _lines(request, tenant, found.revision, problem=str(refused), status=409)
    return _back_to_line(request, tenant, found)


@allow("unit", POST="C")
def refuse(request: TenantRequest, tenant: str, change: UUID) -> HttpResponse:
    """Leave things as they are."""
    found = get_object_or_404(DivisionChange.objects.select_related("revision"), uid=change)
    try:
        revising.refuse_change(change=found, access=request.access, now=now())
    except revising.ChangeRefused as refused:
        return _lines(request, tenant, found.revision, problem=str(refused), status=409)
    return _back_to_line(request, tenant, found)


def _back_to_line(request: TenantRequest, tenant: str, change: DivisionChange) -> HttpResponse:
    chosen = LinesForm(request.GET).chosen()
    address = reverse("divisions:revision", args=[tenant, change.revision.uid])
    return redirect(f"{address}{'?' + urlencode(chosen) if chosen else ''}#line-{change.uid}")


@allow("unit", GET="C", POST="C")
def accept_added(request: TenantRequest, tenant: str, revision: UUID) -> HttpResponse:
    """Every new town and village at once, after a question."""
    found = get_object_or_404(DivisionRevision, uid=revision)
    address = reverse("divisions:revision", args=[tenant, found.uid])
    if request.method == "POST":
        try:
            n_accepted = revising.accept_added(revision=found, access=request.access, now=now())
        except revising.ChangeRefused as refused:
            return _lines(request, tenant, found, problem=str(refused), status=409)
        sentence = ngettext("%(n)d new place was accepted.", "%(n)d new places were accepted.", n_accepted) % {"n": n_accepted}
        messages.success(request, sentence)
        return redirect(address)
    lines = queries.changes_of(found, kind=DivisionChange.Kind.ADDED, state=DivisionChange.State.PROPOSED)
    names = list(lines.values_list("name", flat=True)[:20])
    n_open = lines.count()
    confirm = {
        "title": ngettext("Accept %(n)d new place?", "Accept %(n)d new places?", n_open) % {"n": n_open},
        "text": _(
            "They become towns and villages of the county from %(day)s on. Renamed, moved and ended places are not touched."
        )
        % {"day": found.edition},
        "points": [*names, _("…")] if n_open > len(names) else names,
        "action": reverse("divisions:accept_added", args=[tenant, found.uid]),
        "label": _("Accept them"),
        "cancel_url": address,
    }
    crumbs = _crumbs(tenant, {"label": found.edition, "url": address}, {"label": _("Accept all new places"), "url": ""})
    return render(
        request,
        "units/divisions/confirm.html",
        {"heading": _("Accept all new places"), "breadcrumb": crumbs, "confirm": confirm},
    )
