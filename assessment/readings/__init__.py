"""Readings: what a line of a rubric reads (domain.md §3.2, column Evidence). A new one is a class and its refs."""

from assessment.readings import (  # noqa: F401 - each registers itself
    conduct,
    entry,
    growth,
    honours,
    households,
    papers,
    periods,
    poll,
    records,
    reports,
)
from assessment.readings.declare import READINGS, Reading

__all__ = ["READINGS", "Reading"]
