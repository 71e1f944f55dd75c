"""Computing the scores of a cycle and keeping them (domain.md §3.2, §4.5; docs/decisions/0014-scores.md).

Before publication scores follow what they rest on: they are computed again each night, and shown as they are at the
moment. From publication on they change only by an explicit computation with a reason, and what changed is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessment.models import Cycle, CycleState, Rubric, RubricLine, Sheet, SheetChange, SheetLine
from assessment.refusals import AssessmentRefused
from assessment.scoring.score import lines_of, values_of
from assessment.scoring.statement import TYPES, scoring
from assessment.scoring.units import UnitScored, unit_results
from lib.by_hashing import joined_by_hashing
from lib.prepared import execute_prepared
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import SYSTEM, Actor, because, current_tenant

__all__ = ["Change", "Changes", "UnitScored", "bring_up_to_date", "compute", "unit_results"]

PUBLISHED = (CycleState.PUBLICITY, CycleState.FINAL)
_FIELDS = ("unit_id", "scored", "marks", "base", "bonus", "deduction", "final", "grade", "is_vetoed", "n_pending")
_LINE_FIELDS = ("state", "figures", "system_figures", "score", "max_score")


@dataclass(frozen=True, slots=True)
class Change:
    """One pairing's score before and after; None before the first computation. ``lines``: code → [before, after]."""

    pairing_id: int
    final_before: Decimal | None
    final_after: Decimal
    grade_before: str | None
    grade_after: str
    lines: dict[str, list[str | None]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a computation did: how many pairings it scored, and those whose figures are others than before."""

    n_scored: int = 0
    changed: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changed)


_KEEP = f"""
, old AS (
    SELECT k.pairing_id, k.final, k.grade FROM assessment_sheet k WHERE k.cycle_id = %(cycle)s
),
old_line AS (
    SELECT k.pairing_id, n.line_id, {", ".join(f"n.{name}" for name in _LINE_FIELDS)}
    FROM assessment_sheet k JOIN assessment_sheetline n ON n.tenant_id = k.tenant_id AND n.sheet_id = k.id
    WHERE k.cycle_id = %(cycle)s
),
kept AS (
    INSERT INTO assessment_sheet (uid, tenant_id, cycle_id, pairing_id, computed_at, {", ".join(_FIELDS)})
    SELECT gen_random_uuid(), (SELECT app.tenant()), %(cycle)s, s.pairing_id, %(now)s::timestamptz,
           {", ".join(f"s.{name}" for name in _FIELDS)}
    FROM sheet s
    ON CONFLICT (tenant_id, cycle_id, pairing_id) DO UPDATE SET computed_at = excluded.computed_at,
        {", ".join(f"{name} = excluded.{name}" for name in _FIELDS)}
    RETURNING id, pairing_id
),
kept_line AS (
    INSERT INTO assessment_sheetline (uid, tenant_id, sheet_id, line_id, {", ".join(_LINE_FIELDS)})
    SELECT gen_random_uuid(), (SELECT app.tenant()), k.id, r.id, {", ".join(f"l.{name}" for name in _LINE_FIELDS)}
    FROM line l
    JOIN kept k ON k.pairing_id = l.pairing_id
    JOIN assessment_rubricline r ON r.rubric_id = %(rubric)s AND r.code = l.code
    LEFT JOIN old_line o ON o.pairing_id = l.pairing_id AND o.line_id = r.id
    -- What stays as it is costs a comparison; an insert that meets its own row would cost as much as a row.
    WHERE o.line_id IS NULL OR ({", ".join(f"o.{name}" for name in _LINE_FIELDS)})
        IS DISTINCT FROM ({", ".join(f"l.{name}" for name in _LINE_FIELDS)})
    ON CONFLICT (tenant_id, sheet_id, line_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _LINE_FIELDS)}
    RETURNING 1
),
differing AS (
    SELECT l.pairing_id, jsonb_object_agg(l.code, jsonb_build_array(o.score::text, l.score::text)) AS lines
    FROM line l
    JOIN assessment_rubricline r ON r.rubric_id = %(rubric)s AND r.code = l.code
    LEFT JOIN old_line o ON o.pairing_id = l.pairing_id AND o.line_id = r.id
    WHERE o.score IS DISTINCT FROM l.score
    GROUP BY l.pairing_id
)
SELECT s.pairing_id, o.final, s.final, o.grade, s.grade, coalesce(d.lines, '{{}}'::jsonb)::text,
       d.pairing_id IS NOT NULL OR (o.final, o.grade) IS DISTINCT FROM (s.final, s.grade)
FROM sheet s
LEFT JOIN old o ON o.pairing_id = s.pairing_id
LEFT JOIN differing d ON d.pairing_id = s.pairing_id
ORDER BY s.unit_id, s.pairing_id
"""  # noqa: S608 - put together from the names above


@transaction.atomic
def compute(*, cycle: Cycle, access: Access | None = None, actor: Actor | None = None, reason: str = "") -> Changes:
    """Score every assessed pairing of the cycle and keep sheets and lines; a few statements, however many pairings.

    Raises AssessmentRefused: ``reason`` when the result is published and no reason is given; ``no_lines``.
    """
    who = access.actor if access is not None else actor or SYSTEM
    # Two computations of a cycle, one after the other.
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=cycle.pk)
    reason = reason.strip()
    is_published = cycle.state in PUBLISHED
    if is_published and not reason:
        raise AssessmentRefused(
            {"reason": _("The result is public. Say why it is computed again; the reason stands in the list of changes.")},
            "reason",
        )
    if reason:
        because(reason, actor=who)
    changes = _kept(cycle)
    if is_published:
        _write_down(cycle, changes, reason, who)
    Cycle.objects.filter(pk=cycle.pk).update(scored_at=clock.now())
    audit.append(who, "cycle_scored", object_kind="cycle", object_uid=cycle.uid, n=changes.n_scored, changed=len(changes.changed))
    return changes


@transaction.atomic
def bring_up_to_date(cycle: Cycle) -> int:
    """The nightly computation before publication: what changed is written, nothing else. Answers how many pairings."""
    row = Cycle.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=cycle.pk)
    if row.state in PUBLISHED or row.scored_at is None:
        return 0
    changes = _kept(row)
    if changes:
        Cycle.objects.filter(pk=row.pk).update(scored_at=clock.now())
    return len(changes.changed)


def _kept(cycle: Cycle) -> Changes:
    values = values_of(cycle, cycle.rubric)
    with connection.cursor() as cursor, joined_by_hashing():
        execute_prepared(cursor, _SAYS, TYPES, values)
        says, has_others = cursor.fetchone()
        if not says:
            raise AssessmentRefused(_("The rubric has no lines. Add them before scores are computed."), "no_lines")
        if has_others:
            _forget_others(cycle)
        execute_prepared(cursor, f"WITH {_scoring_by(cycle.rubric, says)} {_KEEP}", TYPES, values)
        rows = cursor.fetchall()
    return Changes(len(rows), [_change(row) for row in rows if row[6]])


def _change(row: tuple[Any, ...]) -> Change:
    values: list[Any] = [*row[:5], json.loads(row[5])]
    return Change(*values)


# All that a rubric's lines say, but for their numbers; and whether sheets or lines are kept that no longer belong.
_SAYS = """
SELECT (SELECT string_agg((to_jsonb(l) - '{id,uid,tenant_id,rubric_id,group_id}'::text[])::text, ''
                          ORDER BY g.position, l.group_id, l.position, l.id)
        FROM assessment_rubricline l JOIN assessment_rubricgroup g ON g.tenant_id = l.tenant_id AND g.id = l.group_id
        WHERE l.rubric_id = %(rubric)s),
       EXISTS (SELECT FROM assessment_sheet k WHERE k.cycle_id = %(cycle)s AND NOT EXISTS (
           SELECT FROM assessment_assessed a
           WHERE a.cycle_id = %(cycle)s AND a.pairing_id = k.pairing_id AND a.exempt_because = ''))
       OR EXISTS (SELECT FROM assessment_sheet k JOIN assessment_sheetline n ON n.tenant_id = k.tenant_id AND n.sheet_id = k.id
                  WHERE k.cycle_id = %(cycle)s AND NOT EXISTS (
                      SELECT FROM assessment_rubricline r WHERE r.rubric_id = %(rubric)s AND r.id = n.line_id))
"""
# The statement of a rubric by what it says: counties with the same rubric write it once.
_texts: dict[str, str] = {}
_MOST_TEXTS = 200


def _scoring_by(rubric: Rubric, says: str) -> str:
    if says not in _texts:
        if len(_texts) >= _MOST_TEXTS:
            _texts.clear()
        _texts[says] = scoring(lines_of(rubric))
    return _texts[says]


def _forget_others(cycle: Cycle) -> None:
    """Scores of pairings that are no longer assessed, and lines of another rubric: the draft was changed since."""
    stale = Sheet.objects.filter(cycle=cycle).exclude(pairing__in=cycle.assessed.filter(exempt_because="").values("pairing"))
    others = SheetLine.objects.filter(sheet__cycle=cycle).exclude(line__in=RubricLine.objects.filter(rubric=cycle.rubric_id))
    others.delete()
    SheetLine.objects.filter(sheet__in=stale).delete()
    stale.delete()


def _write_down(cycle: Cycle, changes: Changes, reason: str, actor: Actor) -> None:
    rows: list[Any] = [
        SheetChange(
            tenant=current_tenant(),
            cycle=cycle,
            pairing_id=one.pairing_id,
            final_before=one.final_before,
            final_after=one.final_after,
            grade_before=one.grade_before,
            grade_after=one.grade_after,
            lines=one.lines,
            reason=reason[:200],
            author_name=actor.name[:60],
            at=clock.now(),
        )
        for one in changes.changed
        if one.final_before is not None and one.grade_before is not None
    ]
    SheetChange.objects.bulk_create(rows)
