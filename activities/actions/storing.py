"""Writing a record with its parts, its step and its entry in the audit chain in one trip (performance.md).

The textbook way, a statement for each row, costs ten times as much; what is written is the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, DateField, ForeignKey, IntegerField, Model, UUIDField

from activities.actions.alone import alone
from activities.models import Record, RecordEvent, Share
from activities.obligations import Ahead
from lib.prepared import Step, execute_prepared, execute_steps
from tenancy.scope import Actor

_APPEND = "app.audit_append(%(account)s, %(actor)s, %(roles)s, %(address)s, %(deed)s, 'record', %(uid)s, 'done', %(details)s)"


def _columns(model: type[Model], *, but: tuple[str, ...]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.column not in ("id", *but)]


# As they stand in the instance, so they go to the database.
_PLAIN = (CharField, BooleanField, IntegerField, DateField, UUIDField, ForeignKey)

_RECORD = _columns(Record, but=())
_SHARE = _columns(Share, but=("record_id",))
_EVENT = _columns(RecordEvent, but=("record_id",))


@cache
def _plain(
    model: type[Model], but: tuple[str, ...], prefix: str
) -> tuple[tuple[str, ...], attrgetter[tuple[Any, ...]], list[Any]]:
    """Names of the values of plain columns, what reads them all at once, and the other columns."""
    fields = _columns(model, but=but)
    plain = [field for field in fields if isinstance(field, _PLAIN)]
    names = tuple(f"{prefix}{field.column}" for field in plain)
    return names, attrgetter(*(field.attname for field in plain)), [field for field in fields if field not in plain]


def _named(row: Model, prefix: str, *, but: tuple[str, ...] = ("record_id",)) -> dict[str, Any]:
    names, read, others = _plain(type(row), but, prefix)
    values = dict(zip(names, read(row), strict=True))
    for field in others:
        values[f"{prefix}{field.column}"] = field.get_db_prep_save(getattr(row, field.attname), connection)
    return values


def _names(fields: Sequence[Any]) -> str:
    return ", ".join(field.column for field in fields)


def _holes(fields: Sequence[Any], prefix: str) -> str:
    return ", ".join(f"%({prefix}{field.column})s" for field in fields)


def _types(fields: Sequence[Any], prefix: str) -> dict[str, str]:
    return {f"{prefix}{field.column}": str(field.db_type(connection)) for field in fields}


@cache
def _statement(n_shares: int) -> tuple[str, dict[str, str]]:
    """The statement for a record of so many parts, and the types of its holes."""
    rows = ", ".join(f"({_holes(_SHARE, f's{n}_')})" for n in range(n_shares))
    text = f"""
        WITH record AS (
            INSERT INTO activities_record ({_names(_RECORD)}) VALUES ({_holes(_RECORD, "r_")})
            ON CONFLICT (tenant_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
            RETURNING id
        ),
        shares AS (
            INSERT INTO activities_share (record_id, {_names(_SHARE)})
            SELECT record.id, v.* FROM record, (VALUES {rows}) AS v
        ),
        event AS (
            INSERT INTO activities_recordevent (record_id, {_names(_EVENT)})
            SELECT record.id, {_holes(_EVENT, "e_")} FROM record
        )
        SELECT id, {_APPEND} FROM record
    """  # noqa: S608 - names of our own columns
    types = _types(_RECORD, "r_") | _types(_EVENT, "e_") | _AUDIT_TYPES
    for n in range(n_shares):
        types |= _types(_SHARE, f"s{n}_")
    return text, types


def insert_record(
    record: Record, shares: Sequence[Share], event: RecordEvent, *, actor: Actor, deed: str, judged: Ahead | None = None
) -> bool:
    """Insert them all; ``record.pk`` is set. False, and nothing is written, for a client id sent before.

    ``judged``: what is to be judged in the same trip.
    """
    who = alone()
    if who is not None and judged is None and record.client_id is None:
        who.insert(record, shares, event, actor, deed)
        return True
    text, types = _statement(len(shares))
    values = _named(record, "r_", but=()) | _named(event, "e_") | _audit(actor, deed, record)
    for n, share in enumerate(shares):
        values |= _named(share, f"s{n}_")
    with connection.cursor() as cursor:
        execute_steps(cursor, [Step(text, types, values), *(judged.steps if judged is not None else ())])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return False
    record.pk = row[0]
    record._state.adding = False
    if judged is not None:
        judged.settle(row)
    return True


_AUDIT_TYPES = {
    "account": "bigint",
    "actor": "text",
    "roles": "text",
    "address": "text",
    "deed": "text",
    "uid": "uuid",
    "details": "jsonb",
}


def _audit(actor: Actor, deed: str, record: Record) -> dict[str, Any]:
    return {
        "account": actor.account_id,
        "actor": actor.name,
        "roles": actor.roles,
        "address": actor.address,
        "deed": deed,
        "uid": record.uid,
        "details": json.dumps({"type": record.type}, ensure_ascii=False),
    }


@cache
def _step() -> tuple[str, dict[str, str]]:
    text = f"""
        WITH event AS (
            INSERT INTO activities_recordevent (record_id, {_names(_EVENT)}) VALUES (%(record)s, {_holes(_EVENT, "e_")})
        )
        SELECT {_APPEND}
    """  # noqa: S608 - names of our own columns
    return text, {"record": "bigint"} | _types(_EVENT, "e_") | _AUDIT_TYPES


def add_step(record: Record, event: RecordEvent, *, actor: Actor, deed: str) -> None:
    """Add a step and its entry in the audit chain: one trip."""
    text, types = _step()
    with connection.cursor() as cursor:
        values = {"record": record.pk} | _named(event, "e_") | _audit(actor, deed, record)
        execute_prepared(cursor, text, types, values)


@cache
def _move(n_shares: int, columns: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The statement that moves a record and sets these columns of so many of its parts.

    Each part by its own key: a list of keys is looked up by whatever index the planner takes for as good.
    """
    fields: list[Any] = [Share._meta.get_field(name) for name in columns]
    text, types = _step()
    parts = ", ".join(f"{field.column} = %(s_{field.column})s" for field in fields)
    each = ", ".join(f"s{n} AS (UPDATE activities_share SET {parts} WHERE id = %(share{n})s)" for n in range(n_shares))  # noqa: S608
    moved = f"""
        WITH {each},
        moved AS (UPDATE activities_record SET status = %(status)s, status_at = %(status_at)s WHERE id = %(record)s),
    """  # noqa: S608 - names of our own columns
    more = {"status": "varchar", "status_at": "timestamptz"} | {f"share{n}": "bigint" for n in range(n_shares)}
    return text.replace("WITH", moved, 1), types | more | _types(fields, "s_")


def move(
    record: Record,
    event: RecordEvent,
    shares: Sequence[Share],
    parts: Mapping[str, Any],
    *,
    actor: Actor,
    deed: str,
    judged: Ahead | None = None,
) -> None:
    """Store the record's new state, set ``parts`` in these of its parts, add the step and its audit entry: one trip.

    ``judged``: what is to be judged in the same trip.
    """
    who = alone()
    if who is not None and judged is None:
        who.move(record, event, shares, parts, actor, deed)
        return
    text, types = _move(len(shares), tuple(parts))
    values = {"record": record.pk} | _named(event, "e_") | _audit(actor, deed, record)
    values |= {"status": record.status, "status_at": record.status_at}
    values |= {f"share{n}": share.pk for n, share in enumerate(shares)}
    for name, value in parts.items():
        field: Any = Share._meta.get_field(name)
        values[f"s_{field.column}"] = field.get_db_prep_save(value, connection)
        for share in shares:
            setattr(share, field.attname, value)
    with connection.cursor() as cursor:
        execute_steps(cursor, [Step(text, types, values), *(judged.steps if judged is not None else ())])
        row = cursor.fetchone()
    if judged is not None:
        judged.settle(row)
