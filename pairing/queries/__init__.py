"""Reading pairings: now, and as they stood on any day."""

from pairing.queries.as_of import as_of, life_on, state_on, unit_on
from pairing.queries.pairings import (
    group_leader,
    is_paired,
    liaison,
    live,
    pairings_of,
    partners,
    partners_of,
    post_now,
    programme_counts,
    village_secretaries,
    visible_pairings,
    with_sides,
    within,
)
from pairing.queries.readiness import HINDRANCES, begun_but_not_active, hindrance, hindrance_codes, ready

__all__ = [
    "HINDRANCES",
    "as_of",
    "begun_but_not_active",
    "group_leader",
    "hindrance",
    "hindrance_codes",
    "is_paired",
    "liaison",
    "life_on",
    "live",
    "pairings_of",
    "partners",
    "partners_of",
    "post_now",
    "programme_counts",
    "ready",
    "state_on",
    "unit_on",
    "village_secretaries",
    "visible_pairings",
    "with_sides",
    "within",
]
