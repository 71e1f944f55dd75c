"""A score sheet as the paper form people know: the same cells for the page, for print and for Word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from assessment.entering import is_alone, needs_third
from assessment.models import Assessed, Cycle, LineSource, LineState, RubricGroup, RubricLine, Sheet
from assessment.patterns.declare import plain
from assessment.queries.figures import beside, number, of_line
from assessment.queries.results import grade_order
from assessment.queries.sheets import ExplainedLine, Totals, explained, totals
from assessment.queries.withheld import Withheld, withheld
from assessment.sheet_rights import Sight

# Lines whose figure people bring; the system's stands beside it.
_BY_PEOPLE = (LineSource.POLL,)
_NOTE = 30


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line, in words. Empty cells are empty; what is withheld says so in ``note``."""

    code: str
    name: str
    marks: str
    rule: str
    system: str
    reviewer: str
    difference: str
    score: str
    note: str
    is_pending: bool = False
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """One group with its sum; empty where it is withheld."""

    code: str
    name: str
    points: str
    marks: str
    lines: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class SheetPaper:
    """The whole sheet. ``sums``: (label, arithmetic), the last line of each is a figure of the sheet."""

    title: str
    unit: str
    village: str
    rubric: str
    groups: tuple[PaperGroup, ...]
    sums: tuple[tuple[str, str], ...]
    final: str
    grade: str
    remarks: tuple[str, ...]
    n_lines: int


def standing_sheet(cycle: Cycle, row: Assessed) -> Sheet | None:
    """The sheet of a pairing; before any was computed one that is not kept. None: exempt, or published without one.

    What an exempt pairing had been given before it was exempted is no score.
    """
    if row.exempt_because:
        return None
    found: Sheet | None = (
        Sheet.objects.filter(cycle=cycle, pairing=row.pairing_id).select_related("cycle__rubric", "pairing").first()
    )
    if found is not None:
        return found
    if cycle.state in ("publicity", "final"):
        return None
    return Sheet(tenant_id=cycle.tenant_id, cycle=cycle, pairing=row.pairing, unit=row.unit)


def paper_of(sheet: Sheet, row: Assessed, sight: Sight) -> SheetPaper:
    """The sheet as ``sight`` lets it be seen. A constant number of queries."""
    lines = explained(sheet, with_refs=False)
    hidden = withheld(lines) if sight == Sight.OWN else Withheld()
    found = totals(sheet, lines)
    rubric = sheet.cycle.rubric
    words = grade_order(rubric)
    return SheetPaper(
        title=sheet.cycle.title,
        unit=row.unit.name,
        village=row.village.name,
        rubric=_("%(code)s %(title)s, version %(number)d")
        % {"code": rubric.code, "title": rubric.title, "number": rubric.number},
        groups=_groups(lines, found, hidden),
        sums=() if hidden.totals else _sums(found),
        final="" if hidden.totals else f"{sheet.final:.2f}",
        grade=words.get(sheet.grade, ""),
        remarks=_remarks(sheet, hidden),
        n_lines=len(lines),
    )


def _sums(found: Totals) -> tuple[tuple[str, str], ...]:
    return (
        (_("Base"), found.base),
        (_("Bonus"), found.bonus),
        (_("Deduction"), found.deduction),
        (_("Final score"), found.final),
    )


def _remarks(sheet: Sheet, hidden: Withheld) -> tuple[str, ...]:
    found = []
    if sheet.n_pending:
        found.append(_("%(n)d figures are still missing: they count nothing so far.") % {"n": sheet.n_pending})
    if sheet.is_vetoed:
        found.append(_("Under a veto: the grade is held down, the score stays."))
    if hidden.totals:
        found.append(_("The village's assessment is confidential. Sums that would give it away are not shown."))
    elif hidden.codes:
        found.append(_("The village's assessment is confidential: of its group only the sum is shown."))
    return tuple(found)


def _groups(lines: Sequence[ExplainedLine], found: Totals, hidden: Withheld) -> tuple[PaperGroup, ...]:
    made = []
    for total in found.groups:
        own = [one for one in lines if one.line.group_id == total.group.pk]
        has_hidden = any(one.line.code in hidden.codes for one in own)
        points = "" if hidden.totals and has_hidden else f"{total.points:.2f}"
        made.append(_group(total.group, points, total.marks, [line_of(one, hidden) for one in own]))
    return tuple(made)


def _group(group: RubricGroup, points: str, marks: Decimal, lines: list[PaperLine]) -> PaperGroup:
    return PaperGroup(group.code, group.name, points, plain(marks), tuple(lines))


def line_of(one: ExplainedLine, hidden: Withheld) -> PaperLine:
    """One line's cells."""
    line = one.line
    common: dict[str, Any] = {"code": line.code, "name": line.name, "marks": plain(one.max_score), "rule": one.rule_words}
    if line.code in hidden.codes:
        note = _("confidential; in the sum of the group")
        return PaperLine(**common, system="", reviewer="", difference="", score="", note=note, is_withheld=True)
    by_people = line.source in _BY_PEOPLE
    is_there = one.state != LineState.PENDING
    entered = line.reading == "entry"
    if entered:
        system = beside(line, _lean(line, one.system_figures))
    else:
        system = of_line(line, _lean(line, one.figures)) if is_there and not by_people else ""
    if entered:
        reviewer = _(", ").join(number(entry.value) for entry in one.entries)
    else:
        reviewer = of_line(line, one.figures) if by_people and is_there else ""
    return PaperLine(
        **common,
        system=system,
        reviewer=reviewer,
        difference=_difference(one),
        score=_score(one),
        note=_note(one),
        is_pending=one.state == LineState.PENDING,
    )


def _lean(line: RubricLine, figures: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The figures that the rule reckons with, and what else is not nought: a paper has little room."""
    if not figures:
        return figures
    needed = {value for value in line.pattern_terms.values() if isinstance(value, str)}
    kept = {name: value for name, value in figures.items() if name in needed or value not in (0, "0", None, False)}
    return kept or figures


def _score(one: ExplainedLine) -> str:
    if one.state == LineState.NOT_APPLICABLE or one.score is None:
        return _("N/A")
    return f"{one.score:.2f}"


def _note(one: ExplainedLine) -> str:
    if one.state == LineState.PENDING:
        if is_alone(one.line, one.entries):
            return _("one of two figures missing")
        return _("a third person settles it") if one.line.on_site and needs_third(one.line, one.entries) else _("figure missing")
    if one.state == LineState.NOT_APPLICABLE:
        return _("not applicable: the base is scaled up")
    said = _("; ").join(entry.note for entry in one.entries if entry.note)
    return said if len(said) <= _NOTE else f"{said[: _NOTE - 1]}…"


def _difference(one: ExplainedLine) -> str:
    """The reviewer's figure less the system's own of the same thing; empty where they tell different things."""
    system = _number((one.system_figures or {}).get("done"))
    reviewer = _number(one.figures.get("value")) if one.line.reading == "entry" else None
    if system is None or reviewer is None:
        return ""
    gap = reviewer - system
    return "0" if gap == 0 else f"{'+' if gap > 0 else '−'}{plain(abs(gap))}"


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
