"""Input that no page can mean: NUL, lone surrogates, bytes that are no UTF-8, JSON nested beyond sense.

Refused once, here, with 400: the same values crash forms, filters and JSON fields one by one (reliability.md §4).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse

from tenancy.errors import bad_request

MAX_JSON_DEPTH = 50
_ESCAPED = re.compile(rb"\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})")
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_MAX_SNIFFED = 2 * 1024 * 1024


def is_clean_text(raw: bytes) -> bool:
    """Whether percent-decoded bytes are UTF-8 without NUL. (UTF-8 has no lone surrogates.)"""
    try:
        return "\0" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


def is_clean_json(raw: bytes) -> bool:
    """Whether a JSON body has no NUL, no lone surrogate, and is nested at most MAX_JSON_DEPTH deep."""
    if not is_clean_text(raw) or _ESCAPED.search(_PAIR.sub(b"", raw.replace(b"\\\\", b""))):
        return False
    depth = 0
    inside = escaped = False
    for byte in raw:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            if depth > MAX_JSON_DEPTH:
                return False
        elif byte in b"]}":
            depth -= 1
    return True


class CleanInputMiddleware:
    """Answers 400 before anything reads the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.META.get("PATH_INFO", "").encode("latin-1", "replace")
        query = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
        if not is_clean_text(query) or b"\0" in path or "\ufffd" in request.path_info:
            return bad_request(request)
        if request.method in ("POST", "PUT", "PATCH") and not self._body_is_clean(request):
            return bad_request(request)
        return self.get_response(request)

    def _body_is_clean(self, request: HttpRequest) -> bool:
        kind = request.content_type or ""
        if kind == "multipart/form-data":
            return True  # streamed; form fields check their own text
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > _MAX_SNIFFED:
                return True  # Django refuses it itself, with 413 or 400
        except ValueError:
            return False
        body = request.body
        if kind == "application/json":
            return is_clean_json(body)
        if kind == "application/x-www-form-urlencoded":
            return is_clean_text(unquote_to_bytes(body.replace(b"+", b" ")))
        return True
