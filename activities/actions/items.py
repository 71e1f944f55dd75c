"""Projects, livelihood items and courtyards: made, changed, moved from state to state; nothing is deleted (domain.md §4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from activities.households import house_key, is_to_be_completed
from activities.models import Item, ItemKind, ItemLead, ItemState
from pairing.models import Pairing
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import because, current_tenant

S = ItemState
# Which state a person may move it to from which; the first of a kind is where it begins. "Accepted" of a project, "closed"
# of a livelihood item, "built" and "awarded" of a courtyard are no buttons: they follow from records that the other side
# has confirmed (activities.actions.claims.follow).
STEPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    ItemKind.PROJECT: {
        S.PLANNED: (S.APPROVED, S.UNDER_WAY, S.PAUSED, S.STOPPED),
        S.APPROVED: (S.UNDER_WAY, S.PAUSED, S.STOPPED),
        S.UNDER_WAY: (S.PAUSED, S.STOPPED),
        S.ACCEPTED: (S.CLOSED,),
        S.PAUSED: (S.UNDER_WAY, S.STOPPED),
        S.STOPPED: (S.UNDER_WAY,),
        S.CLOSED: (),
    },
    ItemKind.LIVELIHOOD: {
        S.PROPOSED: (S.ACCEPTED, S.IN_PROGRESS, S.STOPPED),
        S.ACCEPTED: (S.IN_PROGRESS, S.STOPPED),
        S.IN_PROGRESS: (S.DONE, S.STOPPED),
        S.DONE: (S.FEEDBACK, S.IN_PROGRESS),
        S.FEEDBACK: (S.IN_PROGRESS,),
        S.STOPPED: (S.IN_PROGRESS,),
        S.CLOSED: (),
    },
    ItemKind.COURTYARD: {
        S.GUIDED: (S.WITHDRAWN,),
        S.BUILT: (),
        S.AWARDED: (),
        S.WITHDRAWN: (),
    },
}
# A state that a person must say why it came to.
NEEDS_REASON = frozenset({S.STOPPED, S.PAUSED, S.WITHDRAWN})


class ItemRefused(Refused):
    """The item cannot be written as asked; ``code``: duplicate_courtyard, wrong_state, not_active or invalid."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What a form says of an item."""

    kind: str
    pairing: Pairing
    name: str
    category: str = ""
    raised_on: date | None = None
    planned_on: date | None = None
    house_no: str = ""
    householder: str = ""
    money_yuan: Decimal | None = None
    beneficiaries: str = ""
    person_in_charge: str = ""
    description: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


_COLUMNS = (
    "name", "category", "raised_on", "planned_on", "house_no", "householder", "money_yuan", "beneficiaries",
    "person_in_charge", "description",
)  # fmt: skip


def first_state(kind: str) -> str:
    """The state in which an item of a kind begins."""
    return next(iter(STEPS[kind]))


def next_states(item: Item) -> tuple[str, ...]:
    """The states that a person may move an item to now."""
    return STEPS[item.kind].get(item.state, ())


def _values(facts: ItemFacts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in _COLUMNS}
    values |= {"household": house_key(facts.house_no) if facts.kind == ItemKind.COURTYARD else "", "details": dict(facts.details)}
    if facts.kind == ItemKind.COURTYARD:
        if not values["household"]:
            raise ItemRefused({"house_no": [_("Write the house number: a household counts as new once.")]})
        values["name"] = facts.name or facts.house_no
    if not values["name"]:
        raise ItemRefused({"name": [_("Write a name for it.")]})
    return values


def _taken(facts: ItemFacts) -> ItemRefused:
    held = (
        Item.objects.filter(
            kind=ItemKind.COURTYARD,
            programme=facts.pairing.programme_id,
            village=facts.pairing.village_id,
            household=house_key(facts.house_no),
        )
        .exclude(state=S.WITHDRAWN)
        .select_related("pairing__unit")
        .first()
    )
    told = {"house": facts.house_no, "unit": held.pairing.unit.name if held else ""}
    message = _("House %(house)s is a courtyard of %(unit)s already. A household counts as new once in a programme.") % told
    return ItemRefused({"house_no": [message]}, code="duplicate_courtyard")


@transaction.atomic
def create_item(*, facts: ItemFacts, access: Access, client_id: UUID | None = None) -> Item:
    """Register an item in the first state of its kind. ``client_id``: becomes its public id, so that sent twice it is one.

    Raises ItemRefused for a household that is taken, a pairing that does not exist any more, a missing name.
    """
    if facts.pairing.ends_on is not None and facts.pairing.ends_on < clock.today():
        raise ItemRefused(_("This pairing has ended. Nothing new is registered for it."), code="not_active")
    values = _values(facts)
    if client_id is not None:
        sent = Item.objects.filter(uid=client_id).first()
        if sent is not None:
            return _the_same(sent, facts)
        values["uid"] = client_id
    try:
        with transaction.atomic():
            item: Item = Item.objects.create(
                tenant=current_tenant(),
                kind=facts.kind,
                programme_id=facts.pairing.programme_id,
                pairing=facts.pairing,
                village_id=facts.pairing.village_id,
                state=first_state(facts.kind),
                **values,
            )
    except IntegrityError as problem:
        sent = Item.objects.filter(uid=client_id).first() if client_id is not None else None
        if sent is not None:
            return _the_same(sent, facts)
        raise _taken(facts) from problem
    audit.append(access, "item_created", object_kind=facts.kind, object_uid=item.uid)
    return item


def _the_same(item: Item, facts: ItemFacts) -> Item:
    """The item of a client id sent before, for the pairing that it was sent for; another's is no answer to a guess."""
    if (item.kind, item.pairing_id) != (facts.kind, facts.pairing.pk):
        raise ItemRefused(_("This client_id was used for something else. Make a new one."), code="client_id_used")
    return item


@transaction.atomic
def update_item(*, item: Item, facts: ItemFacts, reason: str, access: Access) -> None:
    """Correct what is written of an item; the earlier state stays as a version, with the reason.

    Raises ItemRefused for a household that is taken or a missing name.
    """
    values = _values(facts)
    because(reason, actor=access.actor)
    changed = [name for name, value in values.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, values[name])
    if not changed:
        return
    try:
        with transaction.atomic():
            item.save(update_fields=changed)
    except IntegrityError as problem:
        raise _taken(facts) from problem
    audit.append(access, "item_changed", object_kind=item.kind, object_uid=item.uid, fields=changed)


@transaction.atomic
def move_item(*, item: Item, state: str, reason: str, access: Access) -> None:
    """Move an item on to the next state.

    Raises ItemRefused when that state does not follow the present one, or a reason is missing where one is due.
    """
    held: Item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if state not in next_states(held):
        raise ItemRefused(
            _("It stands at “%(state)s” now. Reload the page.") % {"state": held.get_state_display()}, code="wrong_state"
        )
    if state in NEEDS_REASON and not reason:
        raise ItemRefused({"reason": [_("Write the reason in a few words.")]})
    because(reason, actor=access.actor)
    held.state = state
    held.save(update_fields=["state"])
    item.refresh_from_db()
    audit.append(access, "item_moved", object_kind=item.kind, object_uid=item.uid, state=state)


@transaction.atomic
def complete_household(*, item: Item, house_no: str, householder: str, access: Access) -> None:
    """Put in the house number of a courtyard that came in without one.

    Raises ItemRefused: ``duplicate_courtyard`` when the household is another courtyard already; ``wrong_state`` when
    the number is known, and changed as any other column.
    """
    held: Item = Item.objects.select_for_update(of=("self",)).select_related("pairing").get(pk=item.pk)
    if held.kind != ItemKind.COURTYARD or not is_to_be_completed(held.house_no):
        raise ItemRefused(_("Its house number is known already. Reload the page."), code="wrong_state")
    facts = ItemFacts(kind=held.kind, pairing=held.pairing, name="", house_no=house_no)
    key = house_key(house_no)
    if not key or is_to_be_completed(house_no):
        raise ItemRefused({"house_no": [_("Write the house number: a household counts as new once.")]})
    # What it was called by its mark, or by the householder it had.
    name = (householder or held.householder or house_no) if held.name in (held.house_no, held.householder) else held.name
    held.house_no, held.household, held.name = house_no, key, name
    held.householder = householder or held.householder
    try:
        with transaction.atomic():
            held.save(update_fields=["house_no", "household", "householder", "name"])
    except IntegrityError as problem:
        raise _taken(facts) from problem
    item.refresh_from_db()
    audit.append(access, "item_changed", object_kind=item.kind, object_uid=item.uid, fields=["house_no"])


@transaction.atomic
def mark_degraded(*, item: Item, on: date | None, reason: str, access: Access) -> None:
    """A courtyard that is no longer kept up since a day, or is again (None). Its month stays (A6).

    Raises ItemRefused for a courtyard that was never built, or a day in the future.
    """
    if item.kind != ItemKind.COURTYARD or item.state not in (S.BUILT, S.AWARDED):
        raise ItemRefused(_("Only a courtyard that has been built can fall back."), code="wrong_state")
    if on is not None and on > clock.today():
        raise ItemRefused({"on": [_("This day has not come yet.")]})
    because(reason, actor=access.actor)
    item.degraded_on = on
    item.save(update_fields=["degraded_on"])
    audit.append(access, "item_changed", object_kind=item.kind, object_uid=item.uid, fields=["degraded_on"])


@transaction.atomic
def name_co_leads(*, item: Item, pairings: Iterable[Pairing], access: Access) -> None:
    """Declare which further units lead a project together with its own (A9); those left out no longer do.

    Raises ItemRefused for pairings of another village or programme.
    """
    wanted = {pairing.pk: pairing for pairing in pairings if pairing.pk != item.pairing_id}
    if any(one.programme_id != item.programme_id or one.village_id != item.village_id for one in wanted.values()):
        raise ItemRefused(_("Only units paired with the same village in the same programme can lead it together."))
    held = {lead.pairing_id: lead for lead in ItemLead.objects.filter(item=item)}
    for pk in wanted.keys() - held.keys():
        ItemLead.objects.create(tenant=current_tenant(), item=item, pairing=wanted[pk])
    for pk in held.keys() - wanted.keys():
        held[pk].delete()
    if wanted.keys() != held.keys():
        audit.append(access, "item_changed", object_kind=item.kind, object_uid=item.uid, fields=["co_leads"])
