"""Patterns of rubrics (domain.md §3.1). A new one is a class: terms, SQL, words."""

from assessment.patterns import bonuses, deductions, marks, missing, ratios, steps, votes  # noqa: F401 - each registers itself
from assessment.patterns.declare import PATTERNS, Pattern
from assessment.patterns.telling import formula, words
from assessment.patterns.weighing import scaled

__all__ = ["PATTERNS", "Pattern", "formula", "scaled", "words"]
