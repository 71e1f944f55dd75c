"""Writing many records at once, as an import does: the rows that ``write_record`` would write one by one, set-based.

Whoever calls has checked the facts (``activities.importing``); the audit chain has one entry for the import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from activities.actions.building import event_of, new_record, shares_of
from activities.actions.claims import CARRIES_ITEM, household_name, item_name, new_item
from activities.actions.facts import RecordFacts
from activities.actions.inserting import insert_all
from activities.hands import Hand
from activities.households import house_key
from activities.models import ActivityType, Carrier, Item, ItemKind, ItemLead, ItemState, Record, RecordEvent, Share
from activities.obligations import refresh
from pairing.models import Pairing
from tenancy import clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One record to write, submitted to the other side: its facts, whose hand, and why it is written (for its first step)."""

    facts: RecordFacts
    hand: Hand
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; ``items`` are those that are new."""

    records: list[Record]
    items: list[Item]


def write_records(*, entries: Sequence[Entry], import_batch: UUID | None = None) -> Written:
    """Write them all, within the caller's transaction; a dozen statements and one count of what is owed."""
    if not entries:
        return Written([], [])
    carriers = _carriers(entries)
    items = _Items(entries)
    records, shares, events = [], [], []
    claimed = []
    for entry in entries:
        carrier = carriers[entry.facts.pairings[0].programme_id, entry.facts.type]
        claimed.append((carrier, items.claim(entry.facts, carrier)))
    insert_all(Item, items.new)
    for entry, (carrier, item) in zip(entries, claimed, strict=True):
        record = new_record(entry.facts, entry.hand, carrier, item, submit=True)
        record.import_batch = import_batch
        records.append(record)
    insert_all(Record, records)
    for record, entry, (_carrier, item) in zip(records, entries, claimed, strict=True):
        lead = leading(entry.facts.pairings)
        leads = frozenset({lead.pk}) if item is None else items.leads(item)
        shares += shares_of(record, entry.facts, lead, item, leads)
        event = event_of(record, entry.hand, "submitted", "", record.status, entry.reason)
        event.record = record
        events.append(event)
    insert_all(Share, shares)
    insert_all(RecordEvent, events)
    refresh(pairings={pairing.pk for entry in entries for pairing in entry.facts.pairings})
    return Written(records, items.new)


def add_steps(*, records: Sequence[Record], hand: Hand, deed: str, reason: str = "") -> None:
    """Note a step of records that have been changed already, their state being the one they reached."""
    Record.objects.filter(pk__in=[record.pk for record in records]).update(status_at=clock.now())
    events = [event_of(record, hand, deed, record.status, record.status, reason) for record in records]
    for record, event in zip(records, events, strict=True):
        event.record = record
    insert_all(RecordEvent, events)


def follow_records(*, records: Sequence[Record], was: str, hand: Hand, deed: str, reason: str) -> None:
    """Bring the parts of records to the state that the records have been put in already; count anew what is owed."""
    ids = [record.pk for record in records]
    for status in {record.status for record in records}:
        alike = [record.pk for record in records if record.status == status]
        Share.objects.filter(record__in=alike).update(status=status)
    Record.objects.filter(pk__in=ids).update(status_at=clock.now())
    events = [event_of(record, hand, deed, was, record.status, reason) for record in records]
    for record, event in zip(records, events, strict=True):
        event.record = record
    insert_all(RecordEvent, events)
    refresh(pairings=set(Share.objects.filter(record__in=ids, pairing__isnull=False).values_list("pairing_id", flat=True)))


def leading(pairings: Sequence[Pairing]) -> Pairing:
    """The pairing that leads a joint record: its village's lead unit among those named, else the first named."""
    return next((pairing for pairing in pairings if pairing.is_lead), pairings[0])


def _carriers(entries: Iterable[Entry]) -> dict[tuple[int, str], str]:
    programmes = {entry.facts.pairings[0].programme_id for entry in entries}
    types = ActivityType.objects.filter(programme__in=programmes, is_active=True)
    return {(programme, code): carrier for programme, code, carrier in types.values_list("programme_id", "code", "carrier")}


class _Items:
    """The projects, livelihood items and courtyards that records are about: those there are, and those they make."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.new: list[Item] = []
        pairings = [pairing for entry in entries for pairing in entry.facts.pairings]
        villages, programmes = {p.village_id for p in pairings}, {p.programme_id for p in pairings}
        found = Item.objects.filter(village__in=villages, programme__in=programmes).exclude(state=ItemState.WITHDRAWN)
        self._projects: dict[tuple[int, int, str], list[Item]] = defaultdict(list)
        for item in found.filter(kind=ItemKind.PROJECT).order_by("id"):
            self._projects[item.programme_id, item.village_id, item.name].append(item)
        self._courtyards: dict[tuple[int, int, str], Item] = {
            (item.programme_id, item.village_id, item.household): item for item in found.filter(kind=ItemKind.COURTYARD)
        }
        self._co_leads: dict[int, set[int]] = defaultdict(set)
        for item_id, pairing_id in ItemLead.objects.filter(item__in=found).values_list("item_id", "pairing_id"):
            self._co_leads[item_id].add(pairing_id)

    def claim(self, facts: RecordFacts, carrier: str) -> Item | None:
        """The item that the facts are about, as ``claims.claim_item`` finds or makes it."""
        if carrier not in CARRIES_ITEM:
            return None
        if facts.item is not None:
            return facts.item
        lead = leading(facts.pairings)
        if carrier == Carrier.COURTYARD:
            key = (lead.programme_id, lead.village_id, house_key(facts.house_no))
            if key not in self._courtyards:
                house_no = facts.house_no.strip()[:40]
                made = self._make(facts, carrier, lead, name=household_name(facts), household=key[2], house_no=house_no)
                self._courtyards[key] = made
            return self._courtyards[key]
        name = item_name(facts)
        if carrier == Carrier.PROJECT:
            known = [
                item
                for village in {p.village_id: None for p in facts.pairings}
                for item in self._projects[lead.programme_id, village, name]
            ]
            own = {pairing.pk for pairing in facts.pairings}
            if known:
                found: Item = next((item for item in known if item.pairing_id in own), known[0])
                return found
        made = self._make(facts, carrier, lead, name=name)
        if carrier == Carrier.PROJECT:
            self._projects[lead.programme_id, lead.village_id, name].append(made)
        return made

    def _make(self, facts: RecordFacts, carrier: str, lead: Pairing, **fields: str) -> Item:
        item = new_item(facts, Carrier(carrier), lead, **fields)
        self.new.append(item)
        return item

    def leads(self, item: Item) -> frozenset[int]:
        """Ids of the pairings for which the item counts, as ``claims.leads_of`` tells them."""
        return frozenset({item.pairing_id, *self._co_leads[item.pk]} if item.kind == ItemKind.PROJECT else {item.pairing_id})


__all__ = ["Entry", "Written", "add_steps", "follow_records", "leading", "write_records"]
