"""The description of the API (OpenAPI): one for every county, but for the address it names."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenancy.access import RoutePolicy


@lru_cache(maxsize=4)
def described(language: str) -> dict[str, Any]:
    """The description in one language. Kept: making it takes half a second, and anybody may ask."""
    schema: dict[str, Any] = SchemaGenerator(urlconf="config.api_urls").get_schema(request=None, public=True)
    return schema


class SchemaView(APIView):
    """GET: the description, as JSON or (Accept: application/yaml) as YAML."""

    route_policy = RoutePolicy("public", None, (), "says how to sign in and what there is; nothing of any county")
    renderer_classes = (OpenApiJsonRenderer, OpenApiYamlRenderer)

    @extend_schema(exclude=True)
    def get(self, request: Request, tenant: str) -> Response:
        schema = {**described(get_language()), "servers": [{"url": f"/{tenant}/api/v1"}]}
        return Response(schema, headers={"Content-Disposition": 'inline; filename="api.json"'})
