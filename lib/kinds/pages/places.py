"""Breadcrumbs and finding a row, shared by the pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from lib.kinds.declare import Crumb, Kind


def visible_row(kind: Kind, access: Any, uid: Any) -> Any:
    """The row; Http404 alike when it is missing, another county's or out of reach."""
    # Its list's order would be worked out for a single row, which takes as long as reading it.
    row = kind.visible(access).filter(uid=uid).order_by("pk").first()
    if row is None:
        raise Http404
    return row


def row_for(kind: Kind, access: Any, uid: Any, action: str) -> Any:
    """The row on which ``action`` is allowed; PermissionDenied for one that may only be read."""
    row = visible_row(kind, access, uid)
    if not may(kind, access, row, action):
        raise PermissionDenied
    return row


def may(kind: Kind, access: Any, row: Any, action: str) -> bool:
    """Whether ``action`` is allowed on this row. Asks a query only of those with an own scope."""
    reach = access.reach(kind.object, action)
    if reach is None:
        return True
    return bool(reach) and kind.within(kind.model._default_manager.filter(pk=row.pk), reach).exists()


def breadcrumb(kind: Kind, tenant: str, *crumbs: Crumb, row: Any = None, last: Any = "") -> list[dict[str, Any]]:
    """From the county's first page down to this one; ``last`` is the page itself."""
    trail: list[dict[str, Any]] = [{"label": _("Home"), "url": f"/{tenant}/"}]
    above = [*kind.list_crumbs]
    if row is not None or last:
        above.append(Crumb(kind.many, kind.route("list")))
    above += crumbs
    for crumb in above:
        arguments = [tenant] if crumb.uid is None else [tenant, crumb.uid]
        trail.append({"label": crumb.label, "url": reverse(crumb.route, args=arguments) if crumb.route else ""})
    trail.append({"label": last or kind.many, "url": ""})
    return trail


def title_of(kind: Kind, row: Any) -> str:
    """The name of a row."""
    if kind.name_of is not None:
        return kind.name_of(row)
    value = row
    for part in kind.title_path.split("__"):
        value = getattr(value, part)
    return str(value)
