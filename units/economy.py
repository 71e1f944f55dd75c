"""A village's economy on its page: a bar for each year, and the same as a table with growth."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lib.kinds import cells
from lib.kinds.panels import Panel
from units.models import Metric, Unit
from units.queries import within
from units.queries.figures import Year, by_year, visible_figures

# The drawing is laid out in these units and scales with its card.
_WIDTH, _HEIGHT, _BAR = 64, 120, 36
_SHOWN = 10


def economy_panel(request: Any, unit: Unit) -> Panel | None:
    """Only for those who read figures; a village without any shows the way to write one, to those who may."""
    access = request.access
    if not access.can("figure", "R"):
        return None
    reach = access.reach("figure", "C")
    may_add = unit.ends_on is None and access.can("figure", "C")
    may_add = may_add and (reach is None or within(Unit.objects.filter(pk=unit.pk), reach).exists())
    if not may_add and not visible_figures(access).filter(unit=unit).exists():
        return None
    groups = [_group(request, unit, metric, by_year(unit, metric)) for metric in Metric]
    url = f"{reverse('units:figure_create', args=[request.tenant.slug])}?unit={unit.uid}" if may_add else ""
    context = {"groups": [group for group in groups if group["rows"]], "empty": _("No figures yet.")}
    return Panel("economy", _("Village economy by year"), "units/parts/economy.html", context, 35, _("New figure"), url)


def _group(request: Any, unit: Unit, metric: Metric, years: list[Year]) -> dict[str, Any]:
    shown = years[-_SHOWN:]
    return {
        "title": str(metric.label),
        "caption": _("%(figure)s of %(name)s by year") % {"figure": metric.label, "name": unit.name},
        "bars": _bars(shown),
        "width": _WIDTH * len(shown),
        "height": _HEIGHT + 44,
        "rows": [
            {
                "year": str(one.year),
                "value": cells.number(one.value),
                "growth": _percent(one.growth),
                "source": one.source or "—",
                "url": reverse("units:figure", args=[request.tenant.slug, one.uid]),
            }
            for one in reversed(years)
        ],
    }


def _percent(growth: Decimal | None) -> str:
    return "—" if growth is None else f"{growth:+.2f}%"


def _bars(years: list[Year]) -> list[dict[str, Any]]:
    """Heights in the drawing's units; the greatest figure is as high as the drawing. Below zero stands no bar."""
    most = max((one.value for one in years), default=Decimal(0))
    bars = []
    for n, one in enumerate(years):
        height = round(float(max(one.value, Decimal(0)) / most) * _HEIGHT) if most > 0 else 0
        bars.append(
            {
                "x": n * _WIDTH + (_WIDTH - _BAR) // 2,
                "y": 22 + _HEIGHT - height,
                "width": _BAR,
                "height": height,
                "middle": n * _WIDTH + _WIDTH // 2,
                "above": 22 + _HEIGHT - height - 6,
                "below": 22 + _HEIGHT + 17,
                "year": str(one.year),
                "value": f"{one.value / 10000:.1f}",
            }
        )
    return bars
