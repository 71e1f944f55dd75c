"""Which units somebody may read and change (domain.md §7, row "Towns, villages, units")."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tenancy.access import Access
from units import reach as extensions
from units.models import Listing, Unit, UnitKind
from units.models.unit import VILLAGE_KINDS

# Levels below a unit: town → village → group → Party organisation → its branch. actions.units keeps to it.
DEPTH = 4


def _below(units: frozenset[int]) -> Q:
    """The units themselves and everything below them."""
    found, path = Q(pk__in=units), "parent"
    for _level in range(DEPTH):
        found |= Q(**{f"{path}__in": units})
        path += "__parent"
    return found


def _above(units: frozenset[int]) -> Q:
    """What the units belong to, so that a village can name its town."""
    found, path = Q(pk__in=[]), "parent"
    for _level in range(DEPTH):
        # Not a join on children: it would give a town once for each of its villages.
        found |= Q(pk__in=Unit.objects.filter(pk__in=units).values(f"{path}_id"))
        path += "__parent"
    return found


def within(rows: QuerySet[Unit], units: frozenset[int]) -> QuerySet[Unit]:
    """Those of ``rows`` that are ``units`` or below them: an own scope."""
    found: QuerySet[Unit] = rows.filter(_below(units))
    return found


def visible_units(access: Access) -> QuerySet[Unit]:
    """The units that ``access`` may read: all, or the own ones with what is above, below and paired with them."""
    rows: QuerySet[Unit] = Unit.objects.all()
    own = access.reach("unit", "R")
    return rows if own is None else rows.filter(_below(own) | _above(own) | extensions.beyond(own))


def editable_units(access: Access) -> QuerySet[Unit]:
    """The units that ``access`` may change: never more than the own scope."""
    rows: QuerySet[Unit] = Unit.objects.all()
    own = access.reach("unit", "U")
    return rows if own is None else within(rows, own)


def of_kinds(rows: QuerySet[Unit], *kinds: str) -> QuerySet[Unit]:
    """Those of some kinds."""
    found: QuerySet[Unit] = rows.filter(kind__in=kinds)
    return found


def visible_towns(access: Access) -> QuerySet[Unit]:
    return of_kinds(visible_units(access), UnitKind.TOWN)


def visible_villages(access: Access) -> QuerySet[Unit]:
    return of_kinds(visible_units(access), *VILLAGE_KINDS)


def visible_organisations(access: Access) -> QuerySet[Unit]:
    """Offices, institutions, enterprises, and partners from outside the county."""
    return of_kinds(visible_units(access), UnitKind.ORGANISATION, UnitKind.EXTERNAL)


def visible_party_organisations(access: Access) -> QuerySet[Unit]:
    return of_kinds(visible_units(access), UnitKind.PARTY_ORGANISATION)


def visible_groups(access: Access) -> QuerySet[Unit]:
    return of_kinds(visible_units(access), UnitKind.GROUP)


def choosable_parents(access: Access, *kinds: str) -> QuerySet[Unit]:
    """Live units of some kinds under which ``access`` may put another."""
    found: QuerySet[Unit] = of_kinds(editable_units(access), *kinds).filter(ends_on=None).order_by("pinyin", "id")
    return found


def party_name() -> Subquery:
    """The name of the Party organisation of the outer unit; the one entered first where there are several."""
    rows = Unit.objects.filter(parent=OuterRef("pk"), kind=UnitKind.PARTY_ORGANISATION, ends_on=None)
    return Subquery(rows.order_by("id").values("name")[:1])


def n_below(*kinds: str) -> Coalesce:
    """How many live units of some kinds lie right below the outer unit."""
    rows = Unit.objects.filter(parent=OuterRef("pk"), kind__in=kinds, ends_on=None).order_by()
    return Coalesce(Subquery(rows.values("parent").annotate(n=Count("pk")).values("n")), 0)


def live_lists() -> ArraySubquery:
    """Codes of the lists on which the outer unit stands now."""
    return ArraySubquery(Listing.objects.filter(unit=OuterRef("pk"), ends_on=None).order_by("kind").values("kind"))


def on_list(kind: str) -> Q:
    """The condition that a unit stands on a list now."""
    return Q(pk__in=Listing.objects.filter(kind=kind, ends_on=None).values("unit_id"))
