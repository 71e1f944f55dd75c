"""How far a cycle has come, in figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from assessment.models import Assessed, Cycle, Dispute, LineState, SelfReport, Sheet, SheetLine


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a cycle: the list, the reports, what waits."""

    assessed: int
    exempt: int
    units: int
    handed_in: int
    approved: int
    open_disputes: int
    sheets: int
    pending_sheets: int


def progress(cycle: Cycle) -> Progress:
    """Four queries."""
    plain = Q(exempt_because="")
    listed = Assessed.objects.filter(cycle=cycle).aggregate(
        assessed=Count("pk", filter=plain), exempt=Count("pk", filter=~plain), units=Count("unit", filter=plain, distinct=True)
    )
    reports = SelfReport.objects.filter(cycle=cycle).aggregate(
        handed_in=Count("pk", filter=Q(submitted_on__isnull=False)), approved=Count("pk", filter=Q(approved_on__isnull=False))
    )
    disputes = Dispute.objects.filter(cycle=cycle, answered_on=None).count()
    sheets = Sheet.objects.filter(cycle=cycle).aggregate(
        sheets=Count("pk"), pending_sheets=Count("pk", filter=Q(n_pending__gt=0))
    )
    return Progress(**listed, **reports, open_disputes=disputes, **sheets)


@dataclass(frozen=True, slots=True)
class Missing:
    """A line for which figures are missing, and of how many pairings."""

    code: str
    name: str
    source: str
    n: int


def missing_figures(cycle: Cycle) -> list[Missing]:
    """The list that must be empty before grades are worked out: line by line, in the rubric's order; one query."""
    rows = (
        SheetLine.objects.filter(sheet__cycle=cycle, state=LineState.PENDING)
        .values("line__code", "line__name", "line__source", "line__position", "line_id")
        .annotate(n=Count("pk"))
        .order_by("line__position", "line_id")
    )
    return [Missing(row["line__code"], row["line__name"], row["line__source"], row["n"]) for row in rows]
