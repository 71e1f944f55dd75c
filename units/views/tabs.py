"""The tabs that divide 单位与村: the tree, then each kind's table."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from units.kinds import PARTY_ORGANISATION, PERSON, TOWN, UNIT, VILLAGE


def tabs_of(request: Any, tenant: str, here: str) -> list[dict[str, Any]]:
    """``here`` is "tree" or the code of a kind."""
    tabs = [{"label": _("Towns and villages"), "url": reverse("units:list", args=[tenant]), "active": here == "tree"}]
    for kind in (UNIT, VILLAGE, TOWN, PARTY_ORGANISATION, PERSON):
        tabs.append({"label": kind.many, "url": reverse(kind.route("list"), args=[tenant]), "active": here == kind.code})
    return tabs
