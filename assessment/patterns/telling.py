"""A line in words: its rule, and its formula with the numbers it was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessment.models import LineState, RubricLine
from assessment.patterns.declare import PATTERNS


def words(line: RubricLine) -> str:
    """The rule of a line as a sentence."""
    return PATTERNS[line.pattern].words(line.pattern_terms, line.max_score)


def formula(line: RubricLine, figures: Mapping[str, Any], score: Decimal | None, state: str = LineState.SCORED) -> str:
    """``5 × 47 ÷ 51 = 4.61``, from stored figures; why there are no points where there are none."""
    if state == LineState.NOT_APPLICABLE:
        return _("Not applicable: out of the base")
    if state == LineState.PENDING or score is None:
        return _("The figure is still missing")
    left = PATTERNS[line.pattern].formula(line.pattern_terms, line.max_score, figures)
    return f"{left} = {score:.2f}"
