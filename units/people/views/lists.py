"""The list of people with their logins and roles."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.listed import list_context, listing_of
from tenancy.access import TenantRequest, allow
from tenancy.kinds import PORTS
from units.people.kinds import MEMBER
from units.people.queries import logins_without_person


@allow("grant", GET="R")
def member_list(request: TenantRequest, tenant: str) -> HttpResponse:
    """Who may sign in and what they may do."""
    context = list_context(listing_of(MEMBER, request, tenant, PORTS))
    if request.access.everywhere("grant", "R"):
        context["strays"] = [
            {"label": account.login, "url": reverse("people:login", args=[tenant, account.uid])}
            for account in logins_without_person(request.tenant)
        ]
    if request.access.can("grant", "C"):
        context["many_url"] = reverse("people:many", args=[tenant])
        context["many_label"] = _("Make logins for many")
    parts = {context["area_id"]: "area", context["table"]["id"]: "table"}
    return answer(request, "people/list.html", context, parts=parts, status=422 if context["filter_form"].errors else 200)
