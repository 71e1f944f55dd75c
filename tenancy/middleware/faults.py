"""A database that is away for a moment is 503 and "try again", never a crash page (reliability.md §2.4)."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from tenancy.errors import unavailable

log = structlog.get_logger(__name__)


class FaultMiddleware:
    """Maps lost connections, time-outs and lock waits in a view to 503 with Retry-After.

    The same in a middleware further in ends in ``tenancy.errors.server_error``, which answers alike.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, (OperationalError, InterfaceError)):
            log.warning("database_away", kind=type(problem).__name__)
            return unavailable(request)
        return None
