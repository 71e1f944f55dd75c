"""Projects, livelihood items and courtyards: the page of one, its form, its states, who leads it together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.actions import items as actions
from activities.cards import cards_of
from activities.forms.items import CoLeadsForm, DegradedForm, HouseForm, ItemForm, StateForm
from activities.households import is_to_be_completed
from activities.kinds import ITEM_LEDGERS
from activities.kinds.items import item_chip, state_word
from activities.kinds.statuses import status_chip
from activities.models import ActivityType, Item, ItemKind, ItemLead, ItemState, Record, Status, Step
from activities.queries.items import pairings_for_items, visible_items, writes_of
from activities.queries.records import visible_records, with_shares
from lib.htmx import answer
from lib.kinds import panels
from lib.kinds.declare import Kind
from lib.kinds.pages.places import breadcrumb, may, row_for
from lib.kinds.pages.shown import facts_of, frame
from pairing.models import Pairing, PairingState
from tenancy.access import Access, TenantRequest, allow

_SHOWN = 50


def kind_of(item: Item) -> Kind:
    """The ledger that an item stands in."""
    return ITEM_LEDGERS[item.kind]


def _item(request: TenantRequest, uid: UUID, action: str = "R") -> Item:
    """The item; 404 when it is not seen, 403 when it may only be read."""
    item = visible_items(request.access).filter(uid=uid).select_related("pairing__unit", "village__parent", "programme").first()
    if item is None:
        raise Http404
    if action != "R":
        row_for(kind_of(item), request.access, uid, action)
    return item


@allow("item", GET="R")
def detail(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """One item, with its milestones: the records about it."""
    item = _item(request, uid)
    kind = kind_of(item)
    context = frame(kind, request, item, tenant, here="overview")
    facts = [one for one in facts_of(kind, request.access, item, tenant) if one["text"]]
    context |= {
        "item": item,
        "chip": item_chip(item.state, item.kind),
        "facts": facts,
        "milestones": _milestones(request, item, tenant),
        "leads": list(ItemLead.objects.filter(item=item).select_related("pairing__unit").order_by("id")),
        "actions": [*_actions(request, item, tenant), *context["actions"]],
        "panels": panels.panels_of(kind.code, request, item),
    }
    return answer(request, "activities/items/detail.html", context)


def may_complete(access: Access, item: Item) -> bool:
    """Whether the courtyard lacks its house number, and this account may put it in."""
    return item.kind == ItemKind.COURTYARD and is_to_be_completed(item.house_no) and writes_of(access, item)


def _milestones(request: TenantRequest, item: Item, tenant: str) -> list[dict[str, Any]]:
    """What happened to it, the newest first."""
    rows = list(with_shares(visible_records(request.access).filter(item=item)).order_by("-occurred_on", "-id")[:_SHOWN])
    made = []
    for card, record in zip(cards_of(rows, tenant=tenant), rows, strict=True):
        made.append(
            {
                "when": record.occurred_on.isoformat(),
                "datetime": record.occurred_on.isoformat(),
                "who": card["who"],
                "title": Step(record.step).label if record.step else card["type"],
                "url": card["url"],
                "text": card["text"],
                "chip": status_chip(record.status),
            }
        )
    return made


def _actions(request: TenantRequest, item: Item, tenant: str) -> list[panels.Action]:
    """The buttons of an item: what it comes to next is written down as a record; the rest is said here."""
    access, kind = request.access, kind_of(item)
    arguments = [tenant, item.uid]
    made = []
    if access.can("record", "C") and _next_step(item):
        query = f"?type={_type_code(item)}&item={item.uid}&pairing={item.pairing.uid}&step={_next_step(item)}"
        url = reverse("activities:record_create", args=[tenant]) + query
        label = _("Close it: write it down") if item.kind == ItemKind.LIVELIHOOD else _("Write progress down")
        made.append(panels.Action(label, url, primary=True))
    if may_complete(access, item):
        url = reverse("activities:item_house", args=arguments)
        made.append(panels.Action(_("Put in the house number"), url, primary=not made))
    if not may(kind, access, item, "U"):
        return made
    if actions.next_states(item):
        made.append(panels.Action(_("Change the state"), reverse("activities:item_state", args=arguments)))
    made.append(panels.Action(_("Edit"), reverse("activities:item_edit", args=arguments)))
    if item.kind == ItemKind.PROJECT:
        made.append(panels.Action(_("Who leads it together"), reverse("activities:item_co_leads", args=arguments)))
    if item.kind == ItemKind.COURTYARD and item.state in (ItemState.BUILT, ItemState.AWARDED):
        made.append(panels.Action(_("No longer kept up"), reverse("activities:item_degraded", args=arguments)))
    return made


def _next_step(item: Item) -> str:
    """What a record may say of it next; nothing when it is over."""
    if item.state in (ItemState.CLOSED, ItemState.STOPPED, ItemState.WITHDRAWN, ItemState.AWARDED):
        return ""
    if item.kind == ItemKind.LIVELIHOOD:
        return Step.CLOSED
    if item.kind == ItemKind.COURTYARD:
        return Step.AWARDED if item.state == ItemState.BUILT else Step.BUILT
    if item.state == ItemState.ACCEPTED:
        return ""
    return Step.STAGE if Record.objects.filter(item=item).exclude(status=Status.VOIDED).exists() else Step.STARTED


def _type_code(item: Item) -> str:
    """The type whose records carry such items in the programme year."""
    found = ActivityType.objects.filter(programme=item.programme_id, carrier=item.kind, is_active=True).order_by("position")
    return str(found.values_list("code", flat=True).first() or "")


def _form_page(
    request: TenantRequest,
    form: Form,
    *,
    heading: str,
    kind: Kind,
    item: Item | None = None,
    label: str = "",
    help_text: Any = "",
) -> HttpResponse:
    tenant = request.tenant.slug
    if item is None:
        back = reverse(kind.route("list"), args=[tenant])
        trail = breadcrumb(kind, tenant, last=heading)
    else:
        back = reverse("activities:item", args=[tenant, item.uid])
        trail = [
            *breadcrumb(kind, tenant, row=item, last=item.name)[:-1],
            {"label": item.name, "url": back},
            {"label": heading, "url": ""},
        ]
    context = {
        "heading": heading,
        "breadcrumb": trail,
        "form": form,
        "cancel_url": back,
        "submit_label": label,
        "help_text": help_text,
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)


def _attempt(form: Form, write: Any) -> Any:
    """What ``write()`` gives, or None with the refusal on the form."""
    try:
        with transaction.atomic():
            return write()
    except ValidationError as refused:
        by_field = refused.error_dict if hasattr(refused, "error_dict") else {"": refused}
        for name, errors in by_field.items():
            form.add_error(name if name in form.fields else None, errors)
    return None


def _back(request: TenantRequest, item: Item, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("activities:item", args=[request.tenant.slug, item.uid]))


def create_page(kind: str) -> Any:
    """The page that registers an item of a kind."""

    @allow("item", GET="C", POST="C")
    def create(request: TenantRequest, tenant: str) -> HttpResponse:
        pairings = pairings_for_items(request.access)
        form = ItemForm(request.POST or None, kind=kind, pairings=pairings)
        if form.is_bound and form.is_valid():
            item = _attempt(form, lambda: actions.create_item(facts=form.facts(), access=request.access))
            if item is not None:
                return _back(request, item, _("Registered."))
        ledger = ITEM_LEDGERS[kind]
        return _form_page(request, form, heading=str(ledger.create_label), kind=ledger, help_text=ledger.help)

    return create


@allow("item", GET="U", POST="U")
def edit(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Correct what is written of an item."""
    item = _item(request, uid, "U")
    form = ItemForm(request.POST or None, kind=item.kind, pairings=[item.pairing], item=item)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _attempt(
            form,
            lambda: actions.update_item(item=item, facts=form.facts(), reason=reason, access=request.access) or item,
        )
        if done is not None:
            return _back(request, item, _("Saved. The earlier version stays in the history."))
    return _form_page(request, form, heading=_("Edit"), kind=kind_of(item), item=item)


@allow("item", GET="U", POST="U")
def state(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Move an item on to its next state, with a reason where one is due."""
    item = _item(request, uid, "U")
    if not actions.next_states(item):
        messages.error(
            request, _("It stands at “%(state)s”; nothing follows by hand.") % {"state": state_word(item.state, item.kind)}
        )
        return HttpResponseRedirect(reverse("activities:item", args=[tenant, uid]))
    form = StateForm(request.POST or None, item=item)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        done = _attempt(
            form,
            lambda: actions.move_item(item=item, state=given["state"], reason=given["reason"], access=request.access) or item,
        )
        if done is not None:
            return _back(request, item, _("Saved."))
    help_text = _("Finishing and closing are not chosen here: they follow from a record that the other side confirms.")
    return _form_page(request, form, heading=_("Change the state"), kind=kind_of(item), item=item, help_text=help_text)


@allow("item", GET="U", POST="U")
def co_leads(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Which further units of the village lead a project together with its own (A9)."""
    item = _item(request, uid, "U")
    if item.kind != ItemKind.PROJECT:
        raise Http404
    rows = Pairing.objects.filter(programme=item.programme_id, village=item.village_id, state=PairingState.ACTIVE)
    offered = list(rows.exclude(pk=item.pairing_id).select_related("unit").order_by("unit__pinyin", "id"))
    chosen = [str(one) for one in ItemLead.objects.filter(item=item).values_list("pairing__uid", flat=True)]
    form = CoLeadsForm(request.POST if request.method == "POST" else None, offered=offered, chosen=chosen)
    if form.is_bound and form.is_valid():
        done = _attempt(form, lambda: actions.name_co_leads(item=item, pairings=form.chosen(), access=request.access) or item)
        if done is not None:
            return _back(request, item, _("Saved."))
    help_text = _("A project counts for its own unit and for those who lead it together; not for others who help.")
    return _form_page(request, form, heading=_("Who leads it together"), kind=kind_of(item), item=item, help_text=help_text)


@allow("record", GET="C", POST="C")
def house(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Put in the house number that a ledger left out: the county, the unit or the village, whoever knows it."""
    item = _item(request, uid)
    if item.kind != ItemKind.COURTYARD:
        raise Http404
    if not writes_of(request.access, item):
        raise PermissionDenied
    if not is_to_be_completed(item.house_no):
        messages.info(request, _("Its house number is known already."))
        return HttpResponseRedirect(reverse("activities:item", args=[tenant, uid]))
    form = HouseForm(request.POST if request.method == "POST" else None, initial={"householder": item.householder})
    if form.is_bound and form.is_valid():
        done = _attempt(form, lambda: actions.complete_household(item=item, access=request.access, **form.cleaned_data) or item)
        if done is not None:
            return _back(request, item, _("Saved. The earlier version stays in the history."))
    help_text = _("It came in without a house number: %(mark)s. A household counts as new once in a programme.")
    return _form_page(
        request, form, heading=_("Put in the house number"), kind=kind_of(item), item=item,
        help_text=help_text % {"mark": item.house_no},
    )  # fmt: skip


@allow("item", GET="U", POST="U")
def degraded(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """A courtyard that is no longer kept up: the month it counted for stays (A6)."""
    item = _item(request, uid, "U")
    if item.kind != ItemKind.COURTYARD:
        raise Http404
    form = DegradedForm(request.POST or None, initial={"on": item.degraded_on})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        done = _attempt(
            form,
            lambda: actions.mark_degraded(item=item, on=given["on"], reason=given["reason"], access=request.access) or item,
        )
        if done is not None:
            return _back(request, item, _("Saved. The month it counted for stays as it is."))
    return _form_page(request, form, heading=_("No longer kept up"), kind=kind_of(item), item=item)
