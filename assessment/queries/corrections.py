"""What a public notice said before each correction, and what it says since: unit by unit, in administrative order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.models import Correction, Cycle
from assessment.queries.results import results
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Corrected:
    """One unit whose score or grade became another. ``None`` after: it has no result any more."""

    unit: Unit
    final_before: Decimal
    grade_before: str
    final_after: Decimal | None
    grade_after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One correction with the units that it changed."""

    correction: Correction
    units: tuple[Corrected, ...]


def corrections_of(cycle: Cycle) -> list[Told]:
    """All corrections of a cycle, the newest first; three queries."""
    kept = list(Correction.objects.filter(cycle=cycle).order_by("id"))
    if not kept:
        return []
    now: Mapping[str, Any] = {
        str(row.unit.uid): {"final": f"{row.final:.2f}", "grade_final": row.grade_final} for row in results(cycle)
    }
    units = {
        str(unit.uid): unit
        for unit in Unit.objects.filter(uid__in={uid for one in kept for uid in one.results}).order_by("pinyin", "id")
    }
    afters = [*(one.results for one in kept[1:]), now]
    return [Told(one, _changed(one.results, after, units)) for one, after in zip(kept, afters, strict=True)][::-1]


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], units: Mapping[str, Unit]) -> tuple[Corrected, ...]:
    found = []
    for uid, unit in units.items():
        then, since = before.get(uid), after.get(uid)
        if then is None:
            continue
        if since is None:
            found.append(Corrected(unit, Decimal(then["final"]), then["grade_final"], None, ""))
        elif (then["final"], then["grade_final"]) != (since["final"], since["grade_final"]):
            final = Decimal(since["final"])
            found.append(Corrected(unit, Decimal(then["final"]), then["grade_final"], final, since["grade_final"]))
    return tuple(found)
