"""Finding a unit for a deed, and the frame of the page that asks about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from lib.kinds.declare import Kind
from lib.kinds.pages.places import breadcrumb
from tenancy.access import TenantRequest
from units.addresses import address_of
from units.kinds import GROUP, PARTY_ORGANISATION, TOWN, UNIT, VILLAGE
from units.models import Unit, UnitKind
from units.queries import visible_units, within

_KINDS: dict[str, Kind] = {
    UnitKind.TOWN: TOWN,
    UnitKind.VILLAGE: VILLAGE,
    UnitKind.COMMUNITY: VILLAGE,
    UnitKind.GROUP: GROUP,
    UnitKind.PARTY_ORGANISATION: PARTY_ORGANISATION,
}


def may(request: TenantRequest, unit: Unit, action: str, kind: str = "unit") -> bool:
    """Whether ``action`` is allowed on this unit."""
    reach = request.access.reach(kind, action)
    return reach is None or (bool(reach) and within(Unit.objects.filter(pk=unit.pk), reach).exists())


def unit_for(request: TenantRequest, uid: UUID, action: str, kind: str = "unit") -> Unit:
    """The unit; 404 when out of sight, 403 when it may be seen but not touched."""
    unit = visible_units(request.access).select_related("parent").filter(uid=uid).first()
    if unit is None:
        raise Http404
    if not may(request, unit, action, kind):
        raise PermissionDenied
    return unit


def frame(tenant: str, unit: Unit, heading: Any) -> dict[str, Any]:
    """Heading and breadcrumb of a page that asks about a unit."""
    kind = _KINDS.get(unit.kind, UNIT)
    crumbs = kind.crumbs(unit) if kind.crumbs else []
    trail = breadcrumb(kind, tenant, *crumbs, row=unit, last=unit.name)
    back = address_of(tenant, unit)
    trail[-1]["url"] = back
    return {"heading": heading, "breadcrumb": [*trail, {"label": heading, "url": ""}], "cancel_url": back}


def done(name: str) -> str:
    """What is said after something was written."""
    return _("%(name)s has been saved.") % {"name": name}
