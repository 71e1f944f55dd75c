"""属实 or 不属实: confirming, taking it back for ten seconds, returning with a reason; as cards that answer where they stand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.actions import records as actions
from activities.cards import cards_of
from activities.forms.records import BasisForm, ReasonForm
from activities.hands import Hand, confirming_hand, sides_of
from activities.kinds.records import RECORD, name_of
from activities.models import Record
from activities.queries.deadlines import may_proxy_confirm, proxy_from
from activities.queries.records import pairings_of, to_confirm, visible_records, with_shares
from activities.refusals import RecordRefused, refusal
from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.pages.places import breadcrumb, visible_row
from tenancy.access import TenantRequest, allow

_SHOWN = 50


def _card(request: TenantRequest, record: Record, **state: Any) -> HttpResponse:
    """The card as it stands now, for htmx to put in its place."""
    found = with_shares(visible_records(request.access).filter(pk=record.pk)).get()
    [card] = cards_of([found], tenant=request.tenant.slug)
    body = render_to_string("activities/records/parts/card.html", {"card": card, **state}, request=request)
    return HttpResponse(body, status=state.get("status", 200))


def _told(request: TenantRequest, record: Record, refused: RecordRefused) -> HttpResponse:
    """A refusal, on the card or above the record's page."""
    sentence = " ".join(refused.messages)
    if request.htmx:
        return _card(request, record, problem=sentence, status=409)
    messages.error(request, sentence)
    return HttpResponseRedirect(reverse("activities:record", args=[request.tenant.slug, record.uid]))


def confirming(request: TenantRequest, record: Record, *, basis: str = "") -> Hand:
    """Whose hand this account is when it confirms. Raises RecordRefused; ``too_early_for_proxy`` before the deadline."""
    hand = confirming_hand(request.access, author_side=record.author_side, pairings=pairings_of(record), basis=basis)
    if hand.is_proxy and not may_proxy_confirm(record):
        first = proxy_from(record)
        raise refusal("too_early_for_proxy", day=first.isoformat() if first else "")
    return hand


def _asked(request: TenantRequest) -> Record | None:
    """The record that the address names, if it is one that this account may read."""
    try:
        uid = UUID(request.GET.get("record", ""))
    except ValueError:
        return None
    found: Record | None = visible_records(request.access).filter(uid=uid).first()
    return found


@allow("record_confirm", GET="X")
def waiting(request: TenantRequest, tenant: str) -> HttpResponse:
    """All that waits for one's own side, item by item, oldest first; the one that a message asks about before all others."""
    found = with_shares(to_confirm(request.access))
    rows = list(found[: _SHOWN + 1])
    asked = _asked(request)
    if asked is not None:
        first = found.filter(pk=asked.pk).first()
        if first is None:
            # Answered meanwhile, or waiting for somebody else: its page says how it stands.
            return HttpResponseRedirect(reverse("activities:record", args=[tenant, asked.uid]))
        rows = [first, *(row for row in rows if row.pk != first.pk)]
    heading = _("To confirm")
    context = {
        "heading": heading,
        "breadcrumb": breadcrumb(RECORD, tenant, last=heading),
        "help_text": _(
            "Each is shown by itself. “True” counts at once and can be taken back for ten seconds; “not so” asks why."
        ),
        "cards": cards_of(rows[:_SHOWN], tenant=tenant),
        "has_more": len(rows) > _SHOWN,
    }
    return answer(request, "activities/records/waiting.html", context)


@allow("record", GET="R")
def card(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """One card as it stands: where "undo" has run out, what was done stays."""
    record = visible_row(RECORD, request.access, uid)
    if not request.htmx:
        return HttpResponseRedirect(reverse("activities:record", args=[tenant, uid]))
    return _card(request, record, done=_("Confirmed.") if record.status == "confirmed" else "")


@allow("record_confirm", POST="X")
def confirm(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """属实: one tap."""
    record: Record = visible_row(RECORD, request.access, uid)
    try:
        with transaction.atomic():
            actions.confirm_record(record=record, hand=confirming(request, record))
    except RecordRefused as refused:
        return _told(request, record, refused)
    if request.htmx:
        return _card(request, record, done=_("Confirmed."), can_undo=True)
    messages.success(request, _("Confirmed."))
    return HttpResponseRedirect(reverse("activities:record", args=[tenant, uid]))


@allow("record_confirm", GET="X", POST="X")
def confirm_for(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """A superior confirms for the other side, after its time, and says on what basis."""
    record: Record = visible_row(RECORD, request.access, uid)
    if not any("proxy" in sides_of(request.access, one, "X", kind="record_confirm") for one in pairings_of(record)):
        raise PermissionDenied
    form = BasisForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                hand = confirming(request, record, basis=form.cleaned_data["basis"])
                actions.confirm_record(record=record, hand=hand)
        except RecordRefused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Confirmed for the other side. The record shows who did it and on what basis."))
            return HttpResponseRedirect(reverse("activities:record", args=[tenant, uid]))
    first = proxy_from(record)
    points = [_("The record will show that you confirmed for them.")]
    if first is not None and not may_proxy_confirm(record):
        points.insert(0, _("They have until %(day)s to answer themselves.") % {"day": cells.long_day(first)})
    return question(request, record, form, title=_("Confirm for the other side"), label=_("Confirm for them"), points=points)


@allow("record_confirm", POST="X")
def undo(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Take one's own confirmation back, within ten seconds (the server waits a little longer)."""
    record: Record = visible_row(RECORD, request.access, uid)
    try:
        with transaction.atomic():
            sides = confirming_hand(
                request.access, author_side=record.author_side, pairings=pairings_of(record), basis=_("undone")
            )
            actions.undo_confirmation(record=record, hand=sides)
    except RecordRefused as refused:
        return _told(request, record, refused)
    if request.htmx:
        return _card(request, record)
    messages.success(request, _("Taken back. It waits for you again."))
    return HttpResponseRedirect(reverse("activities:record", args=[tenant, uid]))


@allow("record_confirm", GET="X", POST="X")
def give_back(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """不属实: back to the writers, with the reason; a superior adds on what basis."""
    record: Record = visible_row(RECORD, request.access, uid)
    pairings = pairings_of(record)
    form = ReasonForm(request.POST or None, prefix=None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            with transaction.atomic():
                hand = confirming_hand(request.access, author_side=record.author_side, pairings=pairings, basis=reason)
                actions.return_record(record=record, hand=hand, reason=reason)
        except RecordRefused as refused:
            return _told(request, record, refused)
        if request.htmx:
            return _card(request, record, done=_("Returned. They see your reason."))
        messages.success(request, _("Returned. They see your reason."))
        return HttpResponseRedirect(reverse("activities:record", args=[tenant, uid]))
    if request.htmx:
        return _card(request, record, form=form, status=422 if form.is_bound else 200)
    return question(
        request, record, form, title=_("Not so: return it"), label=_("Return it"),
        points=[_("The writers see your reason, correct the record and hand it in again.")],
    )  # fmt: skip


def question(
    request: TenantRequest, record: Record, form: Any, *, title: str, label: str, points: list[str], grave: bool = False
) -> HttpResponse:
    """A page that asks one thing about a record before it does something."""
    tenant = request.tenant.slug
    back = reverse("activities:record", args=[tenant, record.uid])
    name = name_of(record)
    context = {
        "heading": title,
        "breadcrumb": [
            *breadcrumb(RECORD, tenant, row=record, last=name)[:-1], {"label": name, "url": back}, {"label": title, "url": ""}
        ],
        "confirm": {"title": name, "points": points, "action": "", "label": label, "cancel_url": back, "grave": grave},
        "form": form,
    }  # fmt: skip
    return answer(request, "kinds/confirm.html", context, status=422 if form.is_bound and form.errors else 200)
