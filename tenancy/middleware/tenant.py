"""The tenant of a request: compared with the person's live grants, then walled in one transaction.

One outer transaction around everything, rendering included: with the setting made inside the view's own
transaction, lazy templates would read zero rows and answer 200 (reliability.md §1.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _

from tenancy import audit
from tenancy.access import Access, access_for, policy_of
from tenancy.addresses import client_address
from tenancy.door import Door
from tenancy.errors import not_found
from tenancy.models.account import Account
from tenancy.models.tenant import Tenant
from tenancy.scope import tenant_scope
from tenancy.sessions import FACTOR

# Audiences outside of all counties, and the addresses of their door.
_SPACES: dict[str, Literal["operator", "prefecture"]] = {"operators": "operator", "readers": "prefecture"}
Handler = Callable[[HttpRequest], HttpResponse]


class TenantMiddleware:
    """Opens the scope of the county that the path names, for those who hold a grant in it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            match = resolve(request.path_info)
        except (Resolver404, Http404):
            return self.get_response(request)
        policy = policy_of(match.func)
        if policy is None:
            # A forgotten decorator must not become an open door.
            return not_found(request)
        slug = match.kwargs.get("tenant")
        if slug is None:
            return self._outside(request, match, policy.audience)
        tenant = Tenant.objects.filter(slug=slug, is_active=True).select_related("division").first()
        if tenant is None:
            return not_found(request)
        request.tenant = tenant  # type: ignore[attr-defined]
        if policy.audience == "public":
            return self.get_response(request)
        return self._member(request, tenant, match)

    def _outside(self, request: HttpRequest, match: ResolverMatch, audience: str) -> HttpResponse:
        if audience in _SPACES:
            space = _SPACES[audience]
            account = request.user
            if not isinstance(account, Account):
                return _sign_in_first(request, reverse(f"{space}:login"))
            is_first = account.must_change_password and match.view_name != f"{space}:password"
            if is_first and Door(None, space).lets_in(account):
                return HttpResponse(status=302, headers={"Location": reverse(f"{space}:password")})
        return self.get_response(request)

    def _member(self, request: HttpRequest, tenant: Tenant, match: ResolverMatch) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in_first(request, reverse("tenancy:login", args=[tenant.slug]))
        account = request.user
        assert isinstance(account, Account)
        access = access_for(account, tenant, address=client_address(request))
        if access is None:
            return not_found(request)
        request.access = access  # type: ignore[attr-defined]
        # What must be written although the answer is an error, for instance that a wrong password was counted.
        request.afterwards = []  # type: ignore[attr-defined]
        if account.must_change_password and match.view_name != "tenancy:password":
            return _password_first(request, tenant)
        if _lacks_second_factor(request, account) and match.view_name not in ("tenancy:security", "tenancy:second_factor"):
            return _second_factor_first(request, tenant)
        with tenant_scope(tenant, actor=access.actor):
            response = self.get_response(request)
            if response.status_code >= 400:
                # An error answer writes nothing (exceptions were turned into responses further in).
                transaction.set_rollback(True)
        if response.status_code == 403:
            _record_refusal(request, access, match)
        for keep in getattr(request, "afterwards", ()):
            keep()
        return response


def _is_api(request: HttpRequest) -> bool:
    return "/api/" in request.path_info


def _sign_in_first(request: HttpRequest, login: str) -> HttpResponse:
    if _is_api(request):
        message = _("Sign in first: get a token from auth/token/ and send it as Authorization: Bearer.")
        return JsonResponse({"code": "not_authenticated", "message": message}, status=401)
    back = request.get_full_path() if request.method == "GET" else "/".join(login.split("/")[:2]) + "/"
    return _go(request, f"{login}?next={quote(back)}")


def _password_first(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    if _is_api(request):
        message = _("Change the first password in the browser before using the API.")
        return JsonResponse({"code": "password_change_required", "message": message}, status=403)
    return _go(request, reverse("tenancy:password", args=[tenant.slug]))


def _lacks_second_factor(request: HttpRequest, account: Account) -> bool:
    return account.needs_second_factor and not request.session.get(FACTOR, False)


def _second_factor_first(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    if _is_api(request):
        message = _("Your county requires a second factor. Set it up in the browser, then get a token with a code.")
        return JsonResponse({"code": "second_factor_required", "message": message}, status=403)
    return _go(request, reverse("tenancy:second_factor", args=[tenant.slug]))


def _go(request: HttpRequest, target: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponse(status=302, headers={"Location": target})


def _record_refusal(request: HttpRequest, access: Access, match: ResolverMatch) -> None:
    """The refusal outlives the rollback: written in a second, short transaction."""
    with tenant_scope(access.tenant, actor=access.actor):
        audit.append(access, "refused", object_kind=match.view_name or "", result="refused")
