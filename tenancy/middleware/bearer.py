"""API tokens: a token is the key of a server-side session made by ``auth/token/``, sent in a header."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_BEARER = re.compile(r"^Bearer ([a-z0-9]{32})$")


class BearerMiddleware:
    """Hands a bearer token to the session machinery, so that it has the same checks, limits and end.

    A request with a token carries no cookie that a browser would add by itself, so it needs no CSRF token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        is_bearer = header.startswith("Bearer")
        request.is_bearer = is_bearer  # type: ignore[attr-defined]
        if is_bearer:
            match = _BEARER.match(header)
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            if match:
                request.COOKIES[settings.SESSION_COOKIE_NAME] = match.group(1)
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        if is_bearer:
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response
