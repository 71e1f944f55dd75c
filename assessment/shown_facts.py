"""What a pairing's page tells of the facts of an assessment: experiences that were promoted."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.queries.facts import visible_honours
from lib.kinds import cells
from lib.kinds.panels import Panel
from pairing.models import Pairing

_SHOWN = 8


def honours_panel(request: Any, pairing: Pairing) -> Panel | None:
    """Promoted experiences of a pairing, for those who may read them; nothing promoted: no card."""
    if not request.access.can("honour", "R"):
        return None
    tenant = request.tenant.slug
    rows = list(visible_honours(request.access).filter(pairing=pairing, withdrawn_because="")[:_SHOWN])
    if not rows:
        return None
    links = [
        {
            "label": row.matter,
            "url": reverse("assessment:honour", args=[tenant, row.uid]),
            "note": f"{row.get_level_display()} {cells.day(row.promoted_on)}",
        }
        for row in rows
    ]
    return Panel("honours", _("Promoted experiences"), "kinds/parts/links.html", {"links": links, "empty": ""}, 70)
