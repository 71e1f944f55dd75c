"""The kinds of lib.kinds, bound to this floor: the policy table, the audit chain, the county's papers."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern
from django.utils.timezone import localdate

from lib.kinds.declare import Kind
from lib.kinds.exporting import Paper
from lib.kinds.pages import routes as pages
from lib.kinds.pages.ports import Ports
from tenancy import audit
from tenancy.access import allow
from tenancy.models import TenantSettings


def _paper(request: Any) -> Paper:
    found = TenantSettings.objects.first()
    is_dotted = found is not None and found.date_style == TenantSettings.DateStyle.DOTS
    return Paper(request.tenant.name, found.sponsor if found else "", "dots" if is_dotted else "chinese")


PORTS = Ports(allow=allow, audit=audit.append, paper=_paper, today=localdate)


def routes(kind: Kind, *, without: tuple[str, ...] = ()) -> list[URLPattern]:
    """The addresses of a kind for a county: list, file, form, page, history, each with its place in the policy table.

    ``without``: pages that the app makes itself ("list", "export", "create", "detail", "edit", "history").
    """
    return pages.routes(kind, PORTS, without=without)
