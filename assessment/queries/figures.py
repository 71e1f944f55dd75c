"""Figures of a line as people read them: "done 47, due 51"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessment.models import RubricLine
from assessment.patterns.declare import plain
from assessment.patterns.steps import name_of
from assessment.readings import READINGS


def number(value: Any) -> str:
    """A figure without needless noughts; a word by its name; a dash for none.

    Four places at most, cut and not rounded: a growth of 4.99999 does not read as the 5 that it did not reach.
    """
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    try:
        return plain(Decimal(text).quantize(Decimal("0.0001"), rounding=ROUND_DOWN))
    except ArithmeticError:
        return name_of(text)


def told(reading: str, figures: Mapping[str, Any] | None) -> str:
    """The figures of a reading with their names, in its order; empty for none."""
    if not figures or reading not in READINGS:
        return ""
    names = READINGS[reading].figures
    return _(", ").join(f"{names[name]} {number(figures[name])}" for name in names if figures.get(name) is not None)


def of_line(line: RubricLine, figures: Mapping[str, Any] | None) -> str:
    """A line's own figures in words."""
    return told(line.reading, figures)


def beside(line: RubricLine, system: Mapping[str, Any] | None) -> str:
    """The system's figures beside a reviewer's, in words."""
    other = line.reading_terms.get("beside") if line.reading == "entry" else None
    return told(other["reading"], system) if other else ""
