"""Who reads polls, honours and vetoes (tenancy.policy)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from assessment.models import Assessed, Cycle, CycleState, Honour, Poll, Veto
from pairing.models import Pairing
from pairing.queries import within as of_units


def within(units: frozenset[int]) -> Q:
    """Rows whose pairing belongs to these units."""
    return Q(pairing__in=Pairing.objects.filter(of_units(units)).values("pk"))


def _seen(rows: QuerySet[Any], access: Any, kind: str) -> QuerySet[Any]:
    rows = rows.select_related("pairing__unit", "pairing__village__parent")
    reach = access.reach(kind, "R")
    return rows if reach is None else rows.filter(within(reach))


def visible_honours(access: Any) -> QuerySet[Honour]:
    return _seen(Honour.objects.all(), access, "honour")


def visible_polls(access: Any) -> QuerySet[Poll]:
    return _seen(Poll.objects.select_related("cycle"), access, "poll")


def visible_vetoes(access: Any) -> QuerySet[Veto]:
    return _seen(Veto.objects.select_related("cycle"), access, "veto")


def open_cycles(access: Any) -> QuerySet[Cycle]:
    """Assessments that still take facts: their list is frozen, their result is not."""
    rows: QuerySet[Cycle] = Cycle.objects.exclude(state__in=[CycleState.DRAFT, CycleState.FINAL])
    return rows.order_by("-year", "-id")


def all_cycles(access: Any) -> QuerySet[Cycle]:
    rows: QuerySet[Cycle] = Cycle.objects.order_by("-year", "-id")
    return rows


def assessed_pairings(kind: str) -> Any:
    """The pairings on an open assessment's list on which somebody may write a fact."""

    def options(access: Any) -> QuerySet[Pairing]:
        listed = Assessed.objects.filter(cycle__in=open_cycles(access).values("pk"), exempt_because="")
        rows: QuerySet[Pairing] = Pairing.objects.filter(pk__in=listed.values("pairing")).select_related("unit", "village")
        reach = access.reach(kind, "C")
        rows = rows if reach is None else rows.filter(of_units(reach))
        return rows.order_by("unit__pinyin", "village__pinyin", "id")

    return options
