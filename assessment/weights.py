"""Moving the weight of a line: its marks, and in proportion the points that its rule speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

# Terms that are points, wherever they stand. Minimum numbers, percentages and weights of a poll are none.
_POINTS = frozenset({"each", "late_each", "else"})
_TABLES = frozenset({"parts", "choices", "levels"})
_RANGE = frozenset({"from", "to"})
_FINE = Decimal("0.0001")


def written(value: Decimal) -> int | str:
    """A number as terms keep it: whole ones as such, others as text, so that nothing is lost on the way through JSON."""
    if value == value.to_integral_value():
        return int(value)
    return f"{value.normalize():f}"


def _times(value: Any, factor: Decimal) -> int | str:
    return written((Decimal(str(value)) * factor).quantize(_FINE, ROUND_HALF_UP))


def scaled(pattern: str, terms: Mapping[str, Any], factor: Decimal) -> dict[str, Any]:
    """The terms of a rule when its line gives ``factor`` times the marks."""
    found: dict[str, Any] = {}
    for name, value in terms.items():
        if name in _POINTS or (pattern == "points" and name in _RANGE):
            found[name] = _times(value, factor)
        elif name in _TABLES:
            found[name] = {key: _times(points, factor) for key, points in value.items()}
        elif name == "steps":
            found[name] = [{**step, "score": _times(step["score"], factor)} for step in value]
        elif name == "penalties":
            found[name] = {key: {**one, "each": _times(one["each"], factor)} for key, one in value.items()}
        else:
            found[name] = value
    return found
