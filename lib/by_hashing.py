"""Statements over many rows, joined by hashing.

The planner takes each step of a long statement, and each table that grew in the same transaction, for a handful of
rows, and would go through thousands of rows once for each of thousands. Forbidding loops makes the estimate of those
that remain enormous, and compiling for it would take ten seconds: no jit either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

_depth: ContextVar[int] = ContextVar("joined_by_hashing", default=0)
_by_index: ContextVar[bool] = ContextVar("found_by_index", default=False)


@contextmanager
def joined_by_hashing() -> Iterator[None]:
    """Inside, in this transaction, tables are joined by hashing. May be nested; an error leaves it to the rollback.

    Compiling stays off until the transaction ends: nothing of ours runs long enough for it.
    """
    depth = _depth.get()
    token = _depth.set(depth + 1)
    try:
        if not depth:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_seqscan = on; SET LOCAL jit = off")
        yield
    finally:
        _depth.reset(token)
    if not depth:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
            if _by_index.get():
                cursor.execute("SET LOCAL enable_seqscan = off")


@contextmanager
def found_by_index(*, stays: bool = True) -> Iterator[None]:
    """Inside, in this transaction, rows are found by index: for filling tables that were empty when it began.

    ``stays=False``: all of it will be rolled back, and its keys need not be checked at the end.

    Keys are checked by plans that the connection makes once, and a table that is empty then is read from end to end for
    each row that is added later. ``joined_by_hashing`` goes before, while it lasts.
    """
    token = _by_index.set(True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
    try:
        yield
        if stays:
            check_keys()
    finally:
        _by_index.reset(token)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")


def check_keys() -> None:
    """Check the keys of what was written so far now, not all of them in the one statement that commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
