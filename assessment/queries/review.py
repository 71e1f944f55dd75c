"""What scorers see of one line: each assessed pairing with the unit's own score, the system's figure, what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.entering import is_alone, needs_third
from assessment.models import Assessed, Cycle, Entry, LineState, RubricLine, SelfReport
from assessment.queries.figures import beside
from assessment.queries.lists import scored_ones
from assessment.scoring.score import Scored, lines_of

# Above this share two figures are told apart (domain.md §3.1, sampled recount with tolerance).
TOLERANCE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Row:
    """One pairing on the review page of a line.

    ``entered`` are the entries that the reader may see, ``own`` is the reader's; ``is_taken``: somebody else's figure
    stands there that the reader may not see. ``differs``: the scored points are more than a tenth of the marks away
    from the unit's own score, or a figure more than a tenth away from the system's.
    """

    assessed: Assessed
    own_score: Decimal | None
    system: str
    entered: Sequence[Entry]
    own: Entry | None
    is_taken: bool
    scored: Decimal | None
    difference: Decimal | None
    differs: bool
    needs_third: bool
    # One of the two people on site has entered; told to who sees all, so that the other looks for himself.
    needs_second: bool


def entered_lines(cycle: Cycle) -> list[RubricLine]:
    """The lines that people enter, in the rubric's order."""
    return [line for line in lines_of(cycle.rubric) if line.reading == "entry"]


def review_rows(cycle: Cycle, line: RubricLine, *, live: Iterable[Scored], account_id: int, sees_all: bool) -> list[Row]:
    """All scored pairings in administrative order; three queries. ``live``: the scores of this moment.

    ``sees_all``: the county and its auditors. A scorer sees the own entries alone, so that two look independently.
    """
    listed = list(scored_ones(cycle))
    entries: dict[int, list[Entry]] = {}
    for entry in Entry.objects.filter(cycle=cycle, line=line):
        entries.setdefault(entry.pairing_id, []).append(entry)
    said = dict(SelfReport.objects.filter(cycle=cycle).values_list("pairing_id", "line_scores"))
    now = {one.pairing_id: one for one in live}
    found = []
    for one in listed:
        held, own = entries.get(one.pairing_id, []), said.get(one.pairing_id) or {}
        found.append(_row(one, line, held, own, now.get(one.pairing_id), account_id, sees_all))
    return found


def _row(
    assessed: Assessed,
    line: RubricLine,
    entries: list[Entry],
    said: Mapping[str, str],
    now: Scored | None,
    account_id: int,
    sees_all: bool,
) -> Row:
    own = next((entry for entry in entries if entry.scorer_id == account_id), None)
    # Of a line with one figure, who sees all corrects it whoever entered it.
    if own is None and sees_all and not line.on_site and entries:
        own = entries[0]
    scored = next((one for one in now.lines if one.code == line.code), None) if now else None
    own_score = Decimal(said[line.code]) if line.code in said else None
    given = scored.score if scored and scored.state == LineState.SCORED else None
    seen = entries if sees_all else [entry for entry in entries if entry.scorer_id == account_id]
    shown = given if sees_all or (seen and len(entries) == len(seen)) else None
    difference = shown - own_score if shown is not None and own_score is not None else None
    differs = difference is not None and abs(difference) > TOLERANCE * line.max_score
    system = scored.system_figures if scored else None
    return Row(
        assessed,
        own_score,
        beside(line, system),
        seen,
        own,
        is_taken=own is None and len(seen) < len(entries) and not line.on_site,
        scored=shown,
        difference=difference,
        differs=differs or _away(line, seen, system),
        needs_third=sees_all and line.on_site and needs_third(line, entries),
        needs_second=sees_all and is_alone(line, entries),
    )


def _away(line: RubricLine, entries: Sequence[Entry], system: Mapping[str, Any] | None) -> bool:
    """Whether a figure entered is more than a tenth away from the system's own of the same thing."""
    name = line.pattern_terms.get("figure") or ("done" if line.pattern in ("per_missing", "threshold") else "")
    figures = [Decimal(str(value)) for key, value in (system or {}).items() if value is not None and key in (name, "done")]
    if not figures:
        return False
    most = figures[0]
    for entry in entries:
        try:
            value = Decimal(entry.value)
        except ArithmeticError:
            continue
        if abs(value - most) > TOLERANCE * max(value, most):
            return True
    return False
