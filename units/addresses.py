"""Where the page of a unit is."""

from __future__ import annotations

from django.urls import reverse

from units.models import Unit, UnitKind

_ROUTES = {
    UnitKind.TOWN: "units:town",
    UnitKind.VILLAGE: "units:village",
    UnitKind.COMMUNITY: "units:village",
    UnitKind.PARTY_ORGANISATION: "units:party_organisation",
    UnitKind.GROUP: "units:group",
}


def address_of(tenant: str, unit: Unit) -> str:
    """The page of a unit of any kind in the county ``tenant`` (its slug)."""
    return reverse(_ROUTES.get(UnitKind(unit.kind), "units:unit"), args=[tenant, unit.uid])
