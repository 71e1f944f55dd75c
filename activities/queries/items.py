"""Reading projects, livelihood items and courtyards: who sees which (policy object ``item``)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from activities.models import Item, ItemLead
from pairing.models import Pairing, PairingState
from pairing.queries import within as pairings_within
from tenancy.access import Access


def of_units(units: frozenset[int]) -> Q:
    """Condition on items: led or co-led by these units, or in villages in or below them."""
    pairings = Pairing.objects.filter(pairings_within(units)).values("pk")
    led = ItemLead.objects.filter(pairing__in=pairings).values("item")
    return Q(pairing__in=pairings) | Q(pk__in=led) | Q(village__in=units) | Q(village__parent__in=units)


def visible_items(access: Access, kind: str = "") -> QuerySet[Item]:
    """Items that ``access`` may read, of one kind or of all."""
    rows: QuerySet[Item] = Item.objects.filter(kind=kind) if kind else Item.objects.all()
    reach = access.reach("item", "R")
    return rows if reach is None else rows.filter(of_units(reach))


def pairings_for_items(access: Access) -> list[Pairing]:
    """Active pairings for which one may register an item, by town and village."""
    rows = Pairing.objects.filter(state__in=[PairingState.ACTIVE, PairingState.SUSPENDED])
    reach = access.reach("item", "C")
    if reach is not None:
        rows = rows.filter(pairings_within(reach))
    rows = rows.select_related("unit", "village__parent", "programme")
    return list(rows.order_by("village__parent__pinyin", "village__pinyin", "-is_lead", "unit__pinyin", "id"))


def writes_of(access: Access, item: Item) -> bool:
    """Whether this account writes records for the item's unit or village, in its own name or by proxy."""
    reach = access.reach("record", "C")
    return reach is None or (bool(reach) and Item.objects.filter(of_units(reach), pk=item.pk).exists())


def with_sides(items: QuerySet[Item]) -> QuerySet[Item]:
    """Adds pairing, unit, village, town and programme."""
    found: QuerySet[Item] = items.select_related("pairing__unit", "pairing__village", "village__parent", "programme")
    return found
