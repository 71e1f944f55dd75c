"""The page of a record: facts, both sides, what it counts for, each step; and what its writers and the county may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import words
from activities.actions import records as actions
from activities.cards import cards_of, parts_of, units_of, villages_of
from activities.forms.records import VoidForm
from activities.hands import Hand, sides_of, writing_hand
from activities.kinds import ITEM_LEDGERS
from activities.kinds.records import RECORD
from activities.kinds.statuses import status_chip
from activities.models import AuthorSide, Form, Obligation, Record, RecordEvent, Share, Status
from activities.obligations.explaining import lines_of
from activities.queries.deadlines import may_proxy_confirm
from activities.queries.lasts import locked_since
from activities.queries.records import pairings_of, to_confirm, with_shares
from activities.refusals import SENTENCES, RecordRefused
from activities.reminders.telling import period_words
from activities.views.confirm import question
from lib.htmx import answer
from lib.kinds import cells, panels
from lib.kinds.history import names
from lib.kinds.pages.places import visible_row
from lib.kinds.pages.shown import facts_of, frame
from lib.periods import period_of
from tenancy import clock
from tenancy.access import TenantRequest, allow

STEP_WORDS = {
    "drafted": gettext_lazy("Kept as a draft"),
    "submitted": gettext_lazy("Submitted"),
    "edited": gettext_lazy("Changed"),
    "resubmitted": gettext_lazy("Submitted again"),
    "confirmed": gettext_lazy("Confirmed"),
    "undone": gettext_lazy("Confirmation taken back"),
    "returned": gettext_lazy("Returned"),
    "voided": gettext_lazy("Voided"),
    "abandoned": gettext_lazy("Abandoned"),
}
_EDITABLE = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)


@allow("record", GET="R")
def detail(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """One record, whole."""
    row: Record = visible_row(RECORD, request.access, uid)
    record = with_shares(Record.objects.filter(pk=row.pk)).select_related("programme", "proxy_for").get()
    people = _people(record)
    context = frame(RECORD, request, record, tenant, here="overview")
    mine = _mine(request, record)
    [card] = cards_of([record], tenant=tenant)
    context |= {
        "record": record,
        "card": card,
        "is_mine": mine["confirms"],
        "can_undo": mine["can_undo"],
        "facts": [*_head_facts(record, tenant), *_facts(request, record, tenant)],
        "proxy": _proxy_words(record, card["by"]),
        "told": _told(record, people),
        "sides": [_side(part, people) for part in parts_of(record) if part.pairing is not None],
        "counts": _counts_for(record, tenant),
        "events": _events(record, people),
        "buttons": mine["buttons"],
        "actions": [*mine["links"], *context["actions"]],
        "panels": panels.panels_of("record", request, record),
    }
    return answer(request, "activities/records/detail.html", context)


def _people(record: Record) -> dict[int, str]:
    accounts = set(RecordEvent.objects.filter(record=record, account__isnull=False).values_list("account", flat=True))
    accounts |= {part.confirmed_by_id for part in parts_of(record) if part.confirmed_by_id}
    return dict(names.of(accounts))


def _mine(request: TenantRequest, record: Record) -> dict[str, Any]:
    """What this account may do with the record now: whether it confirms, and which buttons it has."""
    access, tenant = request.access, request.tenant.slug
    pairings = pairings_of(record)
    writes = _writes(request, record, pairings)
    confirms = record.status == Status.SUBMITTED and to_confirm(access).filter(pk=record.pk).exists()
    is_locked = writes and record.status in (Status.SUBMITTED, Status.RETURNED) and bool(locked_since([record]))
    proxies = any("proxy" in sides_of(access, one, "X", kind="record_confirm") for one in pairings)
    arguments = [tenant, record.uid]
    links: list[panels.Action] = []
    buttons: list[dict[str, Any]] = []
    if writes and record.status in _EDITABLE and not is_locked:
        is_back = record.status == Status.RETURNED
        label = _("Correct and hand in again") if is_back else _("Edit")
        links.append(panels.Action(label, reverse("activities:record_edit", args=arguments), primary=is_back))
    if writes and record.status == Status.DRAFT:
        buttons.append({"label": _("Submit"), "url": reverse("activities:record_submit", args=arguments), "is_first": True})
        links.append(panels.Action(_("Abandon the draft"), reverse("activities:record_abandon", args=arguments)))
    if proxies and not confirms and record.status == Status.SUBMITTED:
        if may_proxy_confirm(record):
            links.append(panels.Action(_("Confirm for the other side"), reverse("activities:record_confirm_for", args=arguments)))
        links.append(panels.Action(_("Return it"), reverse("activities:record_return", args=arguments)))
    if access.can("record_void", "D") and record.status in (Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED):
        links.append(panels.Action(_("Void"), reverse("activities:record_void", args=arguments), order=90))
    return {"confirms": confirms, "can_undo": _can_undo(request, record), "links": links, "buttons": buttons}


def _writes(request: TenantRequest, record: Record, pairings: list[Any]) -> bool:
    """Whether this account belongs to the writers: their side, or a superior who may write for it."""
    sides = [sides_of(request.access, one) for one in pairings]
    return any(record.author_side in each or "proxy" in each for each in sides)


def _can_undo(request: TenantRequest, record: Record) -> bool:
    moments = [
        part.confirmed_at for part in parts_of(record) if part.confirmed_by_id == request.access.account.pk and part.confirmed_at
    ]
    return bool(moments) and record.status in (Status.CONFIRMED, Status.SUBMITTED) and clock.now() - max(moments) <= actions.UNDO


def _head_facts(record: Record, tenant: str) -> list[dict[str, Any]]:
    """What it happened to, where that is a thing of its own."""
    item = record.item
    if item is None:
        return []
    url = reverse("activities:item", args=[tenant, item.uid])
    label = str(ITEM_LEDGERS[item.kind].one)
    note = record.get_step_display() if record.step else ""
    return [{"label": label, "text": item.name, "url": url, "note": note}]


def _facts(request: TenantRequest, record: Record, tenant: str) -> list[dict[str, Any]]:
    """The facts that somebody wrote; what nobody wrote is left out."""
    found = [one for one in facts_of(RECORD, request.access, record, tenant) if one["text"]]
    # "No" is no news here: it stands in the column.
    silent = {_("Entered by proxy"), _("Found untrue"), _("State"), _("Unit"), _("Village"), _("Town")}
    found = [one for one in found if str(one["label"]) not in silent]
    further: list[tuple[Any, Any]] = [
        (_("Last day"), cells.day(record.ends_on) if record.ends_on else ""),
        (_("Raised on"), cells.day(record.raised_on) if record.raised_on else ""),
        (_("Reports on"), period_words(period_of("quarter", record.reports_on).code) if record.reports_on else ""),
        (_("Form"), Form(record.form).label if record.form else ""),
        (_("Visitors"), cells.number(record.visitors) if record.visitors is not None else ""),
        (_("Group leader present"), _("yes") if record.leader_present else ""),
        (_("Announced beforehand"), _("no") if record.form and not record.was_announced else ""),
        (_("Expected"), cells.number(record.due_count) if record.due_count is not None else ""),
        (_("Hours"), cells.number(record.hours) if record.hours is not None else ""),
        (_("Trainer"), record.details.get("trainer", "")),
        (_("Attendees"), record.details.get("attendees", "")),
    ]
    return [*found, *({"label": label, "text": str(text)} for label, text in further if text)]


def _proxy_words(record: Record, by: str) -> str:
    if not record.is_proxy:
        return ""
    told = {"who": by, "whom": record.proxy_for.name if record.proxy_for else "", "basis": record.proxy_basis}
    if not told["whom"]:
        return _("Entered by %(who)s. Basis: %(basis)s") % told
    return _("Entered by %(who)s for %(whom)s. Basis: %(basis)s") % told


def _told(record: Record, people: dict[int, str]) -> dict[str, str] | None:
    """What its writers want to know first: whom it waits for, or why it came back."""
    if record.status == Status.SUBMITTED:
        asked = villages_of(record) if record.author_side == AuthorSide.UNIT else units_of(record)
        return {"tone": "", "text": _("Handed in. It waits for %(who)s to confirm it.") % {"who": asked}} if asked else None
    if record.status not in (Status.RETURNED, Status.VOIDED):
        return None
    event = RecordEvent.objects.filter(record=record, deed=record.status).order_by("-id").first()
    if event is None:
        return None
    who = people.get(event.account_id or 0, "") or event.actor_name
    if record.status == Status.VOIDED:
        words = _("Void, found untrue: %(reason)s") if record.found_untrue else _("Void, written down wrongly: %(reason)s")
        return {"tone": "warning", "text": words % {"reason": event.reason}}
    told = _("%(who)s returned it: %(reason)s") % {"who": who, "reason": event.reason}
    last = locked_since([record]).get(record.pk)
    if last is not None:
        month = period_of("month", record.occurred_on).code
        told += " " + str(SENTENCES["period_locked"]) % {"month": month, "locked": last.isoformat()}
    return {"tone": "warning", "text": told}


def _side(part: Share, people: dict[int, str]) -> dict[str, Any]:
    """One pairing's part: both sides, and how far the other side is."""
    assert part.pairing is not None
    town = part.village.parent.name if part.village and part.village.parent else ""
    told = ""
    if part.confirmed_at:
        who = people.get(part.confirmed_by_id or 0, "") or part.confirmed_name
        told = _("%(when)s, %(who)s") % {"when": cells.minute(part.confirmed_at), "who": who}
        if part.confirmed_by_proxy:
            told += " " + _("(for the other side; basis: %(basis)s)") % {"basis": part.confirm_basis}
    return {
        "unit": part.pairing.unit.name,
        "village": f"{town}{part.village.name}" if part.village else "",
        "chip": status_chip(part.status),
        "is_lead": part.is_lead,
        "told": told,
        "uid": part.pairing.uid,
    }


def _counts_for(record: Record, tenant: str) -> list[dict[str, Any]]:
    """The periods of rules that the record falls into, each with its state; where the record does not count, with the reason."""
    if record.status in (Status.DRAFT, Status.ABANDONED):
        return []
    pairings = [part.pairing_id for part in parts_of(record) if part.pairing_id]
    days = {part.counts_on for part in parts_of(record)}
    if not pairings or not days:
        return []
    rows = list(
        Obligation.objects.filter(
            programme=record.programme_id,
            pairing__in=pairings,
            terms__types__overlap=[record.type, *record.also_types],
            starts_on__lte=max(days),
            ends_on__gte=min(days),
        )
        .select_related("rule", "terms", "pairing__unit", "pairing__village")
        .order_by("rule__position", "starts_on", "pairing_id")
    )
    lines = lines_of(rows)
    made = []
    for row in rows:
        own = next((line for line in lines.get(row.pk, ()) if line.record_id == record.pk), None)
        # Waiting and returned parts are told above; what never counts here is told with its reason.
        told = words.why(own.why) if own is not None and own.why not in ("waiting", "returned") else ""
        notes = [row.pairing.unit.name] if len(pairings) > 1 else []
        notes += [_("not counted: %(why)s") % {"why": told}] if told else []
        made.append(
            {
                "label": f"{row.rule.name} · {period_words(period_of(row.period_kind, row.starts_on).code)}",
                "note": _("; ").join(notes),
                "chip": {"state": row.state},
                "url": _obligation_url(row, tenant),
            }
        )
    return made


def _obligation_url(row: Obligation, tenant: str) -> str:
    try:
        return reverse("activities:obligation", args=[tenant, row.uid])
    except NoReverseMatch:
        return reverse("pairing:pairing", args=[tenant, row.pairing.uid if row.pairing else ""])


def _events(record: Record, people: dict[int, str]) -> list[dict[str, Any]]:
    """Each step, the newest first: who, in whose name, on what basis, why."""
    rows = RecordEvent.objects.filter(record=record).select_related("acting_for").order_by("-id")
    made = []
    for event in rows:
        told = []
        if event.acting_for is not None:
            told.append(_("for %(unit)s") % {"unit": event.acting_for.name})
        if event.basis:
            told.append(_("basis: %(basis)s") % {"basis": event.basis})
        if event.reason:
            told.append(_("Reason: %(reason)s") % {"reason": event.reason})
        made.append(
            {
                "when": cells.minute(event.at),
                "datetime": event.at.isoformat(),
                "who": people.get(event.account_id or 0, "") or event.actor_name,
                "title": STEP_WORDS.get(event.deed, event.deed),
                "text": _("; ").join(told),
            }
        )
    return made


# -- what writers and the county do -------------------------------------------------------------
def _own_hand(request: TenantRequest, record: Record) -> Hand:
    basis = record.proxy_basis or record.author_side
    return writing_hand(request.access, pairings_of(record), side=record.author_side, basis=basis)


def _back(request: TenantRequest, record: Record) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("activities:record", args=[request.tenant.slug, record.uid]))


@allow("record", POST="C")
def submit(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Hand a draft to the other side; what stands against it is said on the form, where it can be mended."""
    record: Record = visible_row(RECORD, request.access, uid)
    try:
        with transaction.atomic():
            actions.submit_record(record=record, hand=_own_hand(request, record), is_another="is_another" in request.POST)
    except RecordRefused as refused:
        messages.error(request, " ".join(refused.messages))
        if record.status == Status.DRAFT:
            return HttpResponseRedirect(reverse("activities:record_edit", args=[tenant, uid]))
        return _back(request, record)
    messages.success(request, _("Submitted. It waits for the other side."))
    return _back(request, record)


@allow("record", GET="C", POST="C")
def abandon(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Put a draft aside."""
    record: Record = visible_row(RECORD, request.access, uid)
    if request.method == "POST":
        try:
            with transaction.atomic():
                actions.abandon_record(record=record, hand=_own_hand(request, record))
        except RecordRefused as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("Put aside. Its writers can still read it."))
        return _back(request, record)
    points = [_("Nobody was told of it; nothing counts it.")]
    return question(request, record, SureForm(), title=_("Abandon the draft"), label=_("Abandon it"), points=points)


class SureForm(forms.Form):
    """A question that needs no words."""


@allow("record_void", GET="D", POST="D")
def void(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """作废, with the reason; what it counted for is judged again."""
    record: Record = visible_row(RECORD, request.access, uid)
    form = VoidForm(request.POST or None)
    if form.is_bound and form.is_valid():
        hand = Hand(request.access.actor, AuthorSide.COUNTY)
        untrue = form.cleaned_data["verdict"] == "untrue"
        try:
            with transaction.atomic():
                actions.void_record(record=record, hand=hand, reason=form.cleaned_data["reason"], untrue=untrue)
        except RecordRefused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Void. It stays readable, with the reason."))
            return _back(request, record)
    points = [
        _("It counts for nothing any more; the periods it counted for are judged again at once."),
        _("It is not deleted: both sides go on reading it, with your reason."),
    ]
    return question(request, record, form, title=_("Void the record"), label=_("Void it"), points=points, grave=True)
