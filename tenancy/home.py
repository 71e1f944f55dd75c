"""The card of a county's first page with complaints and suggestions that wait for an answer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lib.kinds import cells
from lib.kinds.panels import Panel
from tenancy.queries.feedback import feedback_list

_SHOWN = 5
_LETTERS = 30


def feedback_panel(request: Any, access: Any) -> Panel | None:
    """Open feedback with the day by which it is to be answered; nothing when none is open."""
    if not access.can("feedback", "U"):
        return None
    links = [
        {
            "label": row.text[:_LETTERS],
            "url": reverse("tenancy:feedback_answer", args=[request.tenant.slug, row.uid]),
            "note": _("answer by %(day)s") % {"day": cells.day(row.due_on)},
        }
        for row in feedback_list().filter(answered_at=None).order_by("due_on", "id")[:_SHOWN]
    ]
    if not links:
        return None
    return Panel(
        key="feedback", title=_("Feedback to answer"), template="kinds/parts/links.html", context={"links": links}, order=16
    )
