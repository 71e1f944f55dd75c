"""Reading the county's divisions and the revisions of its codes."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Q, QuerySet

from units.divisions.diff import KnownPlace
from units.models import DivisionChange, DivisionRevision, Unit, UnitAlias
from units.models.unit import VILLAGE_KINDS, UnitKind


def live_places() -> list[KnownPlace]:
    """The county's towns and villages that have not ended, with or without a code."""
    others: dict[int, set[str]] = defaultdict(set)
    for unit_id, key in UnitAlias.objects.filter(unit__kind__in=[UnitKind.TOWN, *VILLAGE_KINDS]).values_list("unit_id", "key"):
        others[unit_id].add(key)
    rows = Unit.objects.filter(kind__in=[UnitKind.TOWN, *VILLAGE_KINDS], ends_on=None).order_by("division_code", "id")
    columns = ("id", "kind", "name", "division_code", "parent__division_code", "parent__name")
    return [
        KnownPlace(unit_id, kind, name, code, town_code or "", town_name or "", frozenset(others[unit_id]))
        for unit_id, kind, name, code, town_code, town_name in rows.values_list(*columns)
    ]


def revisions() -> QuerySet[DivisionRevision]:
    """The comparisons made so far, newest edition first, each with ``n_lines`` and ``n_open``."""
    counted: QuerySet[DivisionRevision] = DivisionRevision.objects.annotate(
        n_lines=Count("changes"), n_open=Count("changes", filter=Q(changes__state=DivisionChange.State.PROPOSED))
    ).order_by("-edition")
    return counted


def changes_of(revision: DivisionRevision, *, kind: str = "", state: str = "") -> QuerySet[DivisionChange]:
    """The lines of a revision in the order of the codes, with the unit concerned and its town."""
    chosen = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    lines: QuerySet[DivisionChange] = DivisionChange.objects.filter(revision=revision, **chosen).select_related(
        "unit", "unit__parent"
    )
    return lines.order_by("code", "id")


def counts_by_kind(revision: DivisionRevision) -> dict[str, int]:
    """How many lines of each kind a revision has; kinds without any are 0."""
    found = dict(DivisionChange.objects.filter(revision=revision).order_by().values_list("kind").annotate(n=Count("id")))
    return {kind: found.get(kind, 0) for kind in DivisionChange.Kind.values}


def town_names_by_code() -> dict[str, str]:
    """Names of the county's live towns by code."""
    towns = Unit.objects.filter(kind=UnitKind.TOWN, ends_on=None).exclude(division_code="")
    return dict(towns.values_list("division_code", "name"))
