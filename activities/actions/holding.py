"""A record with its parts as they are now, held until the end of the transaction: one trip (performance.md)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from activities.actions.alone import alone
from activities.models import Record, Share
from lib.prepared import execute_prepared
from pairing.models import Pairing

_MODELS: tuple[type[Model], ...] = (Record, Share, Pairing)
_LOCK = "SELECT 1 FROM activities_record WHERE id = %(record)s FOR UPDATE"
_TYPES = {"record": "bigint"}


@cache
def _read() -> str:
    """The record beside each of its parts and the part's pairing, which a county's own doing has not."""
    columns = ", ".join(f"{alias}.{field.column}" for alias, fields in zip("rsp", _fields(), strict=True) for field in fields)
    return f"""
        SELECT {columns} FROM activities_record r
        LEFT JOIN activities_share s ON s.tenant_id = r.tenant_id AND s.record_id = r.id
        LEFT JOIN pairing_pairing p ON p.tenant_id = s.tenant_id AND p.id = s.pairing_id
        WHERE r.id = %(record)s ORDER BY s.id
    """  # noqa: S608 - names of our own columns


@cache
def _fields() -> tuple[list[Any], ...]:
    return tuple(list(model._meta.concrete_fields) for model in _MODELS)


def held(pk: int) -> tuple[Record, list[Share]] | None:
    """The record and its parts in their order, each with its pairing; None when the county has no such record.

    The parts are read after the lock is held: what another transaction did to them before is seen.
    """
    who = alone()
    known = who.held(pk) if who is not None else None
    if known is not None:
        return known
    with connection.cursor() as cursor:
        execute_prepared(cursor, (_LOCK, _read()), _TYPES, {"record": pk})
        rows = cursor.fetchall()
    if not rows:
        return None
    of_record, of_share, of_pairing = _fields()
    record: Any = _row(Record, of_record, rows[0])
    shares: list[Share] = []
    for row in rows if rows[0][len(of_record)] is not None else ():
        share: Any = _row(Share, of_share, row[len(of_record) :])
        pairing = row[len(of_record) + len(of_share) :]
        share.pairing = _row(Pairing, of_pairing, pairing) if pairing[0] is not None else None
        share.record = record
        shares.append(share)
    return record, shares


def _row(model: type[Model], fields: Sequence[Any], values: Sequence[Any]) -> Model:
    """An instance as the database gave it: ``fields`` are the model's columns in their order."""
    read = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(fields, values, strict=False)
    ]
    return model.from_db(connection.alias, [field.attname for field in fields], read)
