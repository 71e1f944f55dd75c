"""``column = ANY (array)``: many ids as one value, where ``__in`` makes a parameter of each and looks at each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, Value


class _Ids(Value):
    """Numbers, sent as one array."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s::bigint[]", [list(self.value)]


class _AnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def any_of(path: str, ids: Iterable[int]) -> Func:
    """A condition for ``filter``, ``exclude`` and ``Q``: the number at ``path`` is one of these."""
    return _AnyOf(F(path), _Ids(tuple(ids), output_field=BooleanField()))
