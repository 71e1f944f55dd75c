"""Every address of the product, walked out of the URLconf: pages, fragments and API alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from tenancy.access import RoutePolicy, policy_of


@dataclass(frozen=True)
class Route:
    """One pattern: its name with namespaces, its path as declared, the names of its parameters and its policy."""

    name: str
    path: str
    parameters: tuple[str, ...]
    view: Any = field(repr=False, compare=False, hash=False)
    policy: RoutePolicy | None = None

    def __str__(self) -> str:
        return self.name or self.path

    @property
    def is_api(self) -> bool:
        return "/api/" in f"/{self.path}"

    @property
    def in_county(self) -> bool:
        return "tenant" in self.parameters

    @property
    def methods(self) -> tuple[str, ...]:
        """HTTP methods that the policy, or else the view, names; GET and POST where neither does."""
        actions = getattr(self.view, "actions", None)  # a viewset's map of methods: less than its policy may name
        if actions:
            # A viewset that has answered once has learnt HEAD.
            return tuple(method.upper() for method in actions if method not in ("head", "options"))
        if self.policy is not None and self.policy.actions:
            return tuple(method for method, _action in self.policy.actions)
        allowed = getattr(getattr(self.view, "cls", None), "http_method_names", None)
        handlers = [name.upper() for name in allowed or () if hasattr(self.view.cls, name) and name not in ("options", "head")]
        return tuple(handlers) or ("GET", "POST")


def _walk(patterns: list[Any], names: tuple[str, ...], path: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    for entry in patterns:
        shape = entry.pattern
        here = path + (str(shape) if isinstance(shape, (RoutePattern, RegexPattern)) else "")
        seen = parameters + tuple(name for name in _parameters(shape) if name not in parameters)
        if isinstance(entry, URLResolver):
            space = (*names, entry.namespace) if entry.namespace else names
            yield from _walk(entry.url_patterns, space, here, seen)
        elif isinstance(entry, URLPattern):
            name = ":".join((*names, entry.name or ""))
            yield Route(name, here, seen, entry.callback, policy_of(entry.callback))


def _parameters(shape: Any) -> tuple[str, ...]:
    if isinstance(shape, RegexPattern):
        return tuple(shape.regex.groupindex)
    return tuple(shape.converters)


@cache
def routes() -> tuple[Route, ...]:
    """All routes, in the order of the URLconf."""
    return tuple(_walk(get_resolver().url_patterns, (), "", ()))


def county_routes() -> list[Route]:
    """Routes inside a county that need a member."""
    return [route for route in routes() if route.in_county and route.policy and route.policy.audience == "members"]
