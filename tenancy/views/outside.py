"""The account pages behind a door outside of all counties: the operator's and the prefecture readers'."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenancy.access import PAGE, public
from tenancy.door import Door
from tenancy.views import password, security, signing

View = Callable[..., HttpResponse]


def account_routes(door: Door, members_only: Callable[[View], View]) -> list[URLPattern]:
    """Addresses of signing in and out, password, second factor and sessions; ``members_only`` guards what is one's own."""

    @public("whoever signs in is not signed in yet")
    @sensitive_post_parameters("password")
    @require_http_methods(PAGE)
    def sign_in(request: HttpRequest) -> HttpResponse:
        return signing.sign_in_at(request, door)

    @public("whoever gives a code is not signed in yet")
    @sensitive_post_parameters("code")
    @require_http_methods(PAGE)
    def code(request: HttpRequest) -> HttpResponse:
        return signing.code_at(request, door)

    @public("leaving must always work")
    @require_POST
    def sign_out(request: HttpRequest) -> HttpResponse:
        return signing.sign_out_at(request, door)

    @members_only
    @sensitive_post_parameters()
    @require_http_methods(PAGE)
    def change_password(request: HttpRequest) -> HttpResponse:
        return password.password_at(request, door)

    @members_only
    @require_safe
    def own_security(request: HttpRequest) -> HttpResponse:
        return security.security_at(request, door)

    @members_only
    @require_http_methods(PAGE)
    def second_factor(request: HttpRequest) -> HttpResponse:
        return security.switch_on_at(request, door)

    @members_only
    @require_http_methods(PAGE)
    def second_factor_off(request: HttpRequest) -> HttpResponse:
        return security.switch_off_at(request, door)

    @members_only
    @require_http_methods(PAGE)
    def recovery_codes(request: HttpRequest) -> HttpResponse:
        return security.renew_codes_at(request, door)

    @members_only
    @require_POST
    def end_session(request: HttpRequest) -> HttpResponse:
        return security.end_session_at(request, door)

    return [
        path("login/", sign_in, name="login"),
        path("login/code/", code, name="code"),
        path("logout/", sign_out, name="logout"),
        path("password/", change_password, name="password"),
        path("security/", own_security, name="security"),
        path("security/second-factor/", second_factor, name="second_factor"),
        path("security/second-factor/off/", second_factor_off, name="second_factor_off"),
        path("security/recovery-codes/", recovery_codes, name="recovery_codes"),
        path("security/sessions/end/", end_session, name="end_session"),
    ]
