"""The card of a county's first page with imports that wait to be confirmed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lib.kinds import cells
from lib.kinds.panels import Panel
from units.importing import registry
from units.importing.queries import visible_batches
from units.models import ImportBatch

# More than these wait in the list of imports.
_SHOWN = 5


def waiting_panel(request: Any, access: Any) -> Panel | None:
    """Files that were read and not yet confirmed or dropped; nothing when none waits."""
    if not access.can("import", "I"):
        return None
    batches = visible_batches(access).filter(state=ImportBatch.State.PREVIEW)[:_SHOWN]
    links = [
        {
            "label": batch.file_name,
            "url": reverse("importing:batch", args=[request.tenant.slug, batch.uid]),
            "note": f"{_label(batch.kind)} {cells.minute(batch.created_at)}",
        }
        for batch in batches
    ]
    if not links:
        return None
    return Panel(
        key="imports", title=_("Imports to confirm"), template="kinds/parts/links.html", context={"links": links}, order=15
    )


def _label(code: str) -> str:
    kind = registry.find(code)
    return str(kind.label) if kind is not None else code
