"""The page that writes down what belongs to no pairing: the county's own doings, and each village Party organisation's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.actions import records as actions
from activities.forms.own import OwnForm
from activities.hands import own_hand
from activities.kinds.records import RECORD, name_of
from activities.models import Record
from activities.queries.own import own_types, own_villages
from activities.queries.records import visible_records
from activities.refusals import RecordRefused
from lib.htmx import answer
from lib.kinds.pages.places import breadcrumb
from tenancy.access import TenantRequest, allow
from tenancy.models import Role

_CONFLICTS = ("duplicate_record", "period_locked")


def form_for(request: TenantRequest, data: Any = None) -> OwnForm | None:
    """The form as this account is offered it; None when there is nothing without a pairing for it to write."""
    types = own_types(request.access)
    if not types:
        return None
    villages = list(own_villages(request.access)) if any(one.of_village for one in types) else []
    is_village = all(grant.role == Role.VS for grant, _right in request.access.rights("record", "C"))
    asked = request.GET
    initial: dict[str, Any] = {name: asked[name] for name in ("village",) if asked.get(name)}
    chosen = next((one for one in types if one.type.code == asked.get("type")), types[0] if len(types) == 1 else None)
    if chosen is not None:
        initial["type"] = f"{chosen.type.programme.year}.{chosen.type.code}"
    return OwnForm(data, types=types, villages=villages, needs_basis=not is_village, initial=initial)


@allow("record", GET="C", POST="C")
def create(request: TenantRequest, tenant: str) -> HttpResponse:
    """The form; saving it answers with the record's page. Nobody confirms it: it has no other side."""
    form = form_for(request, request.POST if request.method == "POST" else None)
    if form is None:
        messages.info(request, _("Everything that is asked for in this year belongs to a pairing. Choose it here."))
        return HttpResponseRedirect(reverse("activities:record_create", args=[tenant]))
    if request.method != "POST":
        return _page(request, tenant, form, 200)
    if not form.is_valid():
        return _page(request, tenant, form, 422)
    try:
        with transaction.atomic():
            hand = own_hand(request.access, village=form.own_village, basis=form.cleaned_data.get("basis", ""))
            record = actions.write_record(
                facts=form.facts(),
                hand=hand,
                client_id=form.cleaned_data.get("client_id"),
                is_another="is_another" in request.POST,
            )
    except RecordRefused as refused:
        form.refuse(refused)
        double = _double(request, tenant, refused) if refused.code == "duplicate_record" else None
        return _page(request, tenant, form, 409 if refused.code in _CONFLICTS else 422, double=double)
    messages.success(request, _("Saved. It has no other side that would have to confirm it."))
    return HttpResponseRedirect(reverse("activities:record", args=[tenant, record.uid]))


def _double(request: TenantRequest, tenant: str, refused: RecordRefused) -> dict[str, Any]:
    found: Record | None = visible_records(request.access).filter(uid=refused.facts["record"]).first()
    url = reverse("activities:record", args=[tenant, found.uid]) if found else ""
    name = name_of(found) if found else ""
    return {"text": " ".join(refused.messages), "name": name, "day": found.occurred_on if found else None, "url": url}


def _page(request: TenantRequest, tenant: str, form: OwnForm, status: int, **more: Any) -> HttpResponse:
    heading = _("Write down what has no pairing")
    trail = breadcrumb(RECORD, tenant, last=heading)
    context = {"heading": heading, "breadcrumb": trail, "form": form, "cancel_url": trail[-2]["url"], **more}
    return answer(request, "activities/records/own.html", context, status=status)
