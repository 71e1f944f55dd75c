"""Results of units: the mean of their pairings, the share of the top grade, ties (domain.md §3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from assessment.models import Cycle, Rubric
from assessment.scoring.score import lines_of, values_of
from assessment.scoring.statement import GRADE, scoring
from lib.by_hashing import joined_by_hashing


@dataclass(frozen=True, slots=True)
class UnitScored:
    """One unit. ``is_tied``: it shares the last places of the top grade with others; the leading group decides.

    Until then a tied one has the grade below: nobody is lifted.
    """

    unit_id: int
    final: Decimal
    grade_by_score: str
    grade_final: str
    limited_by_quota: bool
    is_vetoed: bool
    is_tied: bool
    n_pairings: int
    n_pending: int


# What is kept, in the shape of what is computed.
_KEPT = """
WITH sheet AS (
    SELECT k.pairing_id, k.unit_id, k.final, k.is_vetoed, k.n_pending FROM assessment_sheet k WHERE k.cycle_id = %(cycle)s
),
line AS (
    SELECT k.pairing_id, r.code, n.score
    FROM assessment_sheet k
    JOIN assessment_sheetline n ON n.tenant_id = k.tenant_id AND n.sheet_id = k.id
    JOIN assessment_rubricline r ON r.tenant_id = n.tenant_id AND r.id = n.line_id
    WHERE k.cycle_id = %(cycle)s
)"""

# Ties are broken by the mean of a line, or of the lines of a group; where nothing was applicable, last.
_RESULTS = """
, breaker AS (
    SELECT s.unit_id, b.place, sum(l.score) / count(DISTINCT s.pairing_id) AS points
    FROM assessment_rubric u
    CROSS JOIN LATERAL jsonb_array_elements_text(u.tie_breakers) WITH ORDINALITY AS b(code, place)
    JOIN assessment_rubricline r ON r.tenant_id = u.tenant_id AND r.rubric_id = u.id
    JOIN assessment_rubricgroup g ON g.tenant_id = r.tenant_id AND g.id = r.group_id AND b.code IN (r.code, g.code)
    JOIN line l ON l.code = r.code AND l.score IS NOT NULL
    JOIN sheet s ON s.pairing_id = l.pairing_id
    WHERE u.id = %(rubric)s
    GROUP BY s.unit_id, b.place
),
unit AS (
    SELECT s.unit_id, round(avg(s.final), 2) AS final, bool_or(s.is_vetoed) AS is_vetoed, count(*)::int AS n_pairings,
           sum(s.n_pending)::int AS n_pending
    FROM sheet s GROUP BY s.unit_id
),
graded AS (
    SELECT n.*, {grade} AS grade,
           coalesce((SELECT array_agg(coalesce(k.points, -100000) ORDER BY b.place)
                     FROM jsonb_array_elements_text(u.tie_breakers) WITH ORDINALITY AS b(code, place)
                     LEFT JOIN breaker k ON k.unit_id = n.unit_id AND k.place = b.place), '{{}}'::numeric[]) AS breakers,
           u.top_share
    FROM unit n JOIN assessment_rubric u ON u.id = %(rubric)s
),
bands AS (
    SELECT b.grade, row_number() OVER (ORDER BY b.from_score DESC NULLS LAST) AS place
    FROM assessment_rubricband b WHERE b.rubric_id = %(rubric)s
),
ranked AS (
    SELECT d.unit_id, rank() OVER (ORDER BY d.final DESC, d.breakers DESC) AS place,
           count(*) OVER (PARTITION BY d.final, d.breakers) AS n_alike
    FROM graded d WHERE d.grade = (SELECT grade FROM bands WHERE place = 1)
),
allowed AS (SELECT count(*) * max(top_share) / 100 AS n FROM graded)
SELECT d.unit_id, d.final, d.grade,
       CASE WHEN r.place + r.n_alike - 1 > a.n THEN coalesce((SELECT grade FROM bands WHERE place = 2), d.grade)
            ELSE d.grade END,
       coalesce(r.place + r.n_alike - 1 > a.n, false), d.is_vetoed,
       coalesce(r.place <= a.n AND r.place + r.n_alike - 1 > a.n, false), d.n_pairings, d.n_pending
FROM graded d CROSS JOIN allowed a LEFT JOIN ranked r ON r.unit_id = d.unit_id
ORDER BY d.unit_id
"""


def unit_results(cycle: Cycle, *, rubric: Rubric | None = None) -> list[UnitScored]:
    """Each assessed unit's result, from the scores as they are kept; one query.

    ``rubric``: by this rubric instead, computed anew and not written; give the cycle's own for scores of this moment.
    """
    chosen = rubric or cycle.rubric
    results = _RESULTS.format(grade=GRADE.format(final="n.final", is_vetoed="n.is_vetoed", veto_grade="u.veto_grade"))
    head = _KEPT
    if rubric is not None:
        lines = lines_of(rubric)
        if not lines:
            return []
        head = f"WITH {scoring(lines)}"
    values: dict[str, Any] = values_of(cycle, chosen)
    with connection.cursor() as cursor, joined_by_hashing():
        cursor.execute(head + results, values)
        return [UnitScored(*row) for row in cursor.fetchall()]
