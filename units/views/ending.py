"""结束: ending a unit, and taking that back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.written import attempt
from tenancy.access import TenantRequest, allow
from units import actions
from units.addresses import address_of
from units.forms import EndUnitForm, ReasonForm
from units.kinds import UNIT
from units.queries import visible_units
from units.views.common import frame, unit_for


@allow("unit", GET="U", POST="U")
def end(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    unit = unit_for(request, uid, "U")
    if unit.ends_on is not None:
        raise Http404
    today = localdate()
    successors = visible_units(request.access).filter(kind=unit.kind, ends_on=None).exclude(pk=unit.pk).order_by("pinyin", "id")
    form = EndUnitForm(request.POST if request.method == "POST" else None, successors=successors, today=today)
    if form.is_bound and form.is_valid():
        told: dict[str, Any] = form.cleaned_data

        def write() -> bool:
            actions.end_unit(access=request.access, unit=unit, today=today, **told)
            return True

        if attempt(form, write, UNIT):
            messages.success(request, _("%(name)s has ended. It stays readable.") % {"name": unit.name})
            return HttpResponseRedirect(address_of(tenant, unit))
    context = frame(tenant, unit, _("End"))
    context |= {
        "form": form,
        "confirm": {
            "title": _("End %(name)s?") % {"name": unit.name},
            "points": [
                _("It stays readable with everything that happened, and is no longer offered for new pairings."),
                _("Its posts and its places on lists end on the same day."),
            ],
            "action": reverse("units:end", args=[tenant, unit.uid]),
            "label": _("End it"),
            "cancel_url": context["cancel_url"],
            "grave": True,
        },
    }
    return answer(request, "kinds/confirm.html", context, status=422 if form.is_bound else 200)


@allow("unit", GET="U", POST="U")
def reopen(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    unit = unit_for(request, uid, "U")
    if unit.ends_on is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():

        def write() -> bool:
            actions.reopen_unit(access=request.access, unit=unit, reason=form.cleaned_data["reason"])
            return True

        if attempt(form, write, UNIT):
            messages.success(request, _("%(name)s exists again.") % {"name": unit.name})
            return HttpResponseRedirect(address_of(tenant, unit))
    context = frame(tenant, unit, _("Open again"))
    context |= {
        "form": form,
        "confirm": {
            "title": _("Open %(name)s again?") % {"name": unit.name},
            "text": _("For an end that was written by mistake. Posts and lists that ended with it are entered again by hand."),
            "action": reverse("units:reopen", args=[tenant, unit.uid]),
            "label": _("Open it again"),
            "cancel_url": context["cancel_url"],
        },
    }
    return answer(request, "kinds/confirm.html", context, status=422 if form.is_bound else 200)
