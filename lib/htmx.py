"""Answering htmx with the part it swaps, and everybody else with the whole page: one address, one view, one template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def answer(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or the partial ``template#part`` whose element htmx is about to replace (``parts``: element id → partial).

    Without JavaScript, after the Back button or for another target the whole page comes; htmx picks its part out of it.
    """
    target = request.headers.get("HX-Target", "") if request.headers.get("HX-Request") else ""
    part = (parts or {}).get(target)
    body = render_to_string(f"{template}#{part}" if part else template, dict(context), request=request)
    response = HttpResponse(body, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
