"""Who sees which warnings and findings (domain.md §7)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from pairing.models import Pairing
from pairing.queries import within as of_units
from supervision.models import Finding, FindingState, Warning
from tenancy.access import Access


def within(units: frozenset[int]) -> Q:
    """Rows whose pairing belongs to these units: a subquery, for a Party organisation may be none."""
    return Q(pairing__in=Pairing.objects.filter(of_units(units)).values("pk"))


def visible_warnings(access: Access) -> QuerySet[Warning]:
    """The county's staff see proposals too; a unit, its town and its leader in contact see what was signed."""
    rows: QuerySet[Warning] = Warning.objects.select_related("pairing__unit", "pairing__village__parent")
    reach = access.reach("warning", "R")
    return rows if reach is None else rows.filter(within(reach), signed_on__isnull=False)


def visible_findings(access: Access) -> QuerySet[Finding]:
    rows: QuerySet[Finding] = Finding.objects.select_related("pairing__unit", "pairing__village__parent")
    reach = access.reach("inspection", "R")
    return rows if reach is None else rows.filter(within(reach))


def overdue(on: date) -> Q:
    """Findings whose day has passed and that were not closed by then."""
    return ~Q(state=FindingState.CLOSED) & Q(due_on__lt=on)
