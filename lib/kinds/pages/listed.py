"""The list page and its files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds import exporting
from lib.kinds.declare import Kind
from lib.kinds.listing import Listing
from lib.kinds.pages.places import breadcrumb
from lib.kinds.pages.ports import KindRequest, Ports, View

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def listing_of(kind: Kind, request: KindRequest, tenant: str, ports: Ports) -> Listing:
    """The list that a request asks for."""
    asked = request.GET.dict()
    return Listing(kind, request.access, tenant, ports.today(), asked, tuple(request.GET.getlist("col")))


def list_context(listing: Listing) -> dict[str, Any]:
    """What templates/kinds/list.html reads."""
    kind, tenant = listing.kind, listing.tenant
    can_create = kind.may_create(listing.access)
    return {
        "kind": kind,
        "heading": kind.many,
        "breadcrumb": breadcrumb(kind, tenant),
        "help_text": kind.help,
        "table": listing.table(),
        "filter_form": listing.filter_set.form,
        "n_filters": len(listing.used),
        "reset_url": listing.path or reverse(kind.route("list"), args=[tenant]),
        "hidden": list(listing.hidden(*listing.used)),
        "area_id": f"{kind.code}-area",
        "create_url": reverse(kind.route("create"), args=[tenant]) if can_create else "",
        "create_label": kind.create_label or _("New"),
    }


def list_page(kind: Kind, ports: Ports) -> View:
    def page(request: KindRequest, tenant: str) -> HttpResponse:
        context = list_context(listing_of(kind, request, tenant, ports))
        status = 200 if not context["filter_form"].errors else 422
        parts = {context["area_id"]: "area", context["table"]["id"]: "table"}
        return answer(request, "kinds/list.html", context, parts=parts, status=status)

    return ports.allow(kind.object, GET="R")(page)


def export_page(kind: Kind, ports: Ports) -> View:
    def page(request: KindRequest, tenant: str) -> HttpResponse:
        if not request.access.can(kind.object, "R"):
            raise PermissionDenied
        listing = listing_of(kind, request, tenant, ports)
        listing.rows = kind.exportable(request.access)
        if not listing.is_valid:
            return answer(request, "kinds/list.html", list_context(listing), status=422)
        asked = request.GET.get("form")
        form: exporting.Form = "machine" if asked == "machine" else "ledger" if asked == "ledger" and kind.ledger else "official"
        made = exporting.export(listing, form, ports.paper(request))
        ports.audit(
            request.access, "exported", object_kind=kind.code, form=form, n_rows=made.n_rows, filters=sorted(listing.used)
        )
        response = HttpResponse(made.content, content_type=_SHEET)
        # RFC 6266: the Chinese name in UTF-8, beside it a plain one for what cannot read it.
        response.headers["Content-Disposition"] = (
            f"attachment; filename=\"{kind.code}.xlsx\"; filename*=UTF-8''{quote(made.name)}"
        )
        return response

    return ports.allow("export", GET="E")(page)
