"""1+1+N on the pages of a pairing, a village and a town: how many are looked after, and the way to the list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.kinds import cells
from lib.kinds.panels import Panel
from pairing.models import HouseholdContact, Pairing
from pairing.models.pairing import LIVE_STATES
from pairing.queries import within as of_units
from pairing.queries.households import on_list, visible_households
from tenancy import clock
from units.models import Unit, UnitKind

_TEMPLATE = "pairing/parts/stats.html"


def _may(request: Any, pairing: Pairing) -> bool:
    reach = request.access.reach("household", "C")
    return pairing.state in LIVE_STATES and (
        reach is None or bool(reach and Pairing.objects.filter(of_units(reach), pk=pairing.pk).exists())
    )


def _stats(request: Any, rows: Q, query: str) -> list[dict[str, Any]]:
    """Listed, looked after and still to be named; each figure opens the list that sums to it."""
    today = clock.today()
    counts = (
        visible_households(request.access)
        .filter(rows, on_list(today))
        .aggregate(listed=Count("pk"), covered=Count("pk", filter=Q(covered_from__lte=today)))
    )
    base = f"{reverse('pairing:household_list', args=[request.tenant.slug])}?{query}"
    listed, covered = counts["listed"], counts["covered"]
    return [
        {"label": _("Households on the list"), "value": cells.number(listed), "url": f"{base}&state=listed"},
        {"label": _("Looked after"), "value": cells.number(covered), "url": f"{base}&state=covered"},
        {
            "label": _("Somebody still to be named"),
            "value": cells.number(listed - covered),
            "url": f"{base}&state=uncovered",
        },
    ]


def households_panel(request: Any, pairing: Pairing) -> Panel | None:
    """On a pairing's page."""
    if not request.access.can("household", "R"):
        return None
    may_add = request.access.can("household", "C") and _may(request, pairing)
    if not may_add and not HouseholdContact.objects.filter(pairing=pairing).exists():
        return None
    url = reverse("pairing:households_many", args=[request.tenant.slug, pairing.uid]) if may_add else ""
    stats = _stats(request, Q(pairing=pairing), f"pairing={pairing.uid}")
    return Panel("households", _("Households (1+1+N)"), _TEMPLATE, {"stats": stats}, 45, _("Add households"), url)


def village_panel(request: Any, unit: Unit) -> Panel | None:
    """On the page of a village or a town: over its pairings."""
    if not request.access.can("household", "R"):
        return None
    is_town = unit.kind == UnitKind.TOWN
    rows = Q(pairing__village__parent=unit) if is_town else Q(pairing__village=unit)
    if not visible_households(request.access).filter(rows).exists():
        return None
    stats = _stats(request, rows, f"{'town' if is_town else 'village'}={unit.uid}")
    return Panel("households", _("Households (1+1+N)"), _TEMPLATE, {"stats": stats}, 55)
