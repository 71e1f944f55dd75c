"""Who reads which households, and how many are covered (domain.md §7; §3.2 B1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from pairing.models import HouseholdContact, Pairing
from pairing.queries.pairings import within as of_units
from tenancy.access import Access
from tenancy.models import Role
from tenancy.models.grant import ScopeKind
from units.models import Person


@dataclass(frozen=True, slots=True)
class Coverage:
    """Households on the list, and those of them that both sides look after."""

    listed: int = 0
    covered: int = 0


def within(units: frozenset[int]) -> Q:
    """Households of pairings of these units, or with villages in or below them."""
    return Q(pairing__in=Pairing.objects.filter(of_units(units)).values("pk"))


def visible_households(access: Access) -> QuerySet[HouseholdContact]:
    """As the policy table says; a member who looks after households reads those that bear the own name."""
    rows: QuerySet[HouseholdContact] = HouseholdContact.objects.select_related("pairing__unit", "pairing__village__parent")
    units: set[int] = set()
    own: set[int] = set()
    for grant, right in access.rights("household", "R"):
        if not right.own or grant.scope_kind == ScopeKind.TENANT:
            return rows
        if grant.scope_unit_id is not None:
            (own if grant.role == Role.HC else units).add(grant.scope_unit_id)
    seen = within(frozenset(units)) if units else Q(pk__in=[])
    if own:
        names = list(Person.objects.filter(account=access.account.pk).values_list("name", flat=True))
        seen |= within(frozenset(own)) & (Q(unit_member__in=names) | Q(village_member__in=names))
    return rows.filter(seen)


def on_list(on: date) -> Q:
    """On the list on a day."""
    return Q(listed_on__lte=on) & (Q(delisted_on=None) | Q(delisted_on__gt=on))


def coverage(pairings: Iterable[int], on: date) -> Mapping[int, Coverage]:
    """Listed and covered households of each pairing on a day, in one query."""
    rows = (
        HouseholdContact.objects.filter(on_list(on), pairing__in=list(pairings))
        .values("pairing")
        .annotate(n_listed=Count("pk"), n_covered=Count("pk", filter=Q(covered_from__lte=on)))
    )
    return {row["pairing"]: Coverage(row["n_listed"], row["n_covered"]) for row in rows.order_by()}
