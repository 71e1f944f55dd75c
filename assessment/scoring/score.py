"""Scoring without writing: what every assessed pairing would have now, by the cycle's rubric or another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from assessment.models import Cycle, Rubric, RubricLine
from assessment.scoring.statement import scoring
from tenancy import clock


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One line of a score. ``score``: None when not applicable; deductions are positive."""

    code: str
    state: str
    figures: dict[str, Any]
    system_figures: dict[str, Any] | None
    score: Decimal | None
    max_score: Decimal


@dataclass(frozen=True, slots=True)
class Scored:
    """The score of one pairing; the fields are those of ``Sheet``. Lines in the order of the rubric."""

    pairing_id: int
    unit_id: int
    scored: Decimal
    marks: Decimal
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    final: Decimal
    grade: str
    is_vetoed: bool
    n_pending: int
    lines: tuple[ScoredLine, ...]


_SELECT = """
SELECT s.pairing_id, s.unit_id, s.scored, s.marks, s.base, s.bonus, s.deduction, s.final, s.grade, s.is_vetoed, s.n_pending,
       (SELECT json_agg(json_build_array(l.code, l.state, l.figures, l.system_figures, l.score::text, l.max_score::text))
        FROM line l WHERE l.pairing_id = s.pairing_id)
FROM sheet s ORDER BY s.unit_id, s.pairing_id
"""


def lines_of(rubric: Rubric) -> list[RubricLine]:
    """The lines of a rubric in its order: by group, then by line."""
    return list(
        RubricLine.objects.filter(rubric=rubric).select_related("group").order_by("group__position", "group_id", "position", "id")
    )


def values_of(cycle: Cycle, rubric: Rubric) -> dict[str, Any]:
    """The parameters of the statement."""
    return {
        "cycle": cycle.pk,
        "programme": cycle.programme_id,
        "rubric": rubric.pk,
        "starts_on": cycle.starts_on,
        "ends_on": cycle.ends_on,
        "year": cycle.year,
        "today": clock.today(),
        "now": clock.now(),
    }


def score(cycle: Cycle, *, rubric: Rubric | None = None, pairings: Iterable[int] | None = None) -> list[Scored]:
    """What each assessed pairing has now; nothing is written. Two queries, however many pairings.

    ``rubric``: another one than the cycle's (what-if). ``pairings`` (ids): of these only. Exempt ones have no score.
    """
    rubric = rubric or cycle.rubric
    lines = lines_of(rubric)
    given = None if pairings is None else sorted(set(pairings))
    if not lines or given == []:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {scoring(lines, is_limited=given is not None)} {_SELECT}",
            {**values_of(cycle, rubric), "pairings": given},
        )
        rows = cursor.fetchall()
    places = {line.code: place for place, line in enumerate(lines)}
    return [_read(row, places) for row in rows]


def _read(row: tuple[Any, ...], places: dict[str, int]) -> Scored:
    values, told = list(row[:-1]), row[-1]
    lines = [
        ScoredLine(code, state, figures, beside, None if points is None else Decimal(points), Decimal(marks))
        for code, state, figures, beside, points, marks in (
            json.loads(told, parse_float=Decimal) if isinstance(told, str) else told
        )
    ]
    lines.sort(key=lambda line: places[line.code])
    values.append(tuple(lines))
    return Scored(*values)
