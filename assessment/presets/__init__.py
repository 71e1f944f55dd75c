"""Rubrics to begin with."""

from __future__ import annotations

from collections.abc import Callable

from assessment.models import Rubric
from assessment.presets import jdgj_100

PRESETS: dict[str, Callable[..., Rubric]] = {jdgj_100.CODE: jdgj_100.make}


def make_rubric(code: str = jdgj_100.CODE, **fields: object) -> Rubric:
    """A preset's rubric as rows of the county in scope. Raises KeyError for a code that does not exist."""
    return PRESETS[code](**fields)


__all__ = ["PRESETS", "make_rubric"]
