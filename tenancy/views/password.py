"""Changing one's own password, also the forced change of a first one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tenancy import audit, signin
from tenancy.access import PAGE, TenantRequest, signed_in
from tenancy.actions.passwords import change_password
from tenancy.addresses import client_address
from tenancy.door import Door
from tenancy.errors import too_many
from tenancy.forms import PasswordForm
from tenancy.models.account import Account
from tenancy.scope import Actor


def password_at(request: HttpRequest, door: Door) -> HttpResponse:
    """The page behind both doors' ``password`` address."""
    account = request.user
    assert isinstance(account, Account)
    is_first = account.must_change_password
    form = PasswordForm(request.POST or None, account=account, asks_current=not is_first)
    if request.method != "POST":
        return _page(request, door, form, is_first=is_first)
    if not form.is_valid():
        return _page(request, door, form, is_first=is_first, status=422)
    if not is_first and not signin.check_password_again(
        request, account=account, password=form.cleaned_data["current"], tenant=door.tenant
    ):
        if signin.is_locked(request):
            return too_many(request)
        form.refuse_current()
        return _page(request, door, form, is_first=is_first, status=422)
    change_password(account=account, password=form.cleaned_data["new"], now=now())
    signin.begin_again(request, account)
    _record(request, account, door)
    messages.success(request, _("The password was changed. All other devices were signed out."))
    return redirect(door.home)


def _record(request: HttpRequest, account: Account, door: Door) -> None:
    if door.tenant is None:
        audit.platform("password_changed", actor=Actor(account.login, account.pk, address=client_address(request)))
    else:
        audit.append(request.access, "password_changed")  # type: ignore[attr-defined]


def _page(request: HttpRequest, door: Door, form: PasswordForm, *, is_first: bool, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "heading": _("Choose your own password") if is_first else _("Change the password"),
        "help_text": _("The first password was for one use. From now on only you know the new one.") if is_first else "",
        "cancel_url": "" if is_first else door.url("security"),
        "breadcrumb": []
        if is_first
        else [
            {"label": _("Home"), "url": door.home},
            {"label": _("Sign-in and security"), "url": door.url("security")},
            {"label": _("Change the password"), "url": ""},
        ],
    }
    return render(request, "tenancy/password.html", context, status=status)


@signed_in("everybody's own password")
@sensitive_post_parameters()
@require_http_methods(PAGE)
def password(request: TenantRequest, tenant: str) -> HttpResponse:
    return password_at(request, Door(request.tenant))
