"""A score that explains itself: each line down to its records, and how the lines add up (ui.md, signature piece 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessment.entering import why_pending
from assessment.models import CycleState, Entry, LineState, RubricGroup, RubricLine, Section, Sheet, SheetLine
from assessment.patterns import formula, words
from assessment.patterns.declare import plain
from assessment.queries.evidence import read
from assessment.queries.refs import Evidence, Found, Ref
from assessment.scoring.score import Scored, ScoredLine, lines_of, score

__all__ = ["ExplainedLine", "GroupTotal", "Ref", "Totals", "current", "explained", "totals"]

# From here on a sheet says what was published, not what would be computed now.
_KEPT = (CycleState.PUBLICITY, CycleState.FINAL)
_SHEET = ("scored", "marks", "base", "bonus", "deduction", "final", "grade", "is_vetoed", "n_pending")


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of a sheet with everything behind it. ``score`` None: not applicable."""

    line: RubricLine
    rule_words: str
    formula: str
    figures: dict[str, Any]
    system_figures: dict[str, Any] | None
    score: Decimal | None
    max_score: Decimal
    state: str
    entries: tuple[Entry, ...]
    counted: tuple[Ref, ...]
    not_counted: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """One group: the sum of its lines, and what of it counts under its cap."""

    group: RubricGroup
    total: Decimal
    points: Decimal
    marks: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """How lines become the score, each step as a line of arithmetic. ``groups``: those of the base, in order."""

    groups: tuple[GroupTotal, ...]
    base: str
    bonus: str
    deduction: str
    final: str


def current(sheet: Sheet) -> Sheet:
    """The sheet as it is at this moment: before publication computed anew, nothing written; afterwards as it was kept.

    The given object is brought up to date and given back.
    """
    _standing(sheet)
    return sheet


def explained(sheet: Sheet, *, with_refs: bool = True) -> list[ExplainedLine]:
    """The lines of a sheet in the rubric's order. A constant number of queries, however many lines and records.

    The given sheet's own figures are brought up to date (``current``), so that they are the sum of these lines.
    """
    lines, scored = _standing(sheet)
    entries: dict[int, list[Entry]] = {}
    for entry in Entry.objects.filter(cycle=sheet.cycle_id, pairing=sheet.pairing_id):
        entries.setdefault(entry.line_id, []).append(entry)
    kept = _kept_evidence(sheet) if with_refs else {}
    evidence = Evidence(sheet.cycle, sheet.pairing, lines)
    found = []
    for line in lines:
        one = scored.get(line.code)
        if one is None:
            continue
        refs = Found()
        if with_refs:
            refs = read(kept[line.code]) if line.code in kept else evidence.of(line)
        found.append(
            ExplainedLine(
                line=line,
                rule_words=words(line),
                formula=_formula(line, one, entries.get(line.pk, [])),
                figures=one.figures,
                system_figures=one.system_figures,
                score=one.score,
                max_score=one.max_score,
                state=one.state,
                entries=tuple(entries.get(line.pk, ())),
                counted=refs.counted,
                not_counted=refs.not_counted,
            )
        )
    return found


def _kept_evidence(sheet: Sheet) -> dict[str, Mapping[str, Any]]:
    """What a published sheet's lines rested on, by code; nothing before publication."""
    if sheet.cycle.state not in _KEPT:
        return {}
    rows = SheetLine.objects.filter(sheet=sheet, evidence__isnull=False)
    return dict(rows.values_list("line__code", "evidence"))


def _formula(line: RubricLine, one: ScoredLine, entries: Sequence[Entry]) -> str:
    if one.state == LineState.PENDING and line.reading == "entry":
        return why_pending(line, entries)
    return formula(line, one.figures, one.score, one.state)


def totals(sheet: Sheet, lines: Sequence[ExplainedLine]) -> Totals:
    """How the lines given by ``explained`` make the sheet's figures."""
    rubric = sheet.cycle.rubric
    groups = _groups(lines)
    base_groups = tuple(one for one in groups if one.group.section == Section.BASE)
    added = " + ".join(f"{one.points:.2f}" for one in base_groups) or "0"
    if sheet.marks == rubric.full_marks:
        base = f"{added} = {sheet.base:.2f}"
    else:
        base = f"({added}) ÷ {plain(sheet.marks)} × {plain(rubric.full_marks)} = {sheet.base:.2f}"
    bonus = _capped([one.points for one in groups if one.group.section == Section.BONUS], rubric.bonus_cap, sheet.bonus)
    deduction = _capped(
        [one.points for one in groups if one.group.section == Section.DEDUCTION], rubric.deduction_cap, sheet.deduction
    )
    final = f"{sheet.base:.2f} + {sheet.bonus:.2f} − {sheet.deduction:.2f}"
    raw = sheet.base + sheet.bonus - sheet.deduction
    if raw < 0:
        final = f"max(0, {final})"
    elif raw > rubric.final_cap:
        final = f"min({plain(rubric.final_cap)}, {final})"
    return Totals(groups, base, bonus, deduction, f"{final} = {sheet.final:.2f}")


def _groups(lines: Iterable[ExplainedLine]) -> tuple[GroupTotal, ...]:
    by_group: dict[int, list[ExplainedLine]] = {}
    for one in lines:
        by_group.setdefault(one.line.group_id, []).append(one)
    found = []
    for members in by_group.values():
        group = members[0].line.group
        total = sum((one.score for one in members if one.score is not None), Decimal(0))
        marks = sum((one.max_score for one in members if one.state != LineState.NOT_APPLICABLE), Decimal(0))
        points = total
        if group.cap is not None:
            points = max(min(Decimal(0), marks - group.cap), min(group.cap, total))
            marks = min(marks, group.cap)
        found.append(GroupTotal(group, total, points, marks))
    return tuple(found)


def _capped(points: Sequence[Decimal], cap: Decimal, counted: Decimal) -> str:
    added = " + ".join(f"{one:.2f}" for one in points) or "0"
    if sum(points, Decimal(0)) > cap:
        return _("%(sum)s, at most %(cap)s = %(counted)s") % {"sum": added, "cap": plain(cap), "counted": f"{counted:.2f}"}
    return f"{added} = {counted:.2f}" if len(points) != 1 else f"{counted:.2f}"


def _standing(sheet: Sheet) -> tuple[list[RubricLine], dict[str, ScoredLine]]:
    """The rubric's lines, and those of the sheet by code: as kept, or of this moment."""
    cycle = sheet.cycle
    lines = lines_of(cycle.rubric)
    if cycle.state not in _KEPT:
        now = score(cycle, pairings=[sheet.pairing_id])
        if now:
            _update(sheet, now[0])
            return lines, {one.code: one for one in now[0].lines}
    codes = {line.pk: line.code for line in lines}
    kept = SheetLine.objects.filter(sheet=sheet, line__in=list(codes))
    return lines, {
        codes[one.line_id]: ScoredLine(codes[one.line_id], one.state, one.figures, one.system_figures, one.score, one.max_score)
        for one in kept
    }


def _update(sheet: Sheet, now: Scored) -> None:
    for name in _SHEET:
        setattr(sheet, name, getattr(now, name))
