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
                cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        yield
    finally:
        _depth.reset(token)
    if not depth:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
