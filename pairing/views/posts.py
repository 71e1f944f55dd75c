"""Group leader and liaison of a pairing: naming a new one, and showing a telephone on request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.places import breadcrumb, row_for, title_of, visible_row
from pairing import actions
from pairing.forms import HolderForm
from pairing.kinds import PAIRING
from pairing.models import Pairing, PairingPost, PairingPostKind
from tenancy import audit, clock
from tenancy.access import TenantRequest, allow
from units.models import Person


@allow("pairing", GET="U", POST="U")
def post(request: TenantRequest, tenant: str, uid: UUID, kind: str) -> HttpResponse:
    """Ask who holds the post from when; name the holder."""
    if kind not in PairingPostKind.values:
        raise Http404
    pairing: Pairing = row_for(PAIRING, request.access, uid, "U")
    back = reverse("pairing:pairing", args=[tenant, pairing.uid])
    people = Person.objects.filter(posts__unit=pairing.unit).order_by("pinyin", "id").distinct()
    # A pairing that begins later has nobody before its first day.
    begins = max(clock.today(), pairing.starts_on)
    form = HolderForm(request.POST or None, people=people, initial={"starts_on": begins})
    if form.is_bound and form.is_valid():
        facts = form.cleaned_data
        try:
            if facts["person"] is not None:
                actions.name_holder(
                    pairing=pairing,
                    kind=kind,
                    person=facts["person"],
                    phone=facts["phone"] or facts["person"].phone,
                    on=facts["starts_on"],
                    access=request.access,
                )
            else:
                actions.name_new_holder(
                    pairing=pairing,
                    kind=kind,
                    name=facts["name"],
                    phone=facts["phone"],
                    on=facts["starts_on"],
                    access=request.access,
                )
        except actions.PairingRefused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved. The earlier holder stands in the history."))
            return HttpResponseRedirect(back)
    heading = _("Name the %(post)s") % {"post": PairingPostKind(kind).label}
    context = {
        "heading": heading,
        "breadcrumb": [
            *breadcrumb(PAIRING, tenant, row=pairing, last=title_of(PAIRING, pairing))[:-1],
            {"label": title_of(PAIRING, pairing), "url": back},
            {"label": heading, "url": ""},
        ],
        "help_text": _("The post is dated: who held it before stays written down."),
        "form": form,
        "cancel_url": back,
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)


@allow("pairing", POST="R")
def post_phone(request: TenantRequest, tenant: str, uid: UUID, post: UUID) -> HttpResponse:
    """Show one telephone number whole; who looked stands in the event log."""
    pairing = visible_row(PAIRING, request.access, uid)
    held: PairingPost | None = PairingPost.objects.filter(pairing=pairing, uid=post).select_related("person").first()
    if held is None:
        raise Http404
    audit.append(request.access, "phone_shown", object_kind="pairing_post", object_uid=held.uid)
    phone = {"masked": held.phone, "full": held.phone}
    if request.htmx:
        return HttpResponse(render_to_string("parts/masked_phone.html", {"phone": phone}, request=request))
    trail = breadcrumb(PAIRING, tenant, row=pairing, last=title_of(PAIRING, pairing))
    trail[-1]["url"] = reverse("pairing:pairing", args=[tenant, pairing.uid])
    context = {"phone": phone, "heading": held.person.name, "breadcrumb": [*trail, {"label": held.person.name, "url": ""}]}
    return answer(request, "pairing/phone.html", context)
