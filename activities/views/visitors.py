"""Who came to a reception: read under the right ``petition``, each reading by the county or an auditor logged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.actions import visitors as actions
from activities.forms.visitors import VisitorForm
from activities.hands import sides_of
from activities.kinds.records import RECORD, name_of
from activities.models import Record, Status, Visitor
from activities.queries.records import of_units, pairings_of, visible_records
from lib.chinese.phones import mask_phone
from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.pages.places import breadcrumb, visible_row
from lib.kinds.panels import Panel
from tenancy import audit
from tenancy.access import Access, TenantRequest, allow

_GONE = (Status.VOIDED, Status.ABANDONED)


def readable(access: Access) -> QuerySet[Record]:
    """Records whose visitors this account may read."""
    rows = visible_records(access)
    reach = access.reach("petition", "R")
    return rows if reach is None else of_units(rows, reach)


def _record(request: TenantRequest, uid: UUID) -> Record:
    """The reception. Http404 for what is not seen, PermissionDenied where who came is not for this account."""
    record: Record = visible_row(RECORD, request.access, uid)
    if not record.form:
        raise Http404
    if not readable(request.access).filter(pk=record.pk).exists():
        raise PermissionDenied
    return record


def writes(access: Access, record: Record) -> bool:
    """Whether this account may write visitors down: one of the record's own sides, or who enters by proxy."""
    return record.status not in _GONE and any(sides_of(access, one) for one in pairings_of(record))


def visitors_panel(request: Any, row: Record) -> Panel | None:
    """On a reception's page: how many are written down, and the way to them. Names stand one tap further, logged."""
    if not row.form or not request.access.can("petition", "R") or not readable(request.access).filter(pk=row.pk).exists():
        return None
    n_visitors = Visitor.objects.filter(record=row).count()
    url = reverse("activities:visitors", args=[request.tenant.slug, row.uid])
    label = _("Who came: %(n)s written down") % {"n": cells.number(n_visitors)}
    context = {"links": [{"label": label, "url": url}]}
    return Panel(
        key="visitors", title=pgettext("people", "Visitors"), template="kinds/parts/links.html", context=context, order=30
    )


def _trail(record: Record, tenant: str, *last: dict[str, Any]) -> list[dict[str, Any]]:
    name = name_of(record)
    above = breadcrumb(RECORD, tenant, row=record, last=name)[:-1]
    return [*above, {"label": name, "url": reverse("activities:record", args=[tenant, record.uid])}, *last]


@allow("petition", GET="R")
def listing(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """All visitors of a reception."""
    record = _record(request, uid)
    actions.read_visitors(record=record, access=request.access)
    may_write = writes(request.access, record)
    heading = pgettext("people", "Visitors")
    context = {
        "heading": heading,
        "breadcrumb": _trail(record, tenant, {"label": heading, "url": ""}),
        "help_text": _("Only those who handle it read this. Telephones are masked; each look is logged."),
        "cards": [_card(request, visitor, may_write) for visitor in Visitor.objects.filter(record=record)],
        "new_url": reverse("activities:visitor_new", args=[tenant, record.uid]) if may_write else "",
    }
    return answer(request, "activities/records/visitors.html", context)


def _card(request: TenantRequest, visitor: Visitor, may_write: bool) -> dict[str, Any]:
    tenant = request.tenant.slug
    reveal = reverse("activities:visitor_phone", args=[tenant, visitor.uid])
    told = [
        (_("Concern"), visitor.matter),
        (_("Category"), visitor.category),
        (_("Home"), visitor.home),
        (_("What is to be done"), visitor.opinion),
        (_("Handled by"), visitor.handled_by),
        (_("Closed on"), cells.day(visitor.closed_on) if visitor.closed_on else ""),
        (_("Answer"), visitor.answer),
        (_("Satisfaction"), visitor.satisfaction),
    ]
    facts: list[dict[str, Any]] = [{"label": label, "text": text} for label, text in told if text]
    if visitor.phone:
        facts.insert(0, {"label": _("Telephone"), "phone": {"masked": mask_phone(visitor.phone), "reveal_url": reveal}})
    return {
        "name": visitor.name or _("No name given"),
        "facts": facts,
        "edit_url": reverse("activities:visitor", args=[tenant, visitor.uid]) if may_write else "",
    }


def _page(request: TenantRequest, record: Record, form: VisitorForm, heading: str) -> HttpResponse:
    tenant = request.tenant.slug
    back = reverse("activities:visitors", args=[tenant, record.uid])
    context = {
        "heading": heading,
        "breadcrumb": _trail(
            record, tenant, {"label": pgettext("people", "Visitors"), "url": back}, {"label": heading, "url": ""}
        ),
        "help_text": _("Write down only what is needed to answer. No identity card numbers."),
        "form": form,
        "cancel_url": back,
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)


@allow("record", GET="C", POST="C")
def create(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Write a visitor down."""
    record = _record(request, uid)
    if not writes(request.access, record):
        raise PermissionDenied
    form = VisitorForm(request.POST or None)
    if form.is_bound and form.is_valid():
        actions.write_visitor(record=record, values=form.cleaned_data, access=request.access)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("activities:visitors", args=[tenant, uid]))
    return _page(request, record, form, _("Write a visitor down"))


def _visitor(request: TenantRequest, uid: UUID) -> Visitor:
    found: Visitor | None = (
        Visitor.objects.filter(uid=uid, record__in=readable(request.access).values("pk")).select_related("record").first()
    )
    if found is None:
        raise Http404
    return found


@allow("record", GET="C", POST="C")
def edit(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Correct or complete what is written of a visitor."""
    visitor = _visitor(request, uid)
    if not writes(request.access, visitor.record):
        raise PermissionDenied
    form = VisitorForm(request.POST or None, initial={name: getattr(visitor, name) for name in VisitorForm.Meta.fields})
    if form.is_bound and form.is_valid():
        actions.change_visitor(visitor=visitor, values=form.cleaned_data, access=request.access)
        messages.success(request, _("Saved. The earlier version stays in the history."))
        return HttpResponseRedirect(reverse("activities:visitors", args=[tenant, visitor.record.uid]))
    return _page(request, visitor.record, form, visitor.name or _("No name given"))


@allow("petition", POST="R")
def phone(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Show one telephone number whole; who looked stands in the event log."""
    visitor = _visitor(request, uid)
    audit.append(request.access, "phone_shown", object_kind="visitor", object_uid=visitor.uid)
    shown = {"masked": mask_phone(visitor.phone), "full": visitor.phone}
    if request.htmx:
        return HttpResponse(render_to_string("parts/masked_phone.html", {"phone": shown}, request=request))
    back = {"label": pgettext("people", "Visitors"), "url": reverse("activities:visitors", args=[tenant, visitor.record.uid])}
    name = visitor.name or _("No name given")
    context = {"phone": shown, "heading": name, "breadcrumb": _trail(visitor.record, tenant, back, {"label": name, "url": ""})}
    return answer(request, "pairing/phone.html", context)
