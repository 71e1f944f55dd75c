"""记一笔: the page that writes a record down, and changes one that is not confirmed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.actions import records as actions
from activities.actions.facts import facts_of
from activities.forms.offers import editing_offer, offer_for, standing
from activities.forms.records import Offer, RecordForm
from activities.hands import Hand, writing_hand
from activities.kinds import kind_of_type
from activities.kinds.records import RECORD, name_of
from activities.models import AuthorSide, Record, Status
from activities.queries import writing
from activities.queries.own import own_types
from activities.queries.records import visible_records
from activities.refusals import RecordRefused
from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.pages.places import breadcrumb, visible_row
from lib.periods import Span, period_named
from pairing.models import Pairing
from tenancy import clock
from tenancy.access import TenantRequest, allow
from units.models import Unit

# More than these are not ticked on a phone: first the village is named.
_TICKED = 12
_CONFLICTS = ("duplicate_record", "duplicate_courtyard", "already_done", "period_locked")
# Carried from the last record into the next; "same as last time" carries the words too. Never whether the group leader was
# there: it counts for what the leader owes, so it is asked each time.
_CARRIED = ("place", "participants", "leader_name", "person_times", "form", "place_kind")
_REPEATED = ("title", "text", "beneficiaries", "due_count", "hours", "visitors")


def _last(request: TenantRequest) -> Record | None:
    source = request.GET.get("from", "")
    if source:
        try:
            return visible_records(request.access).filter(uid=UUID(source)).first()
        except ValueError:
            return None
    return writing.last_record(request.access)


def _carried(record: Record, *, is_again: bool) -> dict[str, Any]:
    """What of the last record the form opens with."""
    names = (*_CARRIED, *(_REPEATED if is_again else ()))
    return {name: getattr(record, name) for name in names if getattr(record, name) not in (None, "")}


def _initial(request: TenantRequest, offer: Offer) -> dict[str, Any]:
    """What the form opens with: what the address names, else what was written last time."""
    asked = request.GET
    offered = [str(one.uid) for one in (*offer.pairings, *offer.beside)]
    found: dict[str, Any] = {}
    last = _last(request)
    if last is not None:
        named = [str(uid) for uid in last.shares.filter(pairing__isnull=False).values_list("pairing__uid", flat=True)]
        is_again = "again" in asked or "from" in asked
        found |= _carried(last, is_again=is_again)
        if not is_again and asked.get("type", last.type) != last.type:
            # A count belongs to what was counted: a yard has not the people of a labour day.
            same = writing.last_record(request.access, asked["type"])
            found["person_times"] = same.person_times if same is not None else None
        # Who held the last one together need not hold the next: that is carried over only where it is asked for.
        kept = offered if {"again", "from"} & set(asked) else [str(one.uid) for one in offer.pairings]
        found |= {"type": last.type, "pairings": [uid for uid in named if uid in kept]}
    if asked.get("pairing") in offered:
        found["pairings"] = [asked["pairing"]]
    if not found.get("pairings") and len(offer.pairings) == 1:
        found["pairings"] = offered[:1]
    own = {str(one.uid) for one in offer.pairings}
    chosen = found.get("pairings", [])
    found["joint"], found["pairings"] = [u for u in chosen if u not in own], [u for u in chosen if u in own]
    codes = [one.code for one in offer.types]
    for name in ("type", "item", "step"):
        if asked.get(name):
            found[name] = asked[name]
    if found.get("type") not in codes:
        found["type"] = codes[0] if codes else ""
    if _late_for(request) is not None:
        # Today would be a day of another period: what was done then has a day of its own.
        found["occurred_on"] = None
    # The village by default: of what is ticked, else of all that is offered when it is one and the same.
    villages = {one.village.name for one in offer.named(found["pairings"]) or offer.pairings}
    if not found.get("place") and len(villages) == 1:
        found["place"] = villages.pop()
    return found


def _late_for(request: TenantRequest) -> Span | None:
    """The period that the address asks something for, when it is over."""
    try:
        span = period_named(request.GET.get("for", ""))
    except ValueError:
        return None
    return span if span.ends_on < clock.today() else None


def _candidates(request: TenantRequest) -> tuple[list[Pairing], list[Unit]]:
    """(pairings offered, villages to choose from first); one of the two is empty."""
    found = list(writing.writable_pairings(request.access))
    asked = request.POST if request.method == "POST" else request.GET
    village = asked.get("village") or request.GET.get("village") or ""
    wanted = asked.get("pairing") or request.GET.get("pairing") or ""
    if village:
        return [one for one in found if str(one.village.uid) == village], []
    if wanted:
        near = [one.village_id for one in found if str(one.uid) == wanted]
        return [one for one in found if one.village_id in near], []
    if len(found) <= _TICKED:
        return found, []
    if request.method == "POST":
        named = {one.village_id for one in found if str(one.uid) in request.POST.getlist("pairings")}
        return [one for one in found if one.village_id in named], []
    return [], list({one.village_id: one.village for one in found}.values())


def _page(request: TenantRequest, tenant: str, form: RecordForm, status: int, **more: Any) -> HttpResponse:
    record = form.record
    late = _late_for(request) if record is None else None
    if late is not None:
        days = {"first": cells.day(late.starts_on), "last": cells.day(late.ends_on)}
        form.fields["occurred_on"].help_text = _("It counts from %(first)s to %(last)s.") % days
    heading = _("Write one down") if record is None else _("Change the record")
    trail = breadcrumb(RECORD, tenant, last=heading)
    if record is not None:
        back = {"label": name_of(record), "url": reverse("activities:record", args=[tenant, record.uid])}
        trail = [*trail[:-1], back, trail[-1]]
    own = own_types(request.access) if record is None else []
    context = {
        "heading": heading,
        "breadcrumb": trail,
        "form": form,
        "offer": form.offer,
        "types": _tiles(form),
        "is_new": record is None,
        "village": request.GET.get("village", "") or request.POST.get("village", ""),
        "owner": str(request.access.account.uid),
        "api_url": reverse("api:records-list", args=[tenant]),
        "form_url": reverse("activities:record_create", args=[tenant]),
        "records_url": reverse("activities:record_list", args=[tenant]),
        "cancel_url": trail[-2]["url"],
        "own_url": reverse("activities:record_own_create", args=[tenant]) if own else "",
        "own_names": "、".join(dict.fromkeys(one.type.name for one in own)),
        "can_draft": record is None or record.status == Status.DRAFT,
        "is_back": record is not None and record.status == Status.RETURNED,
        **more,
    }
    return answer(request, "activities/records/write.html", context, status=status)


def _tiles(form: RecordForm) -> dict[str, Any]:
    """The types as tiles: the first eight at once, the rest behind "more types"; the chosen one is always to be seen."""
    chosen = str(form["type"].value() or "")
    tiles = [
        {"code": one.code, "name": one.name, "kind": kind_of_type(one).code, "is_chosen": one.code == chosen}
        for one in form.offer.types
    ]
    first, rest = tiles[:8], tiles[8:]
    return {"first": first, "rest": rest, "is_open": any(one["is_chosen"] for one in rest), "labels": _labels(form)}


def _labels(form: RecordForm) -> list[dict[str, str]]:
    """Words that a kind has of its own for a field; the page swaps them in as the type changes."""
    made = []
    for code in sorted({kind_of_type(one).code for one in form.offer.types}):
        kind = next(kind_of_type(one) for one in form.offer.types if kind_of_type(one).code == code)
        made += [{"kind": code, "field": f"id_{name}", "word": str(word)} for name, word in kind.labels.items()]
    return made


@allow("record", GET="C", POST="C")
def create(request: TenantRequest, tenant: str) -> HttpResponse:
    """The form, filled with what was written last time; saving it answers with the record's page."""
    pairings, villages = _candidates(request)
    if villages:
        trail = breadcrumb(RECORD, tenant, last=_("Write one down"))
        context = {
            "heading": _("Write one down"), "breadcrumb": trail, "villages": villages, "asked": _passed_on(request.GET),
        }  # fmt: skip
        return answer(request, "activities/records/village.html", context)
    if not pairings:
        trail = breadcrumb(RECORD, tenant, last=_("Write one down"))
        return answer(request, "activities/records/none.html", {"heading": _("Write one down"), "breadcrumb": trail})
    offer = offer_for(request.access, pairings)
    if request.method != "POST":
        return _page(request, tenant, RecordForm(offer=offer, initial=_initial(request, offer)), 200)
    form = RecordForm(request.POST, offer=offer)
    if not form.is_valid():
        return _page(request, tenant, form, 422)
    try:
        record = _write(request, form)
    except RecordRefused as refused:
        return _refused(request, tenant, form, refused)
    if record.status == Status.DRAFT:
        messages.success(request, _("Kept as a draft. Nobody else sees it."))
    elif record.status != Status.SUBMITTED:
        # Of what is handed in the page itself says for whom it waits.
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("activities:record", args=[tenant, record.uid]))


def _passed_on(asked: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": asked[name]} for name in ("type", "item", "step", "again", "from", "for") if asked.get(name)]


def _hand(request: TenantRequest, form: RecordForm, side: str = "") -> Hand:
    given = form.cleaned_data
    return writing_hand(
        request.access, form.chosen(), side=side or given.get("side") or AuthorSide.UNIT, basis=given.get("basis", "")
    )


def _write(request: TenantRequest, form: RecordForm) -> Record:
    # Its own savepoint: a refusal leaves nothing behind, and the page can still be drawn.
    with transaction.atomic():
        return actions.write_record(
            facts=form.facts(),
            hand=_hand(request, form),
            submit=request.POST.get("save") != "draft",
            client_id=form.cleaned_data.get("client_id"),
            is_another="is_another" in request.POST,
        )


def _refused(request: TenantRequest, tenant: str, form: RecordForm, refused: RecordRefused) -> HttpResponse:
    form.refuse(refused)
    status = 409 if refused.code in _CONFLICTS else 422
    twin = refused.facts.get("record")
    double = None
    if refused.code in ("duplicate_record", "duplicate_courtyard") and twin:
        # The other unit's record may be out of reach: then the sentence alone says whose it is.
        found = visible_records(request.access).filter(uid=twin).first()
        double = {
            # Of a household the field itself says so; above stands the way to the first claim.
            "text": " ".join(refused.messages) if refused.code == "duplicate_record" else "",
            "name": name_of(found) if found else "",
            "day": found.occurred_on if found else None,
            "url": reverse("activities:record", args=[tenant, found.uid]) if found else "",
            "may_go_on": refused.code == "duplicate_record",
        }
    elif refused.code == "duplicate_record":
        double = {"text": " ".join(refused.messages), "may_go_on": True}
    return _page(request, tenant, form, status, double=double)


def _not_changed(record: Record) -> str:
    """Why nothing was changed: the other side has confirmed it meanwhile, or it is not the reader's to change."""
    if record.status == Status.CONFIRMED:
        told = _("The record is %(state)s and can no longer be changed. If it is wrong, ask the county to void it.")
        return told % {"state": record.get_status_display()}
    return _("Only its writers change a record, and only before the other side has confirmed it.")


@allow("record", GET="C", POST="C")
def edit(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Change a draft, what still waits, or what came back; a returned record is handed in again with it."""
    record: Record = visible_row(RECORD, request.access, uid)
    before, before_status = facts_of(record), record.status
    offer = editing_offer(request.access, record, before.pairings)
    if offer is None:
        messages.error(request, _not_changed(record))
        return HttpResponseRedirect(reverse("activities:record", args=[tenant, uid]))
    if request.method != "POST":
        return _page(request, tenant, RecordForm(offer=offer, record=record, initial=standing(record, offer)), 200)
    form = RecordForm(request.POST, offer=offer, record=record)
    if not form.is_valid():
        return _page(request, tenant, form, 422)
    try:
        with transaction.atomic():
            hand = _hand(request, form, side=record.author_side)
            facts = replace(before, **{"pairings": form.chosen(), "item": before.item, **form.values()})
            reason = form.cleaned_data["reason"]
            if record.status == Status.RETURNED:
                actions.resubmit_record(record=record, hand=hand, facts=facts, reason=reason)
            else:
                record = actions.edit_record(record=record, hand=hand, facts=facts, reason=reason)
                if record.status == Status.DRAFT and request.POST.get("save") != "draft":
                    actions.submit_record(record=record, hand=hand, is_another="is_another" in request.POST)
    except RecordRefused as refused:
        return _refused(request, tenant, form, refused)
    if before_status == Status.RETURNED:
        messages.success(request, _("Handed in again. The other side sees it now."))
    else:
        messages.success(request, _("Saved. The earlier version stays in the history."))
    return HttpResponseRedirect(reverse("activities:record", args=[tenant, uid]))
