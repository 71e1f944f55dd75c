"""The rows that a record is made of, put together from its facts; nothing is read or stored here but an item's leads."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from activities.actions.claims import leads_of, step_of
from activities.actions.facts import RecordFacts
from activities.hands import Hand
from activities.models import AuthorSide, Carrier, Item, Record, RecordEvent, Share, Status
from activities.refusals import invalid, refusal
from pairing.models import Pairing
from tenancy import clock
from tenancy.scope import current_tenant


def new_record(facts: RecordFacts, hand: Hand, carrier: str, item: Item | None, *, submit: bool) -> Record:
    """The record, not yet stored."""
    moment = clock.now()
    has_other_side = bool(facts.pairings)
    record = Record(
        tenant=current_tenant(),
        programme_id=programme_of(facts),
        status=(Status.SUBMITTED if has_other_side else Status.CONFIRMED) if submit else Status.DRAFT,
        author_side=hand.side,
        author_id=hand.actor.account_id,
        author_name=hand.actor.name[:60],
        is_proxy=hand.is_proxy,
        proxy_for_id=acted_for(hand, facts),
        proxy_basis=hand.basis,
        submitted_on=clock.today() if submit else None,
        status_at=moment,
        created_at=moment,
    )
    fill(record, facts, carrier, item)
    return record


def programme_of(facts: RecordFacts) -> int:
    """Id of the programme that the facts belong to. Raises RecordRefused ``no_pairing``."""
    if facts.pairings:
        return int(facts.pairings[0].programme_id)
    if facts.programme is None:
        raise refusal("no_pairing")
    return int(facts.programme.pk)


def acted_for(hand: Hand, facts: RecordFacts) -> int | None:
    """Id of the unit or village for which a superior writes."""
    if not hand.is_proxy:
        return None
    pairings = facts.pairings
    if not pairings:
        return facts.village.pk if facts.village is not None else None
    return pairings[0].village_id if hand.side == AuthorSide.VILLAGE else pairings[0].unit_id


def fill(record: Record, facts: RecordFacts, carrier: str, item: Item | None) -> None:
    """Put the facts into the record's columns. Raises RecordRefused ``step_unknown``."""
    for name, value in facts.columns().items():
        setattr(record, name, value)
    record.step = step_of(facts, carrier)
    if carrier == Carrier.RECEPTION and not record.form:
        record.form = "at_desk"
    tie(record, item, carrier)


def tie(record: Record, item: Item | None, carrier: str) -> None:
    """Say which item the record is about."""
    record.item = item
    if item is not None and carrier == Carrier.LIVELIHOOD and record.raised_on is None:
        record.raised_on = item.raised_on


def clean(record: Record) -> None:
    """Check each column. Raises RecordRefused ``invalid`` with the problems by field."""
    try:
        record.clean_fields(exclude=["tenant", "programme", "item", "author", "proxy_for", "details", "uid"])
        if record.raised_on is not None and record.raised_on > record.occurred_on:
            raise ValidationError({"raised_on": _("Nothing is finished before it was raised or begun. Correct one of the days.")})
    except ValidationError as problem:
        raise invalid(problem.error_dict) from problem


def shares_of(
    record: Record, facts: RecordFacts, lead: Pairing | None, item: Item | None, leads: frozenset[int] | None = None
) -> list[Share]:
    """The record's parts, one for each pairing, not yet stored. ``leads``: for whom an item counts, where that is known."""
    if leads is None:
        leads = leads_of(item) if item is not None else frozenset({lead.pk} if lead is not None else ())
    common = {
        "tenant": record.tenant,
        "record_id": record.pk,
        "programme_id": record.programme_id,
        "item": item,
        "type": record.type,
        "also_types": record.also_types,
        "step": record.step,
        "counts_on": facts.counts_on,
        "raised_on": record.raised_on,
        "submitted_on": record.submitted_on,
        "leader_present": record.leader_present,
        "principal_present": record.principal_present,
        "place_kind": record.place_kind,
        "visitors": record.visitors,
        "was_announced": record.was_announced,
    }
    if not facts.pairings:
        return [Share(**common, village=facts.village, status=record.status)]
    status = Status.SUBMITTED if record.status == Status.RETURNED else record.status
    return [
        Share(**common, pairing=pairing, village_id=pairing.village_id, status=status, is_lead=pairing.pk in leads)
        for pairing in facts.pairings
    ]


def event_of(record: Record, hand: Hand, deed: str, before: str, after: str, reason: str = "") -> RecordEvent:
    """A step of the record, not yet stored."""
    return RecordEvent(
        tenant_id=record.tenant_id,
        deed=deed,
        from_status=before,
        to_status=after,
        account_id=hand.actor.account_id,
        actor_name=hand.actor.name[:60],
        roles=hand.actor.roles[:40],
        acting_for_id=record.proxy_for_id if hand.is_proxy and hand.side == record.author_side else None,
        basis=hand.basis,
        reason=reason[:400],
        address=hand.actor.address[:45],
        at=clock.now(),
    )
