"""试运行: the year's rules played through before they bind anybody. Nothing of it is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities.forms.rehearsal import RehearsalForm
from activities.rehearsal.bounds import MOST_DAYS, MOST_EVENTS, MOST_PAIRINGS
from activities.rehearsal.shown import sections
from activities.views.frame import programme_of, year_page
from lib.htmx import answer
from pairing.models import Pairing
from pairing.queries import live
from tenancy.access import PAGE, TenantRequest, allow
from units.models import Unit


@require_http_methods(PAGE)
@allow("programme", GET="U", POST="U")
def of_year(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Choose what to play, and read what came of it below."""
    year = programme_of(programme)
    paired = live(Pairing.objects.filter(programme=year)).values("village")
    villages = Unit.objects.filter(pk__in=paired).order_by("pinyin", "id")
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RehearsalForm(*sent, programme=year, villages=villages)
    is_played = form.is_bound and form.is_valid() and form.played is not None
    context: dict[str, Any] = {
        **year_page(
            year,
            request,
            tenant,
            here="rehearsal",
            heading=_("Rehearsal"),
            help_text=_("See what the rules will ask, day by day, before they bind anybody. Nothing of it is written down."),
        ),
        "form": form,
        "bounds": {"events": MOST_EVENTS, "pairings": MOST_PAIRINGS, "days": MOST_DAYS},
    }
    if is_played and form.played is not None:
        scenario, outcome = form.played
        context |= {"sections": sections(scenario, outcome), "refused": outcome.refused, "is_played": True}
    return answer(request, "activities/rehearsal/year.html", context, status=422 if form.is_bound and not is_played else 200)
