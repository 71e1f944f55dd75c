"""How far a cycle has come, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from assessment.models import Assessed, Cycle, Dispute, LineState, SelfReport
from assessment.scoring.score import Scored


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a cycle: the list, the reports, what waits."""

    assessed: int
    exempt: int
    units: int
    handed_in: int
    approved: int
    open_disputes: int


def progress(cycle: Cycle) -> Progress:
    """Three queries."""
    plain = Q(exempt_because="")
    listed = Assessed.objects.filter(cycle=cycle).aggregate(
        assessed=Count("pk", filter=plain), exempt=Count("pk", filter=~plain), units=Count("unit", filter=plain, distinct=True)
    )
    reports = SelfReport.objects.filter(cycle=cycle).aggregate(
        handed_in=Count("pk", filter=Q(submitted_on__isnull=False)), approved=Count("pk", filter=Q(approved_on__isnull=False))
    )
    disputes = Dispute.objects.filter(cycle=cycle, answered_on=None).count()
    return Progress(**listed, **reports, open_disputes=disputes)


def missing_in(scored: Iterable[Scored]) -> dict[str, int]:
    """Of how many pairings the figure of a line is missing, by its code: the list that must be empty before grades."""
    return Counter(line.code for one in scored for line in one.lines if line.state == LineState.PENDING)
