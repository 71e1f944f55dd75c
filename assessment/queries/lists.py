"""Who is assessed in a year: the pairings that were active in it, with their whole months (domain.md §3.2)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from assessment.models import Assessed, Cycle
from pairing.models import Pairing, PairingState, PairingSuspension

_NEVER_BEGAN = (PairingState.PROPOSED, PairingState.REJECTED, PairingState.AGREED, PairingState.SIGNED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pairing that may stand on the list, and its whole months of activity in the cycle."""

    pairing: Pairing
    months: int


def months_between(first: date, last: date) -> list[tuple[date, date]]:
    """First and last day of each calendar month that lies wholly between two days, both included."""
    found = []
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        start, end = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if first <= start and end <= last:
            found.append((start, end))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def months_active(pairing: Pairing, rests: Iterable[tuple[date, date | None]], cycle: Cycle) -> int:
    """Whole months of the cycle in which the pairing was active; a month that it rested through is none.

    A pairing that began or ended within a month does not count it; a rest of some days does not take the month away.
    """
    if pairing.active_from is None:
        return 0
    first = max(pairing.active_from, cycle.starts_on)
    last = min(pairing.ends_on or cycle.ends_on, cycle.ends_on)
    periods = [(start, end or date.max) for start, end in rests]
    return sum(not any(start <= begin and end <= stop for start, stop in periods) for begin, end in months_between(first, last))


def candidates(cycle: Cycle) -> list[Candidate]:
    """Pairings of the cycle's programme that were active in it for a day or more, in administrative order; two queries."""
    rows = (
        Pairing.objects.filter(programme_id=cycle.programme_id, active_from__lte=cycle.ends_on)
        .filter(Q(ends_on=None) | Q(ends_on__gte=cycle.starts_on))
        .exclude(state__in=_NEVER_BEGAN)
        .select_related("unit", "village__parent")
        .order_by("unit__pinyin", "village__pinyin", "id")
    )
    pairings = list(rows)
    rests: dict[int, list[tuple[date, date | None]]] = {}
    for rest in PairingSuspension.objects.filter(pairing__in=[one.pk for one in pairings]):
        rests.setdefault(rest.pairing_id, []).append((rest.starts_on, rest.ends_on))
    return [Candidate(one, months_active(one, rests.get(one.pk, ()), cycle)) for one in pairings]


def on_the_list(cycle: Cycle) -> QuerySet[Assessed]:
    """The frozen list with both sides, in administrative order; exempt ones too."""
    rows: QuerySet[Assessed] = Assessed.objects.filter(cycle=cycle).select_related("pairing", "unit", "village__parent")
    return rows.order_by("unit__pinyin", "unit_id", "village__pinyin", "id")


def scored_ones(cycle: Cycle) -> QuerySet[Assessed]:
    """Those of the list that are scored: without the exempt ones."""
    return on_the_list(cycle).filter(exempt_because="")


def of_units(rows: QuerySet[Assessed], units: frozenset[int]) -> QuerySet[Assessed]:
    """Those whose unit, village or town is among ``units``."""
    return rows.filter(Q(unit__in=units) | Q(village__in=units) | Q(village__parent__in=units))


def n_units(rows: Sequence[Assessed]) -> int:
    return len({one.unit_id for one in rows})
