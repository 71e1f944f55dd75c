"""Addresses of rows, for those who may open them: a route is looked up once, not for each row of a list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from lib.kinds import registry

_ANY = UUID(int=0)


def may_open(access: Any, route: str) -> bool:
    """Whether the policy table lets one read what the page of that route shows; pages of no kind decide for themselves."""
    known = next((kind for kind in registry.all_kinds() if kind.route() == route), None)
    return known is None or bool(access.can(known.object, "R"))


class Addresses:
    """Called with the name of a route that takes the tenant and a public id: its address for a row.

    Empty where ``access`` may not open such pages at all: a link there would end in a refusal.
    """

    def __init__(self, tenant: str, access: Any = None) -> None:
        self.tenant, self.access = tenant, access
        self._around: dict[str, tuple[str, str]] = {}
        self._is_open: dict[str, bool] = {}

    def __call__(self, route: str, uid: Any) -> str:
        if self.access is not None:
            if route not in self._is_open:
                self._is_open[route] = may_open(self.access, route)
            if not self._is_open[route]:
                return ""
        if not isinstance(uid, UUID):
            return reverse(route, args=[self.tenant, uid])
        around = self._around.get(route)
        if around is None:
            before, _sep, after = reverse(route, args=[self.tenant, _ANY]).partition(str(_ANY))
            around = self._around[route] = (before, after)
        return f"{around[0]}{uid}{around[1]}"
