"""建议黄牌: what the rule suggests, each proposed by a person with one tap; nothing happens by itself."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.places import breadcrumb
from supervision import actions
from supervision.kinds import WARNING
from supervision.models import WarningLevel
from supervision.queries.proposals import proposals
from tenancy import clock
from tenancy.access import TenantRequest, allow


@allow("warning", GET="C", POST="C")
def suggested(request: TenantRequest, tenant: str) -> HttpResponse:
    """The list, and proposing one of it: what is posted must stand on the list as it is now."""
    if not request.access.everywhere("warning", "C"):
        raise PermissionDenied
    here = reverse("supervision:proposals", args=[tenant])
    found = proposals(request.access, clock.today())
    status = 200
    if request.method == "POST":
        wanted = (request.POST.get("pairing", ""), request.POST.get("reason", ""))
        chosen = next((one for one in found if (str(one.uid), one.reason) == wanted), None)
        if chosen is not None:
            actions.propose_warning(
                pairing=chosen.pairing, level=WarningLevel.YELLOW, reason=chosen.reason, access=request.access
            )
            messages.success(request, _("Proposed. It waits for a signature."))
            return HttpResponseRedirect(here)
        messages.error(request, _("This does not stand on the list any more. Look at the list as it is now."))
        status = 409
    rows = [
        {
            "uid": str(one.uid),
            "unit": one.pairing.unit.name,
            "village": one.pairing.village.name,
            "url": reverse("pairing:pairing", args=[tenant, one.uid]),
            "reason": one.reason,
        }
        for one in found
    ]
    heading = _("Suggested yellow warnings")
    context = {
        "heading": heading,
        "breadcrumb": [
            *breadcrumb(WARNING, tenant, last=WARNING.many)[:-1],
            {"label": heading, "url": ""},
        ],
        "help_text": _(
            "Worked out from what was due: a rule missed in two periods running (of weeks: four of eight), three rules in one "
            "month, a finding overdue. Nothing is issued by itself: you propose, the administrator signs."
        ),
        "rows": rows,
        "empty": {
            "title": _("Nothing to suggest."),
            "text": _("No pairing has missed so much, or a warning was proposed already."),
        },
    }
    return answer(request, "supervision/proposals.html", context, status=status)
