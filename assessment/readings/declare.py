"""What a reading is: where the figures of a line come from, for all assessed pairings at once.

Inside a statement ``s`` is a row of ``subject`` (scoring.statement): the pairing, its sides, its months. Parameters are
``cycle``, ``programme``, ``starts_on``, ``ends_on``, ``year``, ``today``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.functional import Promise

from assessment.terms import Figures, Term, Terms


class Reading:
    """One way to come by figures. Subclasses say how; one instance of each is registered by its slug."""

    slug: str
    title: Promise
    # Counted by the system from what is kept anyway, without anybody's judgement.
    is_by_system = True
    declared: Mapping[str, Term] = {}
    # Names of figures, with words for people.
    figures: Mapping[str, Promise] = {}
    # Figures that only the statement needs.
    hidden: tuple[str, ...] = ()

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        """CTEs (name, text) that serve every line with this reading; one pass over the rows, however many lines."""
        return iter(())

    def join(self, terms: Terms, alias: str) -> str:
        """What is joined to ``s`` for one line; it must find one row or none."""
        return ""

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        """SQL of each figure, by name: all of ``figures`` and ``hidden``."""
        raise NotImplementedError

    def applies(self, terms: Terms, figure: Figures) -> str:
        """SQL: false where the line is 缺项 for a pairing."""
        return "true"

    def is_there(self, terms: Terms, figure: Figures) -> str:
        """SQL: false where somebody has still to bring the figure."""
        return "true"

    def faults(self, terms: Terms) -> Iterator[str]:
        """Sentences on terms that fit one by one and not together."""
        return iter(())


READINGS: dict[str, Reading] = {}


def register(reading: type[Reading]) -> type[Reading]:
    """Class decorator. Raises ValueError when the slug is taken."""
    if reading.slug in READINGS:
        raise ValueError(f"The reading {reading.slug!r} is declared twice.")
    READINGS[reading.slug] = reading()
    return reading
