"""Organisations, people, the offices they hold and the lists they stand on; and what came in by spreadsheet."""

from units.models.figure import Figure, Metric
from units.models.importing import ImportAnswer, ImportBatch, ImportChange, ImportRow
from units.models.listing import Listing
from units.models.person import Person, Post
from units.models.revision import DivisionChange, DivisionRevision
from units.models.unit import Unit, UnitAlias, UnitKind

__all__ = [
    "DivisionChange",
    "DivisionRevision",
    "Figure",
    "ImportAnswer",
    "ImportBatch",
    "ImportChange",
    "ImportRow",
    "Listing",
    "Metric",
    "Person",
    "Post",
    "Unit",
    "UnitAlias",
    "UnitKind",
]
