"""1+1+N on the pages of a pairing, a village and a town: how many are looked after, and the way to the list.

On the first page of a member who looks after households: those households.
"""

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
from tenancy.models import Role
from units.models import Person, Unit, UnitKind

_TEMPLATE = "pairing/parts/stats.html"
# On a phone nobody scrolls through more.
_OWN = 12


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


def own_households_panel(request: Any, access: Any) -> Panel | None:
    """On the first page of a household contact: whom one looks after, and with whom (domain.md §7, own list)."""
    if not any(grant.role == Role.HC for grant, _right in access.rights("household", "R")):
        return None
    # A year that is over keeps its list; who is looked after now stands on the list of a pairing that goes on.
    found = visible_households(access).filter(on_list(clock.today()), pairing__state__in=LIVE_STATES)
    found = found.order_by("pairing__village__pinyin", "pk")
    own = set(Person.objects.filter(account=access.account.pk).values_list("name", flat=True))
    rows = list(found[: _OWN + 1])
    links = [
        {
            "label": " ".join(part for part in (row.house_no, row.householder) if part),
            "note": _together(row, own),
            "url": reverse("pairing:household", args=[request.tenant.slug, row.uid]),
        }
        for row in rows[:_OWN]
    ]
    context = {"links": links, "empty": _("No household has your name beside it. The village writes the list.")}
    all_url = reverse("pairing:household_list", args=[request.tenant.slug])
    is_longer = len(rows) > _OWN
    title = _("Households I look after")
    label, url = (_("All in the table"), all_url) if is_longer else ("", "")
    return Panel("own_households", title, "kinds/parts/links.html", context, 10, label, url)


def _together(row: HouseholdContact, own: set[str]) -> str:
    """The village, and the other member."""
    others = [name for name in (row.unit_member, row.village_member) if name and name not in own]
    return " · ".join((row.pairing.village.name, *others))
