"""The ledgers of 活动: the list page of each, below the tabs that join them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from activities import kinds
from lib.htmx import answer
from lib.kinds.declare import Kind
from lib.kinds.pages.listed import list_context, listing_of
from tenancy.access import Access, TenantRequest, allow
from tenancy.kinds import PORTS
from units.importing import registry

# The ledgers that come in as spreadsheets too.
_IMPORTED = {
    kinds.RECORD.code: "activities",
    kinds.PROJECTS.code: "projects",
    kinds.LIVELIHOOD.code: "livelihood",
    kinds.COURTYARDS.code: "courtyards",
}


def _tabs(access: Access, tenant: str, here: Kind) -> list[dict[str, Any]]:
    return [
        {"label": one.many, "url": reverse(one.route("list"), args=[tenant]), "active": one is here}
        for one in kinds.LEDGERS
        if access.can(one.object, "R")
    ]


def ledger(kind: Kind) -> Callable[..., HttpResponse]:
    """The list page of a ledger with the tabs above it."""

    @allow(kind.object, GET="R")
    def table(request: TenantRequest, tenant: str) -> HttpResponse:
        context = list_context(listing_of(kind, request, tenant, PORTS))
        context["tabs"] = _tabs(request.access, tenant, kind)
        context["tabs_label"] = _("Ledgers")
        ledger = registry.find(_IMPORTED.get(kind.code, ""))
        if ledger is not None and registry.may_import(request.access, ledger):
            url = reverse("importing:new", args=[tenant])
            context["other_actions"] = [{"label": _("Import"), "url": f"{url}?kind={ledger.code}"}]
        parts = {context["area_id"]: "area", context["table"]["id"]: "table"}
        return answer(request, "kinds/list.html", context, parts=parts, status=422 if context["filter_form"].errors else 200)

    return table
