"""Rubrics, cycles, what people enter, and the scores (domain.md §3, §4.5)."""

from assessment.models.correction import Correction
from assessment.models.cycle import Assessed, Cycle, CycleState, Dispute, SelfReport, Snapshot, UnitResult
from assessment.models.facts import Entry, Honour, HonourLevel, Poll, Veto, VetoKind
from assessment.models.rubric import Grade, LineSource, Rubric, RubricBand, RubricGroup, RubricLine, Section
from assessment.models.sheet import LineState, Sheet, SheetChange, SheetLine

__all__ = [
    "Assessed",
    "Correction",
    "Cycle",
    "CycleState",
    "Dispute",
    "Entry",
    "Grade",
    "Honour",
    "HonourLevel",
    "LineSource",
    "LineState",
    "Poll",
    "Rubric",
    "RubricBand",
    "RubricGroup",
    "RubricLine",
    "Section",
    "SelfReport",
    "Sheet",
    "SheetChange",
    "SheetLine",
    "Snapshot",
    "UnitResult",
    "Veto",
    "VetoKind",
]
