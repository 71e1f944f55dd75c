"""Tokens for programs: get one, give it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenancy import second_factor, signin
from tenancy.access import RoutePolicy
from tenancy.api_schema import Problem
from tenancy.door import Door
from tenancy.forms import SignInForm
from tenancy.models.account import Account


class TokenRequest(serializers.Serializer[Any]):
    """Login name and password; ``code`` where the account has a second factor."""

    login = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    code = serializers.CharField(max_length=20, required=False, allow_blank=True)


class TokenAnswer(serializers.Serializer[Any]):
    """The token: to be sent as ``Authorization: Bearer …``; good for twelve hours."""

    token = serializers.CharField()


def _refusal(status: int, code: str, message: str) -> Response:
    return Response({"code": code, "message": message}, status=status)


class TokenView(APIView):
    """Exchange login name and password for a token."""

    route_policy = RoutePolicy("public", why="whoever asks for a token is not signed in yet")
    authentication_classes = ()

    @extend_schema(
        operation_id="auth_token_create",
        tags=["auth"],
        request=TokenRequest,
        responses={200: TokenAnswer, 401: OpenApiResponse(Problem), 403: OpenApiResponse(Problem), 429: OpenApiResponse(Problem)},
    )
    def post(self, request: Request, tenant: str) -> Response:
        asked = TokenRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        raw: HttpRequest = request._request
        county = raw.tenant  # type: ignore[attr-defined]
        # The page's form cleans the name, so that both doors know the same names.
        form = SignInForm({"login": asked.validated_data["login"], "password": asked.validated_data["password"]})
        login_name = form.cleaned_data["login"] if form.is_valid() else ""
        password = asked.validated_data["password"]
        account = signin.check(raw, login_name=login_name, password=password, door=Door(county))
        if account is None:
            return self._wrong(raw)
        if account.must_change_password:
            message = _("Change the first password in the browser before using the API.")
            return _refusal(403, "password_change_required", message)
        return self._give(raw, account, asked.validated_data.get("code", ""))

    def _give(self, raw: HttpRequest, account: Account, code: str) -> Response:
        county = raw.tenant  # type: ignore[attr-defined]
        has_factor = second_factor.is_on(account)
        if has_factor and not code:
            return _refusal(401, "code_required", _("This account has a second factor. Send its code as “code”."))
        if has_factor and not signin.check_code(raw, account=account, code=code, now=now(), tenant=county):
            return self._wrong(raw)
        if account.needs_second_factor and not has_factor:
            message = _("Your county requires a second factor. Set it up in the browser, then get a token with a code.")
            return _refusal(403, "second_factor_required", message)
        return Response({"token": signin.begin_token(raw, account=account, tenant=county, with_code=has_factor)})

    def _wrong(self, raw: HttpRequest) -> Response:
        if signin.is_locked(raw):
            # The lock-out's own answer takes the place of this one on its way out (tenancy.errors.too_many).
            return _refusal(429, "locked_out", _("Too many wrong passwords. Wait 15 minutes."))
        return _refusal(401, "wrong_credentials", _("The login name, the password or the code is wrong."))


class TokenEndView(APIView):
    """Give the token back: it is dead at once."""

    route_policy = RoutePolicy("members", why="everybody may end the own token")

    @extend_schema(operation_id="auth_logout_create", tags=["auth"], request=None, responses={204: None})
    def post(self, request: Request, tenant: str) -> Response:
        raw: Any = request._request
        signin.end(raw, raw.tenant)
        return Response(status=204)
