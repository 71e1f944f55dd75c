"""Confirming many records at once: the rows that ``confirm_record`` would write one by one, set-based.

Whoever calls has checked that the hands may (a village's own list, the demonstration); the audit chain has one entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg2.extras import execute_values

from activities.actions import claims
from activities.actions.building import event_of
from activities.actions.inserting import insert_all
from activities.hands import Hand
from activities.models import Item, Record, Share, Status
from activities.obligations import refresh
from tenancy import clock


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side says of one record: confirmed, or returned with a reason."""

    record: Record
    hand: Hand
    reason: str = ""

    @property
    def status(self) -> str:
        return Status.RETURNED if self.reason else Status.CONFIRMED


def answer_records(*, answers: Sequence[Answer]) -> None:
    """Confirm or return all parts of these submitted records, within the caller's transaction, and count once."""
    if not answers:
        return
    moment = clock.now()
    by_hand: dict[tuple[Hand, str], list[Record]] = defaultdict(list)
    events = []
    for answer in answers:
        before, answer.record.status = answer.record.status, answer.status
        step = "returned" if answer.reason else "confirmed"
        event = event_of(answer.record, answer.hand, step, before, answer.status, answer.reason)
        event.record = answer.record
        events.append(event)
        by_hand[answer.hand, answer.status].append(answer.record)
    with connection.cursor() as cursor:
        rows = [row for (hand, status), records in by_hand.items() for row in _rows(records, hand, status, moment)]
        execute_values(cursor.cursor, _SHARES, rows, template=_SHARE_ROW)
        execute_values(cursor.cursor, _RECORDS, [(pk, status, moment) for pk, status, *_rest in rows], template=_RECORD_ROW)
    insert_all(type(events[0]), events)
    follow_all({answer.record.item_id for answer in answers if answer.record.item_id is not None})
    ids = [answer.record.pk for answer in answers]
    pairings = Share.objects.filter(record__in=ids, pairing__isnull=False)
    refresh(pairings=set(pairings.values_list("pairing_id", flat=True)))


def follow_all(item_ids: Iterable[int]) -> None:
    """Bring many items to the state that their records say, as ``claims.follow`` does one."""
    items = {item.pk: item for item in Item.objects.select_for_update().filter(pk__in=set(item_ids)).order_by("pk")}
    steps: dict[int, list[tuple[str, str, object]]] = defaultdict(list)
    live = Record.objects.filter(item__in=items, status__in=[Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED])
    for item_id, *step in live.order_by("occurred_on").values_list("item_id", "step", "status", "occurred_on"):
        steps[item_id].append((step[0], step[1], step[2]))
    moved: list[tuple[object, ...]] = []
    for pk, item in items.items():
        state, completed, awarded = claims.state_from(item, steps[pk])
        if (state, completed, awarded) != (item.state, item.completed_on, item.awarded_on):
            moved.append((pk, state, completed, awarded))
    if moved:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _ITEMS, moved, template="(%s, %s, %s::date, %s::date)")


def _rows(records: Sequence[Record], hand: Hand, status: str, moment: datetime) -> list[tuple[object, ...]]:
    who = (moment, hand.actor.account_id, hand.actor.name[:60]) if status == Status.CONFIRMED else (None, None, "")
    return [(record.pk, status, *who, hand.is_proxy, hand.basis) for record in records]


_SHARE_ROW = "(%s::bigint, %s, %s::timestamptz, %s::bigint, %s, %s::boolean, %s)"
_SHARES = """
UPDATE activities_share s SET status = v.status, confirmed_at = v.at, confirmed_by_id = v.who, confirmed_name = v.name,
       confirmed_by_proxy = v.is_proxy, confirm_basis = v.basis
FROM (VALUES %s) v (record_id, status, at, who, name, is_proxy, basis)
WHERE s.record_id = v.record_id AND s.status = 'submitted'
"""
_RECORD_ROW = "(%s::bigint, %s, %s::timestamptz)"
_RECORDS = """
UPDATE activities_record r SET status = v.status, status_at = v.at FROM (VALUES %s) v (id, status, at) WHERE r.id = v.id
"""
_ITEMS = """
UPDATE activities_item i SET state = v.state, completed_on = v.completed_on, awarded_on = v.awarded_on
FROM (VALUES %s) v (id, state, completed_on, awarded_on) WHERE i.id = v.id
"""
