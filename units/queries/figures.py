"""Yearly figures: who reads which, and how they grew (domain.md §3.2 C3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import QuerySet

from tenancy.access import Access
from units import reach as extensions
from units.models import Unit
from units.models.figure import Figure
from units.queries.units import within

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Year:
    """One year's figure. ``growth``: per cent over the year before, None without one or where it was not above zero."""

    uid: UUID
    year: int
    value: Decimal
    growth: Decimal | None
    source: str


def visible_figures(access: Access) -> QuerySet[Figure]:
    """Figures that one may read: in the own scope, and of villages that one is paired with."""
    rows: QuerySet[Figure] = Figure.objects.select_related("unit__parent")
    reach = access.reach("figure", "R")
    if reach is None:
        return rows
    near = within(Unit.objects.all(), reach) | Unit.objects.filter(extensions.beyond(reach))
    return rows.filter(unit__in=near.values("pk"))


def figures_within(rows: QuerySet[Figure], units: frozenset[int]) -> QuerySet[Figure]:
    """Those of units that are ``units`` or below them."""
    found: QuerySet[Figure] = rows.filter(unit__in=within(Unit.objects.all(), units).values("pk"))
    return found


def growth(before: Decimal | None, after: Decimal) -> Decimal | None:
    """Per cent, rounded half up to the hundredth; None where there is nothing to compare with."""
    if before is None or before <= 0:
        return None
    return ((after - before) / before * 100).quantize(_HUNDREDTH, ROUND_HALF_UP)


def by_year(unit: Unit, metric: str) -> list[Year]:
    """The figures of a unit, the earliest first; a year without its predecessor has no growth."""
    rows = list(Figure.objects.filter(unit=unit, metric=metric).order_by("year"))
    values = {row.year: row.value for row in rows}
    return [Year(row.uid, row.year, row.value, growth(values.get(row.year - 1), row.value), row.source) for row in rows]
