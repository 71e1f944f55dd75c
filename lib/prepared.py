"""Statements that are planned once a connection: a long statement costs more to plan than to run over three rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_HOLE = re.compile(r"%\((\w+)\)s")


@lru_cache(maxsize=64)
def _parts(statement: str) -> tuple[str, str, tuple[str, ...]]:
    """A name for the statement, its text with numbered holes, and the holes' names in that order."""
    names = tuple(dict.fromkeys(_HOLE.findall(statement)))
    text = _HOLE.sub(lambda hole: f"${names.index(hole[1]) + 1}", statement).replace("%%", "%")
    return "p_" + hashlib.sha256(statement.encode()).hexdigest()[:24], text, names


def execute_prepared(cursor: Any, statement: str, types: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Run ``statement`` (holes ``%(name)s``) through PREPARE and EXECUTE on the cursor's connection, in a transaction.

    ``types`` gives the PostgreSQL type of each name. Needs a connection that stays the same session, which Django's is.
    """
    name, text, names = _parts(statement)
    prepared = _known.setdefault(cursor.connection, set())
    if name not in prepared:
        cursor.execute(f"PREPARE {name} ({', '.join(types[each] for each in names)}) AS {text}")
        prepared.add(name)
    holes = ", ".join(f"%s::{types[each]}" for each in names)
    # Planning anew for each set of values, as the server would for some time, costs more than any plan could save here.
    cursor.execute(f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {name} ({holes})", [values[each] for each in names])
