"""Reading units, people and posts."""

from units.queries.people import person_names, visible_people
from units.queries.tree import town_tree
from units.queries.units import (
    DEPTH,
    choosable_parents,
    editable_units,
    of_kinds,
    visible_groups,
    visible_organisations,
    visible_party_organisations,
    visible_towns,
    visible_units,
    visible_villages,
    within,
)

__all__ = [
    "DEPTH",
    "choosable_parents",
    "editable_units",
    "of_kinds",
    "person_names",
    "town_tree",
    "visible_groups",
    "visible_organisations",
    "visible_party_organisations",
    "visible_people",
    "visible_towns",
    "visible_units",
    "visible_villages",
    "within",
]
