"""A county's first page (工作台): cards that the apps have registered, in their order."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.htmx import answer
from lib.kinds.panels import panels_of
from tenancy.access import TenantRequest, signed_in


@signed_in("the first page of every member; each card asks the policy table for itself")
@require_safe
def home(request: TenantRequest, tenant: str) -> HttpResponse:
    """What waits for me, then what is mine."""
    panels = panels_of("home", request, request.access)
    waits = [panel for panel in panels if panel.waits]
    context = {"heading": _("Home"), "breadcrumb": [], "panels": panels, "waits": waits}
    return answer(request, "home.html", context)
