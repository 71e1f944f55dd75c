"""Units with their scores and grades, always in administrative order: by pinyin of the name, never by score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from assessment.models import Cycle, Rubric, RubricBand, Sheet, SheetChange, UnitResult
from assessment.scoring import UnitScored, score, unit_results
from units.models import Unit


def results(cycle: Cycle) -> QuerySet[UnitResult]:
    """The rows of a cycle's units in administrative order."""
    rows: QuerySet[UnitResult] = UnitResult.objects.filter(cycle=cycle).select_related("unit")
    return rows.order_by("unit__pinyin", "unit_id")


def provisional(cycle: Cycle) -> list[UnitResult]:
    """Results as they would be brought before the group now; not written."""
    found = {one.unit_id: one for one in unit_results(cycle)}
    units = Unit.objects.filter(pk__in=found).order_by("pinyin", "id")
    return [
        UnitResult(
            cycle=cycle,
            unit=unit,
            final=found[unit.pk].final,
            grade_by_score=found[unit.pk].grade_by_score,
            grade_final=found[unit.pk].grade_final,
            limited_by_quota=found[unit.pk].limited_by_quota,
            is_vetoed=found[unit.pk].is_vetoed,
        )
        for unit in units
    ]


def grade_order(rubric: Rubric) -> dict[str, str]:
    """Grade → the rubric's word, from the best down."""
    rows = list(RubricBand.objects.filter(rubric=rubric))
    rows.sort(key=lambda band: (band.from_score is None, -(band.from_score or 0)))
    return {band.grade: band.word for band in rows}


def sheets_of(cycle: Cycle) -> dict[int, list[Sheet]]:
    """Sheets by unit, in administrative order of the villages."""
    found: dict[int, list[Sheet]] = {}
    rows = Sheet.objects.filter(cycle=cycle).select_related("pairing__village").order_by("pairing__village__pinyin", "id")
    for sheet in rows:
        found.setdefault(sheet.unit_id, []).append(sheet)
    return found


def changes_of(cycle: Cycle) -> QuerySet[SheetChange]:
    """Scores that changed after publication, the newest first."""
    rows: QuerySet[SheetChange] = SheetChange.objects.filter(cycle=cycle).select_related("pairing__unit", "pairing__village")
    return rows


@dataclass(frozen=True, slots=True)
class Moved:
    """What another rubric does to a unit.

    ``lines``: code → (points before, after), means over its pairings, the largest move first.
    """

    unit_id: int
    before: UnitScored
    after: UnitScored
    lines: Mapping[str, tuple[Decimal | None, Decimal | None]]

    @property
    def changes_grade(self) -> bool:
        return self.before.grade_final != self.after.grade_final

    @property
    def difference(self) -> Decimal:
        return self.after.final - self.before.final


def compared(cycle: Cycle, other: Rubric) -> list[Moved]:
    """Every unit by the cycle's rubric and by another one, both computed at this moment and neither written; six queries."""
    before = {one.unit_id: one for one in unit_results(cycle, rubric=cycle.rubric)}
    after = {one.unit_id: one for one in unit_results(cycle, rubric=other)}
    old, new = _means(cycle, cycle.rubric), _means(cycle, other)
    found = []
    for unit_id in before.keys() & after.keys():
        mine, theirs = old.get(unit_id, {}), new.get(unit_id, {})
        moved = {code: (mine.get(code), theirs.get(code)) for code in {**mine, **theirs} if mine.get(code) != theirs.get(code)}
        order = sorted(moved, key=lambda code: (-abs((moved[code][1] or Decimal(0)) - (moved[code][0] or Decimal(0))), code))
        found.append(Moved(unit_id, before[unit_id], after[unit_id], {code: moved[code] for code in order}))
    return found


def _means(cycle: Cycle, rubric: Rubric) -> dict[int, dict[str, Decimal | None]]:
    """Points of each line by unit: the mean over its pairings in which the line applies; None where it applies in none."""
    sums: dict[int, dict[str, list[Decimal]]] = {}
    for one in score(cycle, rubric=rubric):
        lines = sums.setdefault(one.unit_id, {})
        for line in one.lines:
            given = lines.setdefault(line.code, [])
            if line.score is not None:
                given.append(line.score)
    return {
        unit: {
            code: (sum(given, Decimal(0)) / len(given)).quantize(Decimal("0.01")) if given else None
            for code, given in lines.items()
        }
        for unit, lines in sums.items()
    }
