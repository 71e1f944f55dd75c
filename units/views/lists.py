"""The tables of 单位与村: the list page of each kind, below the tabs that join them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.declare import Kind
from lib.kinds.pages.listed import list_context, listing_of
from tenancy.access import TenantRequest, allow
from tenancy.kinds import PORTS
from units.kinds import UNIT
from units.views.tabs import tabs_of


def table_of(kind: Kind) -> Callable[..., HttpResponse]:
    """The list page of a kind with the tabs above it."""

    @allow("unit", GET="R")
    def table(request: TenantRequest, tenant: str) -> HttpResponse:
        context = list_context(listing_of(kind, request, tenant, PORTS))
        context["tabs"] = tabs_of(request, tenant, kind.code)
        context["tabs_label"] = kind.list_crumbs[0].label
        if kind is UNIT and request.access.can("import", "I"):
            context["other_actions"] = [{"label": _("Import"), "url": reverse("importing:new", args=[tenant])}]
        parts = {context["area_id"]: "area", context["table"]["id"]: "table"}
        return answer(request, "kinds/list.html", context, parts=parts, status=422 if context["filter_form"].errors else 200)

    return table
