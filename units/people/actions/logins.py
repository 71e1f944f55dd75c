"""Making logins for people, resetting and disabling them. All by the county's administrator."""

from __future__ import annotations

import re
from datetime import datetime

from axes.utils import reset as forget_failures
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy import audit, second_factor
from tenancy.access import Access
from tenancy.models import Account, Session
from tenancy.passwords import random_password, set_password
from units.models import Person
from units.people.queries import Login, is_last_administrator

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")


def may_manage(access: Access, action: str) -> None:
    """Raise PermissionDenied for whoever may not do this to every login of the county."""
    if access.reach("grant", action) is not None:
        raise PermissionDenied


def _managed(access: Access, login: Login) -> Account:
    may_manage(access, "U")
    if not login.is_managed:
        raise ValidationError(
            _("This login was made elsewhere, by another county or the operator. Only they may reset or disable it.")
        )
    return login.account


def make_account(*, access: Access, login: str) -> Account:
    """A new account of this county. Raises ValidationError for a name that cannot be used or is taken."""
    if not _LOGIN.fullmatch(login):
        raise ValidationError({"login": _("Write 3 to 60 small letters, digits and . _ @ -, for example liangming.")})
    try:
        with transaction.atomic():
            return Account.objects.create(login=login, home=access.tenant)
    except IntegrityError:
        raise ValidationError({"login": _("The login name “%(login)s” is taken. Choose another.") % {"login": login}}) from None


@transaction.atomic
def create_login(*, access: Access, person: Person, login: str, now: datetime) -> str:
    """A login for a person; answers the first password, which is kept nowhere in clear."""
    may_manage(access, "C")
    account = make_account(access=access, login=login.strip().lower())
    password = random_password()
    set_password(account=account, password=password, now=now, is_first=True)
    # One conditional update: two administrators may press the button together.
    if Person.objects.filter(pk=person.pk, account=None).update(account=account) == 0:
        raise ValidationError(_("Somebody made a login for this person a moment ago. Reload the page."))
    audit.append(access, "login_created", object_kind="person", object_uid=person.uid)
    return password


@transaction.atomic
def link_person(*, access: Access, login: Login, person: Person) -> None:
    """Say which person of the county signs in with a login that belongs to nobody yet."""
    may_manage(access, "U")
    if login.person is not None or Person.objects.filter(pk=person.pk, account=None).update(account=login.account) == 0:
        raise ValidationError(_("This login or this person is linked already. Reload the page."))
    audit.append(access, "login_linked", object_kind="person", object_uid=person.uid)


@transaction.atomic
def reset_password(*, access: Access, login: Login, now: datetime) -> str:
    """A new first password; sessions end, a lock-out is lifted. Answers the password, kept nowhere in clear."""
    account = _managed(access, login)
    password = random_password()
    set_password(account=account, password=password, now=now, is_first=True)
    forget_failures(username=account.login)
    audit.append(access, "password_reset", object_kind="account", object_uid=account.uid)
    return password


@transaction.atomic
def set_may_sign_in(*, access: Access, login: Login, is_active: bool, now: datetime) -> None:
    """Disable a login, which ends its sessions at once, or allow it again."""
    account = _managed(access, login)
    if not is_active and is_last_administrator(account, on=timezone.localtime(now).date()):
        raise ValidationError(_("This is the only administrator of the county. Give somebody else the role first."))
    if Account.objects.filter(pk=account.pk, is_active=not is_active).update(is_active=is_active) == 0:
        return
    if not is_active:
        Session.objects.filter(account=account).delete()
    audit.append(access, "login_enabled" if is_active else "login_disabled", object_kind="account", object_uid=account.uid)


@transaction.atomic
def require_second_factor(*, access: Access, login: Login, is_required: bool) -> None:
    """Make a second factor a must for a login (its sessions end), or a choice again."""
    account = _managed(access, login)
    changed = Account.objects.filter(pk=account.pk, needs_second_factor=not is_required)
    if changed.update(needs_second_factor=is_required) == 0:
        return
    if is_required:
        Session.objects.filter(account=account).exclude(account=access.account).delete()
    action = "second_factor_required" if is_required else "second_factor_optional"
    audit.append(access, action, object_kind="account", object_uid=account.uid)


@transaction.atomic
def reset_second_factor(*, access: Access, login: Login) -> None:
    """Remove a lost second factor; the person sets up a new one. Sessions end."""
    account = _managed(access, login)
    second_factor.switch_off(account=account)
    Session.objects.filter(account=account).delete()
    audit.append(access, "second_factor_reset", object_kind="account", object_uid=account.uid)
