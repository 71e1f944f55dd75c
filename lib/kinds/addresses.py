"""Addresses of many rows of one list: a route is looked up once, not for each row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

_ANY = UUID(int=0)


class Addresses:
    """Called with the name of a route that takes the tenant and a public id: its address for a row."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self._around: dict[str, tuple[str, str]] = {}

    def __call__(self, route: str, uid: Any) -> str:
        if not isinstance(uid, UUID):
            return reverse(route, args=[self.tenant, uid])
        around = self._around.get(route)
        if around is None:
            before, _sep, after = reverse(route, args=[self.tenant, _ANY]).partition(str(_ANY))
            around = self._around[route] = (before, after)
        return f"{around[0]}{uid}{around[1]}"
