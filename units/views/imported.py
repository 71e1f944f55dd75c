"""The list page of a kind that comes in as a spreadsheet too: the usual one, with the way to its import."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.declare import Kind
from lib.kinds.pages.listed import list_context, listing_of
from tenancy.access import TenantRequest, allow
from tenancy.kinds import PORTS, routes
from units.importing import registry


def imported_routes(kind: Kind, ledger: str) -> list[URLPattern]:
    """The addresses of a kind, with a list that leads whoever may to the import of ``ledger``."""
    listed = path(f"<slug:tenant>/{kind.path}/", _table(kind, ledger), name=f"{kind.stem}_list")
    return [listed, *routes(kind, without=("list",))]


def _table(kind: Kind, ledger: str) -> Callable[..., HttpResponse]:
    @allow(kind.object, GET="R")
    def table(request: TenantRequest, tenant: str) -> HttpResponse:
        context = list_context(listing_of(kind, request, tenant, PORTS))
        if registry.may_import(request.access, registry.get(ledger)):
            url = reverse("importing:new", args=[tenant])
            context["other_actions"] = [{"label": _("Import"), "url": f"{url}?kind={ledger}"}]
        parts = {context["area_id"]: "area", context["table"]["id"]: "table"}
        return answer(request, "kinds/list.html", context, parts=parts, status=422 if context["filter_form"].errors else 200)

    return table
