"""Other marks for a line: its points change by the same factor (what-if)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from assessment.patterns.declare import PATTERNS, plain
from assessment.terms import Terms, decimal

_FINE = Decimal("0.000001")
_CENT = Decimal("0.01")


def scaled(pattern: str, terms: Terms, factor: Decimal) -> dict[str, Any]:
    """The terms of a pattern with all points times ``factor``; numbers that are no points stay."""
    declared = PATTERNS[pattern].declared
    found = dict(terms)
    for name, value in terms.items():
        if name in declared and declared[name].is_points:
            found[name] = _SORTS[declared[name].sort](value, factor)
    return found


def _times(value: Any, factor: Decimal) -> str:
    return plain((decimal(value) * factor).quantize(_FINE, ROUND_HALF_UP))


def _table(value: dict[str, Any], factor: Decimal) -> dict[str, str]:
    """What together made the marks still does: the last one takes up what rounding left."""
    found = {name: _times(points, factor) for name, points in value.items()}
    total = (sum((decimal(points) for points in value.values()), Decimal(0)) * factor).quantize(_CENT, ROUND_HALF_UP)
    gap = total - sum((decimal(points) for points in found.values()), Decimal(0))
    if found and gap and abs(gap) < _CENT:
        last = list(found)[-1]
        found[last] = plain(decimal(found[last]) + gap)
    return found


_SORTS: dict[str, Any] = {
    "points": _times,
    "number": _times,
    "table": _table,
    "steps": lambda value, factor: [{**step, "score": _times(step["score"], factor)} for step in value],
    "penalties": lambda value, factor: {
        name: {**penalty, "each": _times(penalty["each"], factor)} for name, penalty in value.items()
    },
}
