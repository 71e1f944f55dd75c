"""A line in words: its rule, and its formula with the numbers it was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessment.models import LineState, RubricLine
from assessment.patterns.declare import PATTERNS
from assessment.terms import TermWrong


def words(line: RubricLine) -> str:
    """The rule of a line as a sentence."""
    return PATTERNS[line.pattern].words(line.pattern_terms, line.max_score)


def formula(line: RubricLine, figures: Mapping[str, Any], score: Decimal | None, state: str = LineState.SCORED) -> str:
    """``5 × 47 ÷ 51 = 4.61``, from stored figures; why there are no points where there are none.

    Kept figures that the rule cannot be told from are said to be missing: a page is shown all the same.
    """
    if state == LineState.NOT_APPLICABLE:
        return _("Not applicable: out of the base")
    if state == LineState.PENDING or score is None:
        return _("The figure is still missing")
    try:
        left = PATTERNS[line.pattern].formula(line.pattern_terms, line.max_score, figures)
    except (KeyError, TermWrong):
        # Figures of another rule, or none: the points stand, their arithmetic cannot be told.
        return _("%(points)s; the figures behind it are not kept") % {"points": f"{score:.2f}"}
    return f"{left} = {score:.2f}"
