"""Statements that are planned once a connection: a long statement costs more to plan than to run over three rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_HOLE = re.compile(r"%\((\w+)\)s")


def execute_prepared(cursor: Any, statement: str, types: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Run ``statement`` (holes ``%(name)s``) through PREPARE and EXECUTE on the cursor's connection.

    ``types`` gives the PostgreSQL type of each name. Needs a connection that stays the same session, which Django's is.
    """
    names = list(dict.fromkeys(_HOLE.findall(statement)))
    session = cursor.connection
    name = "p_" + hashlib.sha256(statement.encode()).hexdigest()[:24]
    prepared = _known.setdefault(session, set())
    if name not in prepared:
        text = _HOLE.sub(lambda hole: f"${names.index(hole[1]) + 1}", statement).replace("%%", "%")
        cursor.execute(f"PREPARE {name} ({', '.join(types[each] for each in names)}) AS {text}")
        prepared.add(name)
    holes = ", ".join(f"%s::{types[each]}" for each in names)
    cursor.execute(f"EXECUTE {name} ({holes})", [values[each] for each in names])
