"""Ending a pairing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.places import breadcrumb, row_for, title_of
from pairing import actions
from pairing.forms import EndForm
from pairing.kinds import PAIRING
from tenancy.access import TenantRequest, allow


@allow("pairing", GET="U", POST="U")
def end(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Ask for the last day and the reason; end it."""
    pairing = row_for(PAIRING, request.access, uid, "U")
    back = reverse("pairing:pairing", args=[tenant, pairing.uid])
    form = EndForm(request.POST or None, initial={"ends_on": localdate()})
    if form.is_bound and form.is_valid():
        try:
            actions.end_pairing(pairing=pairing, on=form.cleaned_data["ends_on"], reason=form.words(), access=request.access)
        except actions.PairingRefused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The pairing has ended. It stays readable."))
            return HttpResponseRedirect(back)
    heading = _("End the pairing")
    context = {
        "heading": heading,
        "breadcrumb": [
            *breadcrumb(PAIRING, tenant, row=pairing, last=title_of(PAIRING, pairing))[:-1],
            {"label": title_of(PAIRING, pairing), "url": back},
            {"label": heading, "url": ""},
        ],
        "help_text": _("Nothing is deleted: the pairing, its records and its posts stay readable, with the reason."),
        "form": form,
        "cancel_url": back,
        "submit_label": heading,
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)
