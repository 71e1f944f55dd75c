"""A village marks its partner: on a telephone, blind to the unit, while the county reviews (domain.md §3.2, G1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from assessment.actions.facts import enter
from assessment.forms.marks import MarkForm
from assessment.models import Assessed, Cycle, CycleState, Entry, LineSource, RubricLine
from assessment.queries.lists import on_the_list
from assessment.sheet_rights import marks_for
from assessment.views.frame import address, assessed_of
from lib.htmx import answer
from lib.kinds.panels import Panel
from tenancy.access import TenantRequest, allow
from tenancy.models import Role

# While units report and the county reviews.
OPEN = (CycleState.SELF_REPORT, CycleState.REVIEW)


def lines_to_mark(cycle: Cycle) -> list[RubricLine]:
    """Lines whose figure the other side brings."""
    rows = RubricLine.objects.filter(rubric=cycle.rubric_id, source=LineSource.OTHER_SIDE, reading="entry")
    return list(rows.select_related("group").order_by("group__position", "position", "id"))


def _own(cycle: Cycle, row: Assessed) -> dict[int, Entry]:
    return {entry.line_id: entry for entry in Entry.objects.filter(cycle=cycle, pairing=row.pairing_id)}


@allow("self_report", GET="C", POST="C")
def my_mark(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID) -> HttpResponse:
    """The village's own mark; whoever is not of the village finds nothing here."""
    found: Cycle = get_object_or_404(Cycle.objects.select_related("rubric"), uid=cycle)
    row = assessed_of(on_the_list(found), pairing)
    lines = lines_to_mark(found)
    if not marks_for(request.access, row) or row.exempt_because or not lines or found.state == CycleState.DRAFT:
        raise Http404
    before = _own(found, row)
    initial: dict[str, Any] = {line.code: before[line.pk].value for line in lines if line.pk in before}
    initial["note"] = next((before[line.pk].note for line in lines if line.pk in before), "")
    is_open = found.state in OPEN
    form = MarkForm(request.POST or None, lines=lines, initial=initial)
    if is_open and form.is_bound and form.is_valid() and _kept(request, found, row, form):
        messages.success(request, _("Your mark is kept; the unit does not see it. You may change it while the county reviews."))
        return HttpResponseRedirect(f"/{tenant}/")
    heading = _("My mark of %(unit)s") % {"unit": row.unit.name}
    context = {
        "heading": heading,
        "breadcrumb": [{"label": _("Home"), "url": f"/{tenant}/"}, {"label": heading, "url": ""}],
        "help_text": _("How the year of your partner unit went, as the village's Party organisation sees it."),
        "form": form,
        "is_open": is_open,
        "told": [(line.name, before[line.pk].value) for line in lines if line.pk in before],
        "cycle": found,
        "cancel_url": f"/{tenant}/",
    }
    status = 422 if form.is_bound and is_open else 409 if form.is_bound else 200
    return answer(request, "assessment/sheets/my_mark.html", context, status=status)


def _kept(request: TenantRequest, cycle: Cycle, row: Assessed, form: MarkForm) -> bool:
    """Whether all of it could be kept; else the form says why not."""
    try:
        with transaction.atomic():
            for line in form.lines:
                _keep(request, cycle, row, form, line)
    except _Wrong:
        return False
    return True


class _Wrong(Exception):
    """One of the marks was refused; the form says why."""


def _keep(request: TenantRequest, cycle: Cycle, row: Assessed, form: MarkForm, line: RubricLine) -> None:
    value, note = form.cleaned_data[line.code], form.cleaned_data["note"]
    try:
        enter(cycle=cycle, pairing=row.pairing, line=line, value=value, note=note, access=request.access)
    except ValidationError as refused:
        told = refused.message_dict.get("value") if hasattr(refused, "error_dict") else None
        form.add_error(line.code if told else None, told or refused.messages)
        raise _Wrong from refused


def mark_panel(request: Any, access: Any) -> Panel | None:
    """On the first page of a village: partners to be marked while the county reviews."""
    villages = {grant.scope_unit_id for grant in access.grants if grant.role == Role.VS and grant.scope_unit_id}
    if not villages:
        return None
    rows = Assessed.objects.filter(village__in=villages, cycle__state__in=OPEN, exempt_because="")
    rows = rows.filter(Q(cycle__rubric__lines__source=LineSource.OTHER_SIDE)).distinct()
    asked = list(rows.select_related("cycle", "pairing", "unit", "village").order_by("cycle__year", "unit__pinyin", "id"))
    if not asked:
        return None
    marked = set(
        Entry.objects.filter(
            cycle__in={row.cycle_id for row in asked},
            pairing__in={row.pairing_id for row in asked},
            line__source=LineSource.OTHER_SIDE,
        ).values_list("cycle_id", "pairing_id")
    )
    links = [
        {
            "label": row.unit.name,
            "note": row.cycle.title,
            "url": address("my_mark", request.tenant.slug, row.cycle.uid, row.pairing.uid),
            "chip": {"word": _("marked"), "tone": "green", "mark": "tick"}
            if (row.cycle_id, row.pairing_id) in marked
            else {"word": _("to be marked"), "tone": "indigo", "mark": "hourglass"},
        }
        for row in asked
    ]
    n_open = sum((row.cycle_id, row.pairing_id) not in marked for row in asked)
    title = _("Mark your partner units")
    return Panel(
        key="my-marks",
        title=title,
        template="kinds/parts/links.html",
        context={"links": links, "empty": ""},
        order=2,
        waits=title if n_open else "",
    )
