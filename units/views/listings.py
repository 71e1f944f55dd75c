"""Entry to and exit from the lists of villages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.written import attempt
from tenancy.access import TenantRequest, allow
from units import actions
from units.addresses import address_of
from units.forms import DelistForm, ListForm
from units.kinds import UNIT
from units.models import Listing
from units.queries import visible_villages
from units.views.common import done, frame, may, unit_for


@allow("designation", GET="C", POST="C")
def add(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    village = unit_for(request, uid, "C", "designation")
    if not village.is_village:
        raise Http404
    form = ListForm(request.POST if request.method == "POST" else None, today=localdate())
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        if attempt(form, lambda: actions.list_unit(access=request.access, unit=village, **told), UNIT):
            messages.success(request, done(village.name))
            return HttpResponseRedirect(address_of(tenant, village))
    context = frame(tenant, village, _("Put on a list"))
    context |= {
        "form": form,
        "help_text": _("A village may stand on several lists. Entry and exit are decisions: write the document."),
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)


@allow("designation", GET="U", POST="U")
def end(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    villages = visible_villages(request.access)
    listing = Listing.objects.filter(uid=uid, unit__in=villages).select_related("unit__parent").first()
    if listing is None or listing.ends_on is not None:
        raise Http404
    if not may(request, listing.unit, "U", "designation"):
        raise PermissionDenied
    form = DelistForm(request.POST if request.method == "POST" else None, today=localdate())
    if form.is_bound and form.is_valid():

        def write() -> bool:
            actions.end_listing(access=request.access, listing=listing, **form.cleaned_data)
            return True

        if attempt(form, write, UNIT):
            messages.success(request, done(listing.unit.name))
            return HttpResponseRedirect(address_of(tenant, listing.unit))
    context = frame(tenant, listing.unit, _("Take off a list"))
    holes = {"name": listing.unit.name, "list": listing.get_kind_display()}
    context |= {
        "form": form,
        "confirm": {
            "title": _("Does %(name)s leave the list “%(list)s”?") % holes,
            "text": _("The last day still counts. That it stood there stays readable."),
            "action": reverse("units:listing_end", args=[tenant, listing.uid]),
            "label": _("Take it off"),
            "cancel_url": context["cancel_url"],
        },
    }
    return answer(request, "kinds/confirm.html", context, status=422 if form.is_bound else 200)
