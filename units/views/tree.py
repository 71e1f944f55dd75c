"""单位与村: the county at a glance."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lib.htmx import answer
from tenancy.access import TenantRequest, allow
from units.kinds import KINDS
from units.models import UnitKind
from units.queries import town_tree, visible_units
from units.queries.tree import Branch
from units.views.tabs import tabs_of

_TOWN_OPEN_AT = 3


def _nodes(branches: list[Branch], tenant: str, *, is_open: bool) -> list[dict[str, Any]]:
    return [
        {
            "label": branch.name,
            "url": reverse("units:town", args=[tenant, branch.uid]),
            "open_label": _("Open %(name)s") % {"name": branch.name},
            "note": _counts(branch),
            "open": is_open,
            "children": [
                {"label": row["name"], "url": reverse("units:village", args=[tenant, row["uid"]])} for row in branch.villages
            ],
        }
        for branch in branches
    ]


def _counts(branch: Branch) -> str:
    villages = ngettext("%(n)d village", "%(n)d villages", branch.n_villages) % {"n": branch.n_villages}
    communities = ngettext("%(n)d community", "%(n)d communities", branch.n_communities) % {"n": branch.n_communities}
    return _("%(villages)s, %(communities)s") % {"villages": villages, "communities": communities}


def _empty(request: TenantRequest, typed: str, units_url: str) -> dict[str, Any]:
    """Why there is no town: the search, the own scope, or a county that is not set up."""
    if typed:
        return {"title": _("Nothing fits the search."), "text": _("Search by name, pinyin or initials, for example cj.")}
    if request.access.reach("unit", "R") is not None:
        return {
            "title": _("There is nothing here within your scope."),
            "text": _("You see what belongs to your own unit, town or village, and what is paired with it."),
            "action_url": units_url,
            "action_label": _("Open the units"),
        }
    return {
        "title": _("No towns yet."),
        "text": _("They come with the division codes when the county is set up; you can also add one."),
    }


@allow("unit", GET="R")
def tree(request: TenantRequest, tenant: str) -> HttpResponse:
    """Towns with their villages; a search by name, pinyin or initials narrows it as one types."""
    typed = request.GET.get("q", "")[:80].strip()
    branches = town_tree(request.access, typed)
    n_villages = sum(branch.n_villages for branch in branches)
    n_communities = sum(branch.n_communities for branch in branches)
    n_units = visible_units(request.access).filter(kind=UnitKind.ORGANISATION, ends_on=None).count()
    lists = {kind.code: reverse(kind.route("list"), args=[tenant]) for kind in KINDS}
    context = {
        "heading": _("Units and villages"),
        "breadcrumb": [{"label": _("Home"), "url": f"/{tenant}/"}, {"label": _("Units and villages"), "url": ""}],
        "help_text": _(
            "Everything the county pairs: offices on one side, villages by town on the other. Open a town to see its villages."
        ),
        "tabs": tabs_of(request, tenant, "tree"),
        "typed": typed,
        "nodes": _nodes(branches, tenant, is_open=bool(typed) or len(branches) <= _TOWN_OPEN_AT),
        "empty": _empty(request, typed, lists["unit"] if n_units else ""),
        "can_create": request.access.can("unit", "C"),
        "create_url": reverse("units:unit_create", args=[tenant]),
        "stats": [
            {"label": _("Towns"), "value": len(branches), "url": lists["town"]},
            {
                "label": pgettext("without communities", "Villages"),
                "value": n_villages,
                "url": lists["village"] + "?kind=village",
            },
            {"label": _("Communities"), "value": n_communities, "url": lists["village"] + "?kind=community"},
            {"label": _("Units"), "value": n_units, "url": lists["unit"]},
        ],
    }
    return answer(request, "units/tree.html", context, parts={"unit-tree": "tree"})
