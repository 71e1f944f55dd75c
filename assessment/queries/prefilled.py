"""The figures that a unit's report is filled with beforehand: those of the ledgers, line by line, with their records.

What reviewers enter, what the villagers say and what the village thinks of its partner is none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.models import Assessed, Cycle, LineState, RubricLine, Sheet
from assessment.patterns import words
from assessment.queries.figures import beside, of_line
from assessment.queries.sheets import ExplainedLine, Ref, explained
from assessment.readings import READINGS
from assessment.scoring.score import lines_of


@dataclass(frozen=True, slots=True)
class Prefilled:
    """One line: its rule, the system's figures in words, the records counted and those not, with why."""

    line: RubricLine
    rule: str
    figures: str = ""
    counted: Sequence[Ref] = ()
    not_counted: Sequence[Ref] = ()


def prefilled(cycle: Cycle, row: Assessed) -> list[Prefilled]:
    """All lines of the rubric in its order, filled as far as the system counts."""
    sheet = Sheet.objects.filter(cycle=cycle, pairing=row.pairing_id).select_related("cycle__rubric", "pairing").first()
    if sheet is None:
        return [Prefilled(line, words(line)) for line in lines_of(cycle.rubric)]
    return [_filled(one) for one in explained(sheet)]


def is_of_the_ledgers(line: RubricLine) -> bool:
    """Whether the figure of a line is counted from what is kept anyway, whoever judges it in the end."""
    return READINGS[line.reading].is_by_system


def _filled(one: ExplainedLine) -> Prefilled:
    if not is_of_the_ledgers(one.line):
        return Prefilled(one.line, one.rule_words, beside(one.line, one.system_figures))
    figures = "" if one.state == LineState.PENDING else of_line(one.line, one.figures)
    return Prefilled(one.line, one.rule_words, figures, one.counted, one.not_counted)
