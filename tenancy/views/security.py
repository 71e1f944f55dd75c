"""One's own account: the second factor, recovery codes, and the devices that are signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenancy import audit, second_factor, signin
from tenancy.access import PAGE, TenantRequest, signed_in
from tenancy.actions.sessions import end_other_sessions, end_session
from tenancy.addresses import client_address
from tenancy.door import Door
from tenancy.errors import too_many
from tenancy.forms import ConfirmCodeForm
from tenancy.models.account import Account
from tenancy.queries.sessions import open_sessions
from tenancy.scope import Actor
from tenancy.sessions import FACTOR

WHY = "everybody's own account"


def _owner(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def security_at(request: HttpRequest, door: Door) -> HttpResponse:
    """What there is, with a way to change each."""
    account = _owner(request)
    is_on = second_factor.is_on(account)
    rows = open_sessions(account, this_key=request.session.session_key, now=now())
    context = {
        "heading": _("Sign-in and security"),
        "breadcrumb": [{"label": _("Home"), "url": door.home}, {"label": _("Sign-in and security"), "url": ""}],
        "door": _addresses(door),
        "is_on": is_on,
        "must": account.needs_second_factor,
        "n_codes": second_factor.n_recovery_codes(account) if is_on else 0,
        "sessions": [{"session": row, "started": localtime(row.started_at), "seen": localtime(row.seen_at)} for row in rows],
        "has_others": len(rows) > 1,
    }
    return render(request, "tenancy/security.html", context)


def switch_on_at(request: HttpRequest, door: Door) -> HttpResponse:
    """Show the QR code; keep the second factor when the app's first code is right."""
    account = _owner(request)
    if second_factor.is_on(account):
        return redirect(door.url("security"))
    if request.method != "POST":
        return _setup_page(request, door, ConfirmCodeForm())
    form = ConfirmCodeForm(request.POST)
    codes = None
    if form.is_valid():
        codes = second_factor.switch_on(account=account, secret=_secret(request), code=form.cleaned_data["code"])
        if codes is None:
            form.refuse()
    if codes is None:
        return _setup_page(request, door, form, status=422)
    request.session[FACTOR] = True
    end_other_sessions(account=account, kept_key=request.session.session_key)
    _record(request, door, "second_factor_on")
    return _codes_page(request, door, codes)


def switch_off_at(request: HttpRequest, door: Door) -> HttpResponse:
    """Remove the second factor, after a right code."""
    account = _owner(request)
    if account.needs_second_factor:
        messages.error(request, _("Your county requires the second factor for this account; it cannot be switched off."))
        return redirect(door.url("security"))
    return _with_code(request, door, "off")


def renew_codes_at(request: HttpRequest, door: Door) -> HttpResponse:
    """New recovery codes, after a right code."""
    return _with_code(request, door, "codes")


def _with_code(request: HttpRequest, door: Door, wanted: str) -> HttpResponse:
    account = _owner(request)
    if not second_factor.is_on(account):
        return redirect(door.url("security"))
    form = ConfirmCodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _code_page(request, door, form, wanted, status=422 if request.method == "POST" else 200)
    if not signin.check_code(request, account=account, code=form.cleaned_data["code"], now=now(), tenant=door.tenant):
        if signin.is_locked(request):
            return too_many(request)
        form.refuse()
        return _code_page(request, door, form, wanted, status=422)
    if wanted == "codes":
        codes = second_factor.renew_recovery_codes(account=account)
        _record(request, door, "recovery_codes_renewed")
        return _codes_page(request, door, codes)
    second_factor.switch_off(account=account)
    request.session[FACTOR] = False
    # The next one must not be the same: this session's key makes the secret.
    request.session.cycle_key()
    _record(request, door, "second_factor_off")
    messages.success(request, _("The second factor is off."))
    return redirect(door.url("security"))


def end_session_at(request: HttpRequest, door: Door) -> HttpResponse:
    """Sign one other device out, or all others."""
    account = _owner(request)
    name = str(request.POST.get("session", ""))
    if name == "others":
        n_ended = end_other_sessions(account=account, kept_key=request.session.session_key)
        if n_ended:
            _record(request, door, "sessions_ended")
        messages.success(request, _("All other devices were signed out."))
    elif end_session(account=account, key_hash=name):
        _record(request, door, "sessions_ended")
        messages.success(request, _("The device was signed out."))
    else:
        messages.info(request, _("This device was signed out already."))
    return redirect(door.url("security"))


def _secret(request: HttpRequest) -> str:
    return second_factor.secret_for(_owner(request), request.session.session_key or "")


def _record(request: HttpRequest, door: Door, action: str) -> None:
    if door.tenant is None:
        account = _owner(request)
        audit.platform(action, actor=Actor(account.login, account.pk, address=client_address(request)))
    else:
        audit.append(request.access, action)  # type: ignore[attr-defined]


def _addresses(door: Door) -> dict[str, str]:
    names = ("security", "second_factor", "second_factor_off", "recovery_codes", "end_session", "password")
    return {name: door.url(name) for name in names}


def _context(door: Door, heading: str, **more: Any) -> dict[str, Any]:
    trail = [{"label": _("Sign-in and security"), "url": door.url("security")}, {"label": heading, "url": ""}]
    return {"heading": heading, "breadcrumb": trail, "door": _addresses(door), **more}


def _setup_page(request: HttpRequest, door: Door, form: ConfirmCodeForm, status: int = 200) -> HttpResponse:
    secret = _secret(request)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = _context(
        door, _("Set up the second factor"), form=form, qr=second_factor.qr_image(_owner(request), secret), secret=groups
    )
    return render(request, "tenancy/second_factor.html", context, status=status)


def _code_page(request: HttpRequest, door: Door, form: ConfirmCodeForm, wanted: str, status: int) -> HttpResponse:
    heading = _("New recovery codes") if wanted == "codes" else _("Switch the second factor off")
    context = _context(door, heading, form=form, wanted=wanted)
    return render(request, "tenancy/second_factor_code.html", context, status=status)


def _codes_page(request: HttpRequest, door: Door, codes: list[str]) -> HttpResponse:
    return render(request, "tenancy/recovery_codes.html", _context(door, _("Your recovery codes"), codes=codes))


@signed_in(WHY)
@require_safe
def security(request: TenantRequest, tenant: str) -> HttpResponse:
    return security_at(request, Door(request.tenant))


@signed_in(WHY)
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
def switch_on(request: TenantRequest, tenant: str) -> HttpResponse:
    return switch_on_at(request, Door(request.tenant))


@signed_in(WHY)
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
def switch_off(request: TenantRequest, tenant: str) -> HttpResponse:
    return switch_off_at(request, Door(request.tenant))


@signed_in(WHY)
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
def renew_codes(request: TenantRequest, tenant: str) -> HttpResponse:
    return renew_codes_at(request, Door(request.tenant))


@signed_in(WHY)
@require_POST
def end_one_session(request: TenantRequest, tenant: str) -> HttpResponse:
    return end_session_at(request, Door(request.tenant))
