"""Which project, livelihood item or courtyard a record is about: found, or made (domain.md §2.4, A4, A8–A10)."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from activities.actions.alone import alone
from activities.actions.facts import RecordFacts
from activities.households import house_key
from activities.models import Carrier, Item, ItemKind, ItemLead, ItemState, Record, Status, Step
from activities.refusals import RecordRefused, refusal
from lib.prepared import execute_prepared
from pairing.models import Pairing
from tenancy.scope import current_tenant
from units.models import Unit

_STEPS = {
    Carrier.PROJECT: (Step.STARTED, Step.STAGE, Step.COMPLETED),
    Carrier.LIVELIHOOD: (Step.CLOSED,),
    Carrier.COURTYARD: (Step.BUILT, Step.AWARDED),
}
CARRIES_ITEM = frozenset(_STEPS)
_FIRST_STATE = {
    Carrier.PROJECT: ItemState.PLANNED,
    Carrier.LIVELIHOOD: ItemState.IN_PROGRESS,
    Carrier.COURTYARD: ItemState.GUIDED,
}
_KIND = {Carrier.PROJECT: ItemKind.PROJECT, Carrier.LIVELIHOOD: ItemKind.LIVELIHOOD, Carrier.COURTYARD: ItemKind.COURTYARD}


def first_state_of(kind: ItemKind) -> str:
    """The state of an item that a first record makes."""
    return _FIRST_STATE[Carrier(kind.value)]


def step_of(facts: RecordFacts, carrier: str) -> str:
    """The step that the record reaches. Raises RecordRefused ``step_unknown`` for a project without one."""
    allowed = _STEPS.get(Carrier(carrier), ())
    if not allowed:
        return ""
    if facts.step in allowed:
        return facts.step
    if facts.step or len(allowed) == len(_STEPS[Carrier.PROJECT]):
        raise refusal("step_unknown")
    return allowed[0]


def claim_item(facts: RecordFacts, carrier: str, lead: Pairing) -> Item | None:
    """The item that the record is about, made when it is new.

    Raises RecordRefused: ``item_missing``; ``duplicate_courtyard``, naming the unit whose household it is already.
    """
    if carrier not in CARRIES_ITEM:
        return None
    if facts.item is not None:
        if facts.item.kind != _KIND[Carrier(carrier)] or facts.item.village_id not in {p.village_id for p in facts.pairings}:
            raise refusal("item_missing")
        if carrier == Carrier.COURTYARD and facts.step != Step.AWARDED:
            _refuse_second_building(facts.item)
        return facts.item
    if carrier == Carrier.COURTYARD:
        return _claim_household(facts, lead)
    name = item_name(facts)
    if not name:
        raise refusal("item_missing")
    if carrier == Carrier.PROJECT:
        known = _known_project(name, facts.pairings)
        if known is not None:
            return known
    return _make(facts, Carrier(carrier), lead, name=name)


def item_name(facts: RecordFacts) -> str:
    """What a project or livelihood item is called; empty when nothing names it."""
    return facts.item_name.strip() or facts.title.strip() or facts.text.strip()[:60]


def _known_project(name: str, pairings: tuple[Pairing, ...]) -> Item | None:
    """A project of that name in these pairings' villages: its lead's, or one that another unit leads."""
    villages = {pairing.village_id for pairing in pairings}
    programmes = {pairing.programme_id for pairing in pairings}
    own = {pairing.pk for pairing in pairings}
    found = Item.objects.filter(kind=ItemKind.PROJECT, village__in=villages, programme__in=programmes, name=name)
    rows = list(found.exclude(state=ItemState.WITHDRAWN).order_by("id"))
    return next((row for row in rows if row.pairing_id in own), rows[0] if rows else None)


def _claim_household(facts: RecordFacts, lead: Pairing) -> Item:
    key = house_key(facts.house_no)
    if not key:
        raise refusal("item_missing")
    name = household_name(facts)
    try:
        # The constraint decides, also between two claims of one moment.
        with transaction.atomic():
            return _make(facts, Carrier.COURTYARD, lead, name=name, household=key, house_no=facts.house_no.strip()[:40])
    except IntegrityError:
        held = _holder(lead, key)
        if held is None:
            raise
        if facts.step == Step.AWARDED or (not _is_built(held) and held.pairing_id == lead.pk):
            return held
        raise _taken(held) from None


def household_name(facts: RecordFacts) -> str:
    """What a courtyard is called: the householder, else the house number."""
    return facts.householder.strip() or facts.house_no.strip()


def _holder(lead: Pairing, key: str) -> Item | None:
    rows = Item.objects.filter(
        kind=ItemKind.COURTYARD, programme=lead.programme_id, village=lead.village_id, household=key
    ).exclude(state=ItemState.WITHDRAWN)
    held: Item | None = rows.select_related("pairing__unit").first()
    return held


def _built(item: Item) -> Record | None:
    who = alone()
    if who is not None:
        who.store()
    live = Record.objects.filter(item=item, step=Step.BUILT, status__in=[Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED])
    found: Record | None = live.order_by("id").first()
    return found


def _is_built(item: Item) -> bool:
    return _built(item) is not None


def _refuse_second_building(item: Item) -> None:
    if _is_built(item):
        raise _taken(item)


def _taken(item: Item) -> RecordRefused:
    first = _built(item)
    day = first.occurred_on if first is not None else item.created_at.date()
    unit: Unit = item.pairing.unit
    facts = {"record": str(first.uid)} if first is not None else {}
    return refusal("duplicate_courtyard", facts, house=item.house_no, unit=unit.name, day=day.isoformat())


def _make(facts: RecordFacts, carrier: Carrier, lead: Pairing, *, name: str, household: str = "", house_no: str = "") -> Item:
    item = new_item(facts, carrier, lead, name=name, household=household, house_no=house_no)
    item.save(force_insert=True)
    return item


def new_item(facts: RecordFacts, carrier: Carrier, lead: Pairing, *, name: str, household: str = "", house_no: str = "") -> Item:
    """The item that a first record makes, not yet stored."""
    return Item(
        tenant=current_tenant(),
        kind=_KIND[carrier],
        programme_id=lead.programme_id,
        pairing=lead,
        village_id=lead.village_id,
        name=name[:120],
        state=_FIRST_STATE[carrier],
        category=facts.category[:20],
        raised_on=facts.raised_on,
        household=household,
        house_no=house_no,
        householder=facts.householder[:40],
        money_yuan=facts.money_yuan,
        beneficiaries=facts.beneficiaries,
        description=facts.text,
    )


def leads_of(item: Item) -> frozenset[int]:
    """Ids of the pairings for which the item counts: its lead's, and for a project the declared co-leads' (A9)."""
    leads = {item.pairing_id}
    if item.kind == ItemKind.PROJECT:
        leads |= set(ItemLead.objects.filter(item=item).values_list("pairing_id", flat=True))
    return frozenset(leads)


def follow(item_id: int | None) -> None:
    """Set an item's state and dates from what its live records say; nothing else moves it backwards.

    Called after a record about it was confirmed, returned or voided.
    """
    if item_id is None:
        return
    who = alone()
    if who is not None:
        who.follow(item_id)
        return
    with connection.cursor() as cursor:
        execute_prepared(cursor, (_LOCK_ITEM, _LIVE_STEPS), {"item": "bigint"}, {"item": item_id})
        rows = cursor.fetchall()
    item = Item(pk=item_id, kind=rows[0][0], state=rows[0][1])
    before = rows[0][1:4]
    now = state_from(item, [row[4:] for row in rows if row[4] is not None])
    if now != before:
        with connection.cursor() as cursor:
            values = dict(zip(_FOLLOWED, (item_id, *now), strict=True))
            execute_prepared(cursor, _KEEP_STATE, _FOLLOWED, values)


# What is read begins after the item is held: one trip.
_LOCK_ITEM = "SELECT 1 FROM activities_item WHERE id = %(item)s FOR UPDATE"
_LIVE_STEPS = """
    SELECT i.kind, i.state, i.completed_on, i.awarded_on, r.step, r.status, r.occurred_on
    FROM activities_item i
    LEFT JOIN activities_record r ON r.tenant_id = i.tenant_id AND r.item_id = i.id
        AND r.status IN ('submitted', 'confirmed', 'returned')
    WHERE i.id = %(item)s ORDER BY r.occurred_on
"""
_KEEP_STATE = """
    UPDATE activities_item SET state = %(state)s, completed_on = %(completed)s, awarded_on = %(awarded)s WHERE id = %(item)s
"""
_FOLLOWED = {"item": "bigint", "state": "varchar", "completed": "date", "awarded": "date"}


def state_from(item: Item, steps: list[tuple[str, str, object]]) -> tuple[str, object, object]:
    def day(*wanted: str) -> object:
        return next((on for step, status, on in steps if step in wanted and status == Status.CONFIRMED), None)

    finished, awarded = day(Step.COMPLETED, Step.CLOSED, Step.BUILT), day(Step.AWARDED)
    if item.kind == ItemKind.COURTYARD:
        if not steps:
            return ItemState.WITHDRAWN, None, None
        state = ItemState.AWARDED if awarded else ItemState.BUILT if finished else ItemState.GUIDED
        return state, finished, awarded
    if item.kind == ItemKind.LIVELIHOOD:
        if finished:
            return ItemState.CLOSED, finished, None
        return (ItemState.IN_PROGRESS if item.state == ItemState.CLOSED else item.state), None, None
    if finished:
        return (item.state if item.state == ItemState.CLOSED else ItemState.ACCEPTED), finished, None
    begun = any(status == Status.CONFIRMED for _step, status, _on in steps)
    if item.state in (ItemState.PLANNED, ItemState.APPROVED, ItemState.ACCEPTED) and begun:
        return ItemState.UNDER_WAY, None, None
    return item.state, None, None
