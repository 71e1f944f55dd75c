"""What other pages tell of the facts of an assessment: promoted experiences on a pairing's, vetoes there and on its sheet."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.models import Assessed
from assessment.queries.facts import visible_honours, visible_vetoes
from lib.kinds import cells
from lib.kinds.panels import Action, Panel
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


def vetoes_panel(request: Any, pairing: Pairing) -> Panel | None:
    """Vetoes on a pairing with their documents, for those who may read them; none: no card. Lifted ones say so."""
    if not request.access.can("veto", "R"):
        return None
    tenant = request.tenant.slug
    rows = list(visible_vetoes(request.access).filter(pairing=pairing).order_by("lifted_because", "-decided_on", "-id")[:_SHOWN])
    if not rows:
        return None
    links = [
        {
            "label": f"{row.get_kind_display()} {row.doc_no}",
            "url": reverse("assessment:veto", args=[tenant, row.uid]),
            "note": _("lifted") if row.lifted_because else f"{row.decided_by} {cells.day(row.decided_on)}",
        }
        for row in rows
    ]
    return Panel("vetoes", _("Vetoes"), "kinds/parts/links.html", {"links": links, "empty": ""}, 71)


def veto_action(request: Any, row: Assessed) -> Action | None:
    """On a score sheet whose grade is held down: the way to the fact and its document."""
    if not request.access.can("veto", "R"):
        return None
    rows = visible_vetoes(request.access).filter(cycle=row.cycle_id, pairing=row.pairing_id, lifted_because="")
    held = rows.order_by("-decided_on", "-id").first()
    if held is None:
        return None
    label = _("Veto: %(document)s") % {"document": held.doc_no}
    return Action(label, reverse("assessment:veto", args=[request.tenant.slug, held.uid]), order=90)
