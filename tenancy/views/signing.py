"""Sign in, give the code, sign out: the same for a county's door and the operator's."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tenancy import second_factor, signin
from tenancy.access import PAGE, TenantRequest, public
from tenancy.door import Door
from tenancy.errors import too_many
from tenancy.forms import CodeForm, SignInForm
from tenancy.models.account import Account


def safe_next(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """``wanted`` when it is a page of ours, else ``otherwise``: no open redirect."""
    # A word without a slash would be looked up as the name of a view.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return otherwise


def sign_in_at(request: HttpRequest, door: Door) -> HttpResponse:
    """The page behind both doors' ``login`` address."""
    if request.method != "POST":
        wanted = str(request.GET.get("next", ""))[:500]
        if _is_at_home(request, door):
            return redirect(safe_next(request, wanted, door.home))
        return _login_page(request, door, SignInForm(initial={"next": wanted}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _login_page(request, door, form, status=422)
    values = form.cleaned_data
    account = signin.check(request, login_name=values["login"], password=values["password"], door=door)
    if signin.is_locked(request):
        return too_many(request)
    if account is not None and second_factor.is_on(account):
        signin.wait_for_code(request, account, door.tenant)
        return redirect(f"{door.url('code')}?{urlencode({'next': values['next']})}")
    if account is None or not signin.enter(request, account=account, tenant=door.tenant, now=now()):
        form.refuse()
        return _login_page(request, door, form, status=422)
    return redirect(_first_page(request, account, door, values["next"]))


def code_at(request: HttpRequest, door: Door) -> HttpResponse:
    """The page behind both doors' ``code`` address: the password was right, the code is still missing."""
    account = signin.waiting(request, door.tenant)
    if account is None:
        return redirect(door.url("login"))
    if request.method != "POST":
        return _code_page(request, door, CodeForm(initial={"next": str(request.GET.get("next", ""))[:500]}))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, door, form, status=422)
    moment = now()
    right = signin.check_code(request, account=account, code=form.cleaned_data["code"], now=moment, tenant=door.tenant)
    if signin.is_locked(request):
        return too_many(request)
    if not right:
        form.refuse()
        return _code_page(request, door, form, status=422)
    if not signin.enter(request, account=account, tenant=door.tenant, now=moment, with_code=True):
        return redirect(door.url("login"))
    return redirect(_first_page(request, account, door, form.cleaned_data["next"]))


def sign_out_at(request: HttpRequest, door: Door) -> HttpResponse:
    """End the session and tell the browser to forget what it kept: village phones are shared (reliability.md §6.3)."""
    signin.end(request, door.tenant)
    response = redirect(door.url("login"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _is_at_home(request: HttpRequest, door: Door) -> bool:
    account = request.user
    if not isinstance(account, Account):
        return False
    return door.lets_in(account)


def _first_page(request: HttpRequest, account: Account, door: Door, wanted: str) -> str:
    if account.must_change_password:
        return door.url("password")
    return safe_next(request, wanted, door.home)


def _login_page(request: HttpRequest, door: Door, form: SignInForm, status: int = 200) -> HttpResponse:
    return render(request, "tenancy/login.html", {"form": form, "tenant": door.tenant}, status=status)


def _code_page(request: HttpRequest, door: Door, form: CodeForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "tenant": door.tenant, "login_url": door.url("login")}
    return render(request, "tenancy/code.html", context, status=status)


@public("whoever signs in is not signed in yet")
@sensitive_post_parameters("password")
@require_http_methods(PAGE)
def sign_in(request: TenantRequest, tenant: str) -> HttpResponse:
    return sign_in_at(request, Door(request.tenant))


@public("whoever gives a code is not signed in yet")
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
def code(request: TenantRequest, tenant: str) -> HttpResponse:
    return code_at(request, Door(request.tenant))


@public("leaving must always work, also when the last grant has ended")
@require_POST
def sign_out(request: TenantRequest, tenant: str) -> HttpResponse:
    return sign_out_at(request, Door(request.tenant))
