"""What a pattern is: how figures become points. The SQL is the only arithmetic; words are written from stored figures.

``f`` gives the SQL of a reading's figure by name; ``s.months`` are the months active. A score is not rounded here: the
statement rounds it once, half up, to the hundredth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from assessment.terms import Figures, Term, Terms


class Pattern:
    """One rule. Subclasses say how; one instance of each is registered by its slug."""

    slug: str
    title: Promise
    declared: Mapping[str, Term] = {}

    def needs(self, terms: Terms) -> tuple[str, ...]:
        """Figures of the reading that it computes from."""
        raise NotImplementedError

    def own(self, terms: Terms, f: Figures) -> dict[str, str]:
        """Further figures to keep for the formula: SQL by name."""
        return {}

    def applies(self, terms: Terms, f: Figures) -> str:
        """SQL: false where the line is 缺项."""
        return "true"

    def is_there(self, terms: Terms, f: Figures) -> str:
        """SQL: false where what was brought is nothing that this pattern knows."""
        return "true"

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        """SQL of the points, before rounding; at most the marks."""
        raise NotImplementedError

    def words(self, terms: Terms, marks: Decimal) -> str:
        """The rule as a sentence."""
        raise NotImplementedError

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        """The left side with its numbers: what was computed, without the result."""
        raise NotImplementedError

    def faults(self, terms: Terms, marks: Decimal) -> Iterator[str]:
        """Sentences on terms that fit one by one and not together, or not to the marks."""
        return iter(())


PATTERNS: dict[str, Pattern] = {}


def register(pattern: type[Pattern]) -> type[Pattern]:
    """Class decorator. Raises ValueError when the slug is taken."""
    if pattern.slug in PATTERNS:
        raise ValueError(f"The pattern {pattern.slug!r} is declared twice.")
    PATTERNS[pattern.slug] = pattern()
    return pattern


def plain(value: Any) -> str:
    """A number as people write it: 4, 0.5, 93000."""
    found = Decimal(str(value if value is not None else 0))
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def by_months(required: str) -> str:
    """SQL: a minimum number of a year for the months active, rounded down, at least 1 (domain.md §3.2)."""
    return f"greatest(1, floor({required} * s.months / 12))"


def held(points: str, marks: str, *, floor: bool) -> str:
    """SQL: at most the marks; not below 0 where the item has a floor."""
    return f"greatest(0, least({marks}, {points}))" if floor else f"least({marks}, {points})"
