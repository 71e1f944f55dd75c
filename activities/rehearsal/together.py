"""Records of a rehearsal that are written, or confirmed, one after the other: stored together, each with its own time.

The product's actions check each of them at its own moment and in its order. What they would then store row by row is
kept until somebody looks: the sweep, the dispatcher, another kind of event, a question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db import connection
from django.db.models import Field
from psycopg2.extras import execute_values

from activities.actions.alone import Moment, playing
from activities.actions.circumstances import Circumstances
from activities.actions.inserting import insert_all
from activities.actions.many_answers import follow_all
from activities.models import Record, RecordEvent, Share
from tenancy.scope import Actor


@dataclass(frozen=True, slots=True)
class _Deed:
    """What was done with a record: the rows of it, who did it, and for one that moved what its parts are set to."""

    record: Record
    shares: Sequence[Share]
    event: RecordEvent
    actor: Actor
    deed: str
    parts: Mapping[str, Any] = field(default_factory=dict)


class Together:
    """What the actions on records turn to (``activities.actions.alone``), for events of one word after the other."""

    def __init__(self) -> None:
        self._written: list[_Deed] = []
        self._moved: list[_Deed] = []
        # Items whose records have moved and that have not followed yet.
        self._items: set[int] = set()
        # Records as they were stored last, by key: nobody else writes.
        self._known: dict[int, tuple[Record, list[Share]]] = {}
        self._circumstances: dict[Moment, dict[int, Circumstances]] = {}
        self._expected: Mapping[tuple[str, date], set[int]] = {}

    @contextmanager
    def playing(self) -> Iterator[None]:
        """Inside, what is done with records is kept together."""
        with playing(self):
            yield

    def expect(self, records: Mapping[tuple[str, date], set[int]]) -> None:
        """Which pairings' records come next, by type and day: what decides about them is read at once."""
        self._expected = records

    @property
    def is_expecting(self) -> bool:
        return bool(self._expected)

    def forget(self) -> None:
        """Something else may change records: read them again."""
        self._known.clear()

    # -- what the actions ask -------------------------------------------------------------------
    def circumstances(
        self, pairings: Sequence[int], moment: Moment, read: Callable[[Sequence[int]], dict[int, Circumstances]]
    ) -> dict[int, Circumstances]:
        found = self._circumstances.setdefault(moment, {})
        if not found.keys() >= set(pairings):
            type_code, _day, happened_on, _today = moment
            found |= read(sorted({*pairings, *self._expected.get((type_code, happened_on), ())}))
        # In the order in which they were read: the first that stands against a record is told.
        return {pairing: each for pairing, each in found.items() if pairing in pairings}

    def held(self, pk: int) -> tuple[Record, list[Share]] | None:
        if any(deed.record.pk == pk for deed in self._moved):
            self.store()
        known = self._known.get(pk)
        return None if known is None else (known[0], list(known[1]))

    def insert(self, record: Record, shares: Sequence[Share], event: RecordEvent, actor: Actor, deed: str) -> None:
        self._written.append(_Deed(record, shares, event, actor, deed))
        record._state.adding = False

    def move(
        self, record: Record, event: RecordEvent, shares: Sequence[Share], parts: Mapping[str, Any], actor: Actor, deed: str
    ) -> None:
        # An item follows one record after the other, and all parts of a statement are set alike.
        if record.item_id in self._items or (self._moved and self._moved[0].parts.keys() != parts.keys()):
            self.store()
        for share in shares:
            for name, value in parts.items():
                setattr(share, cast("Field[Any, Any]", Share._meta.get_field(name)).attname, value)
        self._moved.append(_Deed(record, shares, event, actor, deed, parts))

    def follow(self, item: int) -> None:
        self._items.add(item)

    def store(self) -> None:
        """Store what was kept, in the order of the deeds, and let nothing be read twice any more."""
        written, self._written = self._written, []
        moved, self._moved = self._moved, []
        items, self._items = self._items, set()
        if written:
            _insert(written)
            self._known |= {deed.record.pk: (deed.record, list(deed.shares)) for deed in written}
        if moved:
            _move(moved)
        if items:
            follow_all(items)
        self._circumstances.clear()
        self._expected = {}


def _insert(deeds: Sequence[_Deed]) -> None:
    insert_all(Record, [deed.record for deed in deeds])
    for deed in deeds:
        for share in deed.shares:
            share.record = deed.record
    insert_all(Share, [share for deed in deeds for share in deed.shares])
    _told(deeds)


def _told(deeds: Sequence[_Deed]) -> None:
    """The steps, and an entry in the audit chain for each."""
    for deed in deeds:
        deed.event.record_id = deed.record.pk
    insert_all(RecordEvent, [deed.event for deed in deeds])
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, _APPEND, [_entry(deed) for deed in deeds], _ENTRY, page_size=len(deeds))


_APPEND = """
    SELECT app.audit_append(v.account, v.actor, v.roles, v.address, v.deed, 'record', v.uid, 'done', v.details)
    FROM (VALUES %s) AS v (account, actor, roles, address, deed, uid, details)
"""
_ENTRY = "(%s::bigint, %s, %s, %s, %s, %s::uuid, %s::jsonb)"


def _entry(deed: _Deed) -> tuple[Any, ...]:
    who, details = deed.actor, json.dumps({"type": deed.record.type}, ensure_ascii=False)
    return (who.account_id, who.name, who.roles, who.address, deed.deed, str(deed.record.uid), details)


def _move(deeds: Sequence[_Deed]) -> None:
    records = [(deed.record.pk, deed.event.from_status, deed.record.status, deed.record.status_at) for deed in deeds]
    fields: list[Any] = [Share._meta.get_field(name) for name in deeds[0].parts]
    shares = [
        (share.pk, *(part.get_db_prep_save(deed.parts[part.name], connection) for part in fields))
        for deed in deeds
        for share in deed.shares
    ]
    with connection.cursor() as cursor:
        columns = [part.column for part in fields]
        setting = ", ".join(f"{column} = v.{column}" for column in columns)
        text = f"UPDATE activities_share s SET {setting} FROM (VALUES %s) AS v (id, {', '.join(columns)}) WHERE s.id = v.id"  # noqa: S608
        row = ", ".join(["%s::bigint", *(f"%s::{part.db_type(connection)}" for part in fields)])
        execute_values(cursor.cursor, text, shares, f"({row})", page_size=len(shares))
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, _RECORDS, records, _RECORD, page_size=len(records))
        # Whoever else changed a record meanwhile, a sweep say, must let this class know.
        if cursor.rowcount != len(records):
            raise RuntimeError("A record is no more as it was stored: call Together.forget() where it is changed.")
    _told(deeds)


_RECORDS = """
    UPDATE activities_record r SET status = v.status, status_at = v.at
    FROM (VALUES %s) AS v (id, was, status, at) WHERE r.id = v.id AND r.status = v.was
"""
_RECORD = "(%s::bigint, %s, %s, %s::timestamptz)"
