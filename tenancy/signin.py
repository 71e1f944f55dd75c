"""Signing in and out: what the county's page, the operator's page and the API share.

Order of things: lock-out, password and grant (one answer for all that can be wrong), second factor where the
account has one, a session with a new key. Failures and successes stand in the audit chain of the county.
"""

from __future__ import annotations

import time
from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_credentials
from axes.utils import reset as axes_reset
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    authenticate,
    login,
    logout,
)
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from tenancy import audit, second_factor
from tenancy.access import access_for
from tenancy.actions.passwords import is_password_of
from tenancy.addresses import client_address
from tenancy.devices import device_words
from tenancy.door import Door
from tenancy.models.account import Account
from tenancy.models.tenant import Tenant
from tenancy.readers import prefecture_of
from tenancy.scope import Actor, tenant_scope
from tenancy.sessions import DEVICE, FACTOR, SEEN, STARTED, TOKEN_MARK, SessionStore

BACKEND = "tenancy.backends.AccountBackend"
PENDING = "_pending"
PENDING_SECONDS = 300


def check(request: HttpRequest, *, login_name: str, password: str, door: Door) -> Account | None:
    """The account, when name, password and its business behind the door are right; None otherwise, and it is counted.

    When the name or the address is locked, ``is_locked(request)`` says so.
    """
    account = authenticate(request, username=login_name, password=password, tenant=door.tenant, door=door)
    if account is None:
        record_failure(request, login_name=login_name, tenant=door.tenant)
        return None
    assert isinstance(account, Account)
    return account


def is_locked(request: HttpRequest) -> bool:
    """Whether this request met, or set off, the lock-out."""
    return bool(getattr(request, "axes_locked_out", False))


def check_code(request: HttpRequest, *, account: Account, code: str, now: datetime, tenant: Tenant | None) -> bool:
    """Whether a code of the second factor is right. Wrong ones count towards the lock-out like passwords."""
    if not AxesProxyHandler.is_allowed(request, get_credentials(username=account.login)):
        request.axes_locked_out = True  # type: ignore[attr-defined]
        return False
    if second_factor.check(account=account, code=code, now=now):
        return True
    count_failure(request, account=account, tenant=tenant)
    return False


def check_password_again(request: HttpRequest, *, account: Account, password: str, tenant: Tenant | None) -> bool:
    """Whether this is the present password of whoever is signed in: an open screen is no place to guess at it."""
    if not AxesProxyHandler.is_allowed(request, get_credentials(username=account.login)):
        request.axes_locked_out = True  # type: ignore[attr-defined]
        return False
    if is_password_of(account=account, password=password):
        return True
    count_failure(request, account=account, tenant=tenant)
    return False


def count_failure(request: HttpRequest, *, account: Account, tenant: Tenant | None) -> None:
    """Count and record one wrong password or code of a known account."""
    _count(request, account, tenant)
    afterwards = getattr(request, "afterwards", None)
    if afterwards is not None:
        # On a member's page the error answer rolls the count back; it is made again after that.
        afterwards.append(lambda: _count(request, account, tenant))


def _count(request: HttpRequest, account: Account, tenant: Tenant | None) -> None:
    request.axes_locked_out = False  # type: ignore[attr-defined]
    user_login_failed.send(sender=__name__, credentials={"username": account.login}, request=request)
    record_failure(request, login_name=account.login, tenant=tenant)


def spend_first_password(*, account: Account, now: datetime) -> bool:
    """Use up a first password: it signs in once. False when it was used up at the same moment elsewhere."""
    if not account.must_change_password:
        return True
    unspent = Account.objects.filter(pk=account.pk, first_password_until__gt=now)
    if account.first_password_until is None:
        unspent = Account.objects.filter(pk=account.pk, first_password_until=None)
    return unspent.update(first_password_until=now) == 1


def wait_for_code(request: HttpRequest, account: Account, tenant: Tenant | None) -> None:
    """Remember that the password was right; nobody is signed in yet."""
    request.session.flush()
    request.session[PENDING] = {
        "account": account.pk,
        "tenant": tenant.pk if tenant else None,
        "stamp": str(account.password_stamp),
        "until": int(time.time()) + PENDING_SECONDS,
    }


def waiting(request: HttpRequest, tenant: Tenant | None) -> Account | None:
    """The account that waits for its code at this door; None when none does or it waited too long."""
    kept = request.session.get(PENDING)
    if not isinstance(kept, dict) or kept["until"] < time.time() or kept["tenant"] != (tenant.pk if tenant else None):
        return None
    return Account.objects.filter(pk=kept["account"], password_stamp=kept["stamp"], is_active=True).first()


def enter(request: HttpRequest, *, account: Account, tenant: Tenant | None, now: datetime, with_code: bool = False) -> bool:
    """Sign in an account whose password (and code) is right. False when its first password was just used elsewhere."""
    if not spend_first_password(account=account, now=now):
        return False
    begin(request, account=account, tenant=tenant, with_code=with_code)
    return True


def begin(request: HttpRequest, *, account: Account, tenant: Tenant | None, with_code: bool = False) -> None:
    """Sign the account in under a new session key and forget its failures."""
    request.session.pop(PENDING, None)
    login(request, account, backend=BACKEND)
    now = int(time.time())
    request.session[STARTED] = request.session[SEEN] = now
    request.session[DEVICE] = device_words(request.headers.get("User-Agent", ""))
    request.session[FACTOR] = with_code
    axes_reset(username=account.login)
    _record(request, account, tenant, "signed_in")


def begin_token(request: HttpRequest, *, account: Account, tenant: Tenant, with_code: bool) -> str:
    """A token for programs: the key of a session of its own, refused as a cookie (tenancy.middleware.sessions)."""
    session = SessionStore()
    now = int(time.time())
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[TOKEN_MARK] = True
    session[STARTED] = session[SEEN] = now
    session[DEVICE] = "API"
    session[FACTOR] = with_code
    session.create()
    axes_reset(username=account.login)
    _record(request, account, tenant, "token_given")
    return str(session.session_key)


def begin_again(request: HttpRequest, account: Account) -> None:
    """Go on under a new key after a change that ended every session of the account."""
    kept = {name: request.session.get(name) for name in (STARTED, FACTOR, DEVICE)}
    request.session.flush()
    login(request, account, backend=BACKEND)
    request.session[SEEN] = int(time.time())
    for name, value in kept.items():
        if value is not None:
            request.session[name] = value


def end(request: HttpRequest, tenant: Tenant | None) -> None:
    """Sign out: the session's row is gone, so its key is dead."""
    account = request.user
    if isinstance(account, Account):
        _record(request, account, tenant, "signed_out")
    logout(request)


def record_failure(request: HttpRequest, *, login_name: str, tenant: Tenant | None) -> None:
    """One entry per failure. The name typed is kept only when it is a member's: people type passwords there."""
    address = client_address(request)
    action = "locked_out" if is_locked(request) else "sign_in_failed"
    account = Account.objects.filter(login=login_name.strip().lower()).first()
    if tenant is None:
        is_known = account is not None and (account.is_operator or prefecture_of(account) is not None)
        known = account if is_known else None
        actor = Actor(known.login if known else "", known.pk if known else None, address=address)
        audit.platform(action, actor=actor)
        return
    access = access_for(account, tenant, address=address) if account is not None else None
    who = access.actor if access is not None else Actor("", address=address)
    with tenant_scope(tenant, actor=who):
        audit.append(who, action, result="refused")


def _record(request: HttpRequest, account: Account, tenant: Tenant | None, action: str) -> None:
    address = client_address(request)
    if tenant is None:
        audit.platform(action, actor=Actor(account.login, account.pk, address=address))
        return
    access = access_for(account, tenant, address=address)
    if access is None:
        return
    with tenant_scope(tenant, actor=access.actor):
        audit.append(access, action)
