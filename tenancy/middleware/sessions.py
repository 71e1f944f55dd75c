"""Idle and absolute limits of a session; a token's key is no cookie and a cookie's no token."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from tenancy.sessions import SEEN, STARTED, TOKEN_MARK

# A write for each page read would double the work of reading; limits need no finer grain.
_GRAIN_SECONDS = 60


class SessionLimitsMiddleware:
    """Ends a session that was idle, or lived, too long; a token lives up to the absolute limit however idle."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            session, now = request.session, int(time.time())
            is_token = bool(session.get(TOKEN_MARK, False))
            idle = now - int(session.get(SEEN, now))
            age = now - int(session.get(STARTED, now))
            if is_token != getattr(request, "is_bearer", False):
                # Do not end it: the other door must not be able to throw its owner out.
                from django.contrib.auth.models import AnonymousUser

                request.user = AnonymousUser()
            elif age > settings.SESSION_ABSOLUTE_SECONDS or (not is_token and idle > settings.SESSION_IDLE_SECONDS):
                logout(request)
            elif SEEN not in session or STARTED not in session or idle >= _GRAIN_SECONDS:
                session.setdefault(STARTED, now)
                session[SEEN] = now
        return self.get_response(request)
