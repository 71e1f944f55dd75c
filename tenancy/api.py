"""The API's manners: who is asking, the policy table, pages, and errors as {"code", "message"}."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Refusal
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, pagination
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.urls import replace_query_param

from tenancy.access import RoutePolicy, policy_of

if TYPE_CHECKING:
    # rest_framework.views imports this module while it is itself being imported (the settings name our classes).
    from rest_framework.views import APIView


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
    """Pages by cursor: rows neither repeat nor vanish while others write. ``limit`` from 1 to 200.

    Cursors are signed: a made-up one would carry any text into a comparison with a column of another type.
    """

    page_size = 50
    page_size_query_param = "limit"
    page_size_query_description: Any = gettext_lazy("Rows on a page, from 1 to 200; 50 unless told.")
    cursor_query_description: Any = gettext_lazy("Where the page begins: taken from “next” or “previous” of another page.")
    max_page_size = 200
    ordering = ("pinyin", "uid")
    n_rows = 0

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        # The salt binds a cursor to one list: that of people says nothing about pairings.
        self.signer = signing.Signer(salt=f"cursor:{type(view).__name__}")
        rows: Any = super().paginate_queryset(queryset, request, view)
        # Counties are small: a count costs less than a second question to the API.
        self.n_rows = queryset.count()
        return rows

    def get_page_size(self, request: Request) -> int:
        typed = request.query_params.get("limit")
        if typed is None:
            return self.page_size
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= self.max_page_size and len(typed) <= 6):
            raise exceptions.ValidationError({"limit": [_("Write a number from 1 to 200.")]})
        return int(typed)

    def decode_cursor(self, request: Request) -> Any:
        typed = request.query_params.get(self.cursor_query_param)
        if typed is None:
            return None
        try:
            offset, reverse, position = json.loads(urlsafe_base64_decode(self.signer.unsign(typed)))
        except (signing.BadSignature, ValueError):
            raise exceptions.ValidationError(
                {"cursor": [_("This cursor is not from this list. Start again without one.")]}
            ) from None
        return pagination.Cursor(offset=offset, reverse=reverse, position=position)

    def encode_cursor(self, cursor: Any) -> str:
        plain = json.dumps([cursor.offset, cursor.reverse, cursor.position])
        token = self.signer.sign(urlsafe_base64_encode(plain.encode()))
        return str(replace_query_param(self.base_url or "", self.cursor_query_param, token))

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"count": self.n_rows, "next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer", "minimum": 0}, "next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return parameters


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
    elif isinstance(exception, Refusal):
        # What an action refuses, in its own words.
        number = 400
        fields = exception.message_dict if hasattr(exception, "error_dict") else {"": exception.messages}
    elif isinstance(exception, exceptions.APIException):
        number = exception.status_code
        if isinstance(exception, exceptions.ValidationError):
            fields = exception.detail
        code = exception.default_code
        if getattr(exception, "wait", None):
            headers["Retry-After"] = str(int(exception.wait))  # type: ignore[attr-defined]
    else:
        return None
    if isinstance(exception, exceptions.ParseError):
        default_code, message = "unreadable", _("The body cannot be read. Send valid JSON, or a form.")
    else:
        default_code, message = _messages().get(number, (code or "error", str(getattr(exception, "detail", ""))))
    body: dict[str, Any] = {"code": default_code, "message": message}
    if fields is not None:
        body["fields"] = _flat(fields)
    return Response(body, status=number, headers=headers)


def _flat(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Sentences by the name of the field; parts of a field as ``answers.0``, what concerns the whole under an empty name."""
    if isinstance(detail, dict):
        pairs = [(key if key != api_settings.NON_FIELD_ERRORS_KEY else "", value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(part, (dict, list)) for part in detail):
        pairs = [(str(number), value) for number, value in enumerate(detail)]
    else:
        return {name: [str(part) for part in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        for part, sentences in _flat(value, ".".join(one for one in (name, str(key)) if one)).items():
            found.setdefault(part, []).extend(sentences)
    return found
