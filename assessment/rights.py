"""Who sees what of an assessment, and from when (domain.md §7, the rows of Assessment)."""

from __future__ import annotations

from django.db.models import QuerySet

from assessment.models import Assessed, Cycle
from assessment.queries.lists import of_units, on_the_list
from assessment.stages import is_public
from tenancy.access import Access


def takes_part(access: Access) -> bool:
    """Whether there is anything of an assessment to see: the places where the navigation shows it."""
    return (
        access.can("self_report", "R")
        or access.can("self_report", "X")
        or access.can("score", "R")
        or access.can("other_score", "R")
    )


def sees_scores(access: Access) -> bool:
    """All scores, at any time: the county and the auditors.

    A scorer has the own lines only, however wide the grant: that is no matter of places, so ``reach`` does not say it.
    """
    return any(not right.own for _grant, right in access.rights("score", "R"))


def sees_grades(access: Access, cycle: Cycle) -> bool:
    """The public notice: whoever sees scores at any time, the other sides from the day of publication."""
    return sees_scores(access) or (is_public(cycle.state) and takes_part(access))


def own_units(access: Access) -> frozenset[int] | None:
    """Units over whose self-reports one may read, write or approve; None: the whole county."""
    found: frozenset[int] = frozenset()
    for action in ("R", "U", "X"):
        reach = access.reach("self_report", action)
        if reach is None:
            return None
        found |= reach
    return found


def seen_list(access: Access, cycle: Cycle) -> QuerySet[Assessed]:
    """The assessed pairings whose self-report one may look at."""
    units = own_units(access)
    rows = on_the_list(cycle)
    return rows if units is None else of_units(rows, units)


def reported_by(access: Access, cycle: Cycle, action: str) -> QuerySet[Assessed]:
    """The assessed pairings on whose self-report one may do ``action``: R, U (write) or X (approve).

    Writing and approving is the unit's: a village of the pairing does not reach it by its own scope.
    """
    reach = access.reach("self_report", action)
    rows = on_the_list(cycle)
    if reach is None:
        return rows
    return of_units(rows, reach) if action == "R" else rows.filter(unit__in=reach)
