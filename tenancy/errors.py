"""Error answers: a page for people, JSON for programs; one sentence of what happened, one of what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _


def _answer(
    request: HttpRequest, status: int, code: str, message: str, *, retry: int | None = None, page: str = ""
) -> HttpResponse:
    response: HttpResponse
    if "/api/" in request.path_info:
        response = JsonResponse({"code": code, "message": message}, status=status)
    else:
        response = HttpResponse(loader.render_to_string(page or f"{status}.html", {"message": message}), status=status)
    if retry is not None:
        response.headers["Retry-After"] = str(retry)
    return response


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: the request holds what no page can mean."""
    return _answer(
        request, 400, "bad_request", _("The request holds characters or data that cannot be read. Go back and try again.")
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: a member without the right. Strangers get 404."""
    message = _("Your role does not include this. Ask the county administrator if you need it.")
    return _answer(request, 403, "forbidden", message)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: missing, another county's, or a stranger: the same answer to the byte."""
    return _answer(request, 404, "not_found", _("There is no such page, or it is not open to you. Check the address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the log has the details, the page none. A database that is away is 503."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    message = _("Something went wrong on our side. What you typed was not saved; go back and try again.")
    return _answer(request, 500, "server_error", message)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away for a moment."""
    message = _("The service is busy or restarting. Try again in a minute; what you typed is still in the form.")
    return _answer(request, 503, "unavailable", message, retry=10)


def too_many(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """429: too many wrong passwords for this name or from this address."""
    message = _("Too many wrong passwords. Wait 15 minutes, or ask the county administrator for a new password.")
    return _answer(request, 429, "locked_out", message, retry=900, page="429_locked.html")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: a budget is used up for now."""
    return _answer(request, 429, "too_many", _("Too many requests. Wait a little and try again."), retry=600)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF check: an old form, or one from elsewhere."""
    message = _("This form is too old or came from another site. Reload the page and send it again.")
    return _answer(request, 403, "csrf", message, page="403_csrf.html")
