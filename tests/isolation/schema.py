"""What the API listens to, read from its own schema."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tests.routes import Route


@cache
def _schema() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator

    return dict(SchemaGenerator().get_schema(request=None, public=True))


def _operation(route: Route, method: str) -> dict[str, Any]:
    if not route.is_api:
        return {}
    shape = _shape(route.path)
    for path, operations in _schema().get("paths", {}).items():
        if _shape(path) == shape:
            return dict(operations.get(method.lower(), {}))
    return {}


def _shape(path: str) -> str:
    """A path without the names of its holes."""
    path = re.sub(r"\(\?P<[a-z_]+>(?:[^()]|\([^()]*\))*\)|<[^>]+>|\{[^}]+\}", "*", path)
    return path.replace("^", "").replace("$", "").replace("\\Z", "").strip("/")


def query_parameters(route: Route) -> list[str]:
    """Names of the query that a GET of the route takes, by the schema."""
    return [p["name"] for p in _operation(route, "GET").get("parameters", ()) if p["in"] == "query"]


def body_fields(route: Route, method: str) -> list[str]:
    """Names of the body's fields, by the schema."""
    content = _operation(route, method).get("requestBody", {}).get("content", {})
    names: list[str] = []
    for media in content.values():
        schema = media.get("schema", {})
        if "$ref" in schema:
            schema = _schema()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        names += [name for name in schema.get("properties", {}) if name not in names]
    return names
