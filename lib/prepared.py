"""Statements that are planned once a connection: a long statement costs more to plan than to run over three rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_HOLE = re.compile(r"%\((\w+)\)s")


@lru_cache(maxsize=256)
def _parts(statement: str) -> tuple[str, str, tuple[str, ...]]:
    """A name for the statement, its text with numbered holes, and the holes' names in that order."""
    names = tuple(dict.fromkeys(_HOLE.findall(statement)))
    text = _HOLE.sub(lambda hole: f"${names.index(hole[1]) + 1}", statement).replace("%%", "%")
    return "p_" + hashlib.sha256(statement.encode()).hexdigest()[:24], text, names


@dataclass(frozen=True, slots=True)
class Step:
    """One statement with holes ``%(name)s``; ``types`` gives the PostgreSQL type of each name."""

    statement: str
    types: Mapping[str, str]
    values: Mapping[str, Any]


def execute_prepared(cursor: Any, statements: str | Sequence[str], types: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Run statements of the same holes as ``execute_steps`` does."""
    each = (statements,) if isinstance(statements, str) else statements
    execute_steps(cursor, [Step(statement, types, values) for statement in each])


def execute_steps(cursor: Any, steps: Sequence[Step]) -> None:
    """Run statements through PREPARE and EXECUTE on the cursor's connection, in a transaction.

    Several go in one trip, each seeing what was committed before it began; the cursor holds what the last one answers.
    Needs a connection that stays the same session, which Django's is.
    """
    prepared = _known.setdefault(cursor.connection, set())
    # Planning anew for each set of values, as the server would for some time, costs more than any plan could save here.
    trip, given = ["SET LOCAL plan_cache_mode = force_generic_plan"], []
    for step in steps:
        name, text, names = _parts(step.statement)
        types, values = step.types, step.values
        if name not in prepared:
            cursor.execute(f"PREPARE {name} ({', '.join(types[each] for each in names)}) AS {text}")
            prepared.add(name)
        # The server puts each value into the type that was prepared for it: no casts, of which a record has a hundred.
        trip.append(f"EXECUTE {name} ({', '.join(['%s'] * len(names))})" if names else f"EXECUTE {name}")
        given += [values[each] for each in names]
    cursor.execute("; ".join(trip), given)
