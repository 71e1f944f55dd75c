"""Resetting, disabling, and the second factor of somebody's login."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.htmx import answer
from tenancy.access import PAGE, TenantRequest, allow
from units.people import actions
from units.people.views.common import address_of, attempt, frame, login_for, name_of
from units.people.views.slips import slip_page


@allow("grant", GET="U", POST="U")
@require_http_methods(PAGE)
def password_reset(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """A new first password, shown this once."""
    found = login_for(request, uid)
    refusal = ""
    if request.method == "POST":
        password, refusal = attempt(None, lambda: actions.reset_password(access=request.access, login=found, now=now()))
        if password is not None:
            return slip_page(request, tenant, found, password)
        messages.error(request, refusal)
    context = frame(tenant, _("New first password"), login=found)
    context["confirm"] = {
        "title": _("Give %(name)s a new first password?") % {"name": name_of(found)},
        "points": [
            _("The present password stops working at once."),
            _("All devices are signed out."),
            _("The new password is shown once, on the next page."),
        ],
        "action": "",
        "label": _("Make a new password"),
        "cancel_url": address_of(tenant, found),
    }
    return answer(request, "kinds/confirm.html", context, status=422 if refusal else 200)


@allow("grant", GET="U", POST="U")
@require_http_methods(PAGE)
def login_state(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Disable a login, or allow it again."""
    found = login_for(request, uid)
    disables = found.account.is_active
    refusal = ""
    if request.method == "POST":
        done, refusal = attempt(
            None,
            lambda: actions.set_may_sign_in(access=request.access, login=found, is_active=not disables, now=now()) or True,
        )
        if done:
            text = _("The login is disabled.") if disables else _("The login works again.")
            messages.success(request, text)
            return HttpResponseRedirect(address_of(tenant, found))
        messages.error(request, refusal)
    heading = _("Disable the login") if disables else _("Allow the login again")
    context = frame(tenant, heading, login=found)
    points = [_("The person is signed out at once and cannot sign in."), _("Roles and everything done stay readable.")]
    context["confirm"] = {
        "title": _("Disable the login of %(name)s?") % {"name": name_of(found)}
        if disables
        else _("Let %(name)s sign in again?") % {"name": name_of(found)},
        "points": points if disables else [_("The roles that are still running count again.")],
        "action": "",
        "label": heading,
        "cancel_url": address_of(tenant, found),
        "grave": disables,
    }
    return answer(request, "kinds/confirm.html", context, status=422 if refusal else 200)


@allow("grant", POST="U")
@require_POST
def second_factor(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Require the second factor, leave it to the person, or remove a lost one."""
    found = login_for(request, uid)
    wanted = str(request.POST.get("do", ""))

    def write() -> bool:
        if wanted == "reset":
            actions.reset_second_factor(access=request.access, login=found)
        else:
            actions.require_second_factor(access=request.access, login=found, is_required=wanted == "require")
        return True

    words = {
        "require": _("From the next sign-in on, a second factor is required."),
        "waive": _("The second factor is up to the person."),
        "reset": _("The second factor was removed; the person sets up a new one."),
    }
    if wanted in words:
        done, refusal = attempt(None, write)
        if done:
            messages.success(request, words[wanted])
        else:
            messages.error(request, refusal)
    return HttpResponseRedirect(address_of(tenant, found))
