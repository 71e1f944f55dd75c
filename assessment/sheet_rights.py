"""Who sees a score sheet, and how much of it (domain.md §7; docs/decisions/0015-what-a-unit-sees.md)."""

from __future__ import annotations

from enum import StrEnum

from assessment.models import Assessed, Cycle
from assessment.rights import sees_scores
from assessment.stages import is_public
from tenancy.access import Access
from tenancy.models import Role


class Sight(StrEnum):
    """``FULL``: everything; ``OWN``: a unit's own sheet, the village's mark withheld."""

    FULL = "full"
    OWN = "own"


def sight(access: Access, cycle: Cycle, row: Assessed) -> Sight | None:
    """How much ``access`` sees of the sheet of ``row``; None: that there is one is not told either."""
    if sees_scores(access):
        return Sight.FULL
    if not is_public(cycle.state):
        return None
    if access.can("other_score", "R") and access.everywhere("other_score", "R"):
        return Sight.FULL
    own = {grant.scope_unit_id for grant in access.grants if grant.role in (Role.UL, Role.UG)}
    return Sight.OWN if own & {row.unit_id, row.pairing.party_org_id} - {None} else None


def marks_for(access: Access, row: Assessed) -> bool:
    """Whether this account gives the mark of the pairing's village."""
    return any(grant.role == Role.VS and grant.scope_unit_id == row.village_id for grant in access.grants)
