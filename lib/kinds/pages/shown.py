"""The page of one row, and its history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds import cells, panels
from lib.kinds.addresses import Addresses, may_open
from lib.kinds.declare import Kind
from lib.kinds.history import history_of
from lib.kinds.pages.places import breadcrumb, may, title_of, visible_row
from lib.kinds.pages.ports import KindRequest, Ports, View


def facts_of(kind: Kind, access: Any, row: Any, tenant: str) -> list[dict[str, Any]]:
    """Label and value of every fact, in one query; for templates/parts/facts.html."""
    fields = tuple(one for one in kind.fields_for(access) if one.fact)
    annotations, paths = cells.selected(kind, access, fields)
    found = kind.model._default_manager.filter(pk=row.pk).annotate(**annotations).values(*paths, *annotations).get()
    address = Addresses(tenant, access)
    made = [(one, cells.cell(found, one, str(one.label), address)) for one in fields]
    return [cell for one, cell in made if cell["text"] or not one.quiet]


def _chip(kind: Kind, row: Any) -> Any:
    if kind.chip is None:
        return None
    found = kind.model._default_manager.filter(pk=row.pk).values(*kind.chip_paths).get() if kind.chip_paths else {}
    return kind.chip(found)


def frame(kind: Kind, request: KindRequest, row: Any, tenant: str, *, here: str) -> dict[str, Any]:
    """What every page of a row shares: heading, place, tabs, buttons. ``here`` is the open tab."""
    name = title_of(kind, row)
    above = kind.crumbs(row) if kind.crumbs else []
    crumbs = [one if may_open(request.access, one.route) else replace(one, route="") for one in above]
    tabs = [{"label": _("Overview"), "url": reverse(kind.route(), args=[tenant, row.uid]), "active": here == "overview"}]
    if hasattr(kind.model, "versions"):
        url = reverse(kind.route("history"), args=[tenant, row.uid])
        tabs.append({"label": _("History"), "url": url, "active": here == "history"})
    actions = panels.actions_of(kind.code, request, row)
    if kind.update is not None and may(kind, request.access, row, "U"):
        edit = panels.Action(_("Edit"), reverse(kind.route("edit"), args=[tenant, row.uid]), order=10)
        actions = [*actions, edit]
    # One red button a page: the first that asks for it, else the first.
    actions.sort(key=lambda action: (not action.primary, action.order))
    return {
        "kind": kind,
        "row": row,
        "heading": name,
        "chip": _chip(kind, row),
        "breadcrumb": breadcrumb(kind, tenant, *crumbs, row=row, last=name),
        "help_text": kind.form_help,
        "tabs": tabs,
        "actions": actions,
    }


def detail_page(kind: Kind, ports: Ports) -> View:
    def page(request: KindRequest, tenant: str, uid: UUID) -> HttpResponse:
        row = visible_row(kind, request.access, uid)
        context = frame(kind, request, row, tenant, here="overview")
        context |= {"facts": facts_of(kind, request.access, row, tenant), "panels": panels.panels_of(kind.code, request, row)}
        return answer(request, "kinds/detail.html", context)

    return ports.allow(kind.object, GET="R")(page)


def history_page(kind: Kind, ports: Ports) -> View:
    def page(request: KindRequest, tenant: str, uid: UUID) -> HttpResponse:
        row = visible_row(kind, request.access, uid)
        context = frame(kind, request, row, tenant, here="history")
        context["events"] = history_of(kind, request.access, row)
        return answer(request, "kinds/history.html", context)

    return ports.allow(kind.object, GET="R")(page)
