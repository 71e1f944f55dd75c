"""The slip with a login and its first password: shown once, to be printed and handed over."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_variables

from lib.htmx import answer
from tenancy.access import TenantRequest
from tenancy.passwords import FIRST_PASSWORD_DAYS
from units.people.queries import Login
from units.people.views.common import address_of, frame, name_of


@sensitive_variables("password")
def slip_page(request: TenantRequest, tenant: str, login: Login, password: str) -> HttpResponse:
    """Name, address, login name, first password. Nothing of it is kept; the page is not cached."""
    context = frame(tenant, name_of(login), login=None)
    context |= {
        "county": request.tenant.name,
        "address": request.build_absolute_uri(f"/{tenant}/login/"),
        "login_name": login.account.login,
        "password": password,
        "days": FIRST_PASSWORD_DAYS,
        "done_url": address_of(tenant, login),
    }
    return answer(request, "people/slip.html", context)
