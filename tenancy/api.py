"""The API's manners: who is asking, the policy table, pages, and errors as {"code", "message"}."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenancy.access import RoutePolicy, policy_of


class SignedIn(SessionAuthentication):
    """The account of the session, or of the token (tenancy.middleware.bearer); browsers need the CSRF token."""

    def authenticate(self, request: Request) -> Any:
        account = getattr(request._request, "user", None)
        if account is None or not account.is_authenticated:
            return None
        if not getattr(request._request, "is_bearer", False):
            self.enforce_csrf(request)
        return account, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class PolicyPermission(BasePermission):
    """Asks the policy table what the view's ``route_policy`` names."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        policy: RoutePolicy | None = policy_of(view)
        if policy is None:
            raise Http404
        if policy.audience == "public" or policy.kind is None:
            return True
        action = policy.action(request.method or "GET")
        if action is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        return bool(request._request.access.can(policy.kind, action))  # type: ignore[attr-defined]


class CursorPages(pagination.CursorPagination):
    """Pages by cursor: rows neither repeat nor vanish while others write. ``limit`` up to 200."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = ("pinyin", "uid")


def _messages() -> dict[int, tuple[str, str]]:
    """Code and sentence by status, in the reader's language."""
    return {
        400: ("bad_request", _("The request cannot be read. Check the fields named in “fields”.")),
        401: ("not_authenticated", _("Sign in first: get a token from auth/token/ and send it as Authorization: Bearer.")),
        403: ("forbidden", _("Your role does not include this. Ask the county administrator if you need it.")),
        404: ("not_found", _("There is no such thing, or it is not open to you.")),
        405: ("method_not_allowed", _("This address does not take that method.")),
        406: ("not_acceptable", _("Only JSON is given here.")),
        415: ("unsupported_media_type", _("Send JSON or a form.")),
        429: ("too_many", _("Too many requests. Wait a little and try again.")),
    }


def problem(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as {"code", "message"} (+ "fields" for what was wrong where)."""
    headers: dict[str, str] = {}
    fields: Any = None
    code: str | None = None
    if isinstance(exception, (Http404,)):
        number = 404
    elif isinstance(exception, PermissionDenied):
        number = 403
    elif isinstance(exception, (OperationalError, InterfaceError)):
        message = _("The service is busy or restarting. Try again in a minute.")
        return Response({"code": "unavailable", "message": message}, status=503, headers={"Retry-After": "10"})
    elif isinstance(exception, exceptions.APIException):
        number = exception.status_code
        if isinstance(exception, exceptions.ValidationError):
            fields = exception.detail
        code = exception.default_code
        if getattr(exception, "wait", None):
            headers["Retry-After"] = str(int(exception.wait))  # type: ignore[attr-defined]
    else:
        return None
    default_code, message = _messages().get(number, (code or "error", str(getattr(exception, "detail", ""))))
    body: dict[str, Any] = {"code": default_code, "message": message}
    if fields is not None:
        body["fields"] = fields if isinstance(fields, dict) else {"": fields}
    return Response(body, status=number, headers=headers)
