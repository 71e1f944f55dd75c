"""The first administrator of a new county: the one account that the operator makes inside it."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy import audit
from tenancy.models import Account, Grant, Role, Tenant
from tenancy.passwords import random_password, set_password
from tenancy.scope import Actor, tenant_scope

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,59}")


class LoginRefused(ValueError):
    """The login name cannot be used; the text says why and what to do."""


@transaction.atomic
def create_first_admin(*, tenant: Tenant, login: str, actor: Actor, now: datetime) -> str:
    """An account with the role of county administrator; answers its first password, which is kept nowhere in clear."""
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise LoginRefused(_("Use small letters, digits and . _ @ - only."))
    if Account.objects.filter(login=login).exists():
        raise LoginRefused(_("The login name “%(login)s” is taken. Choose another.") % {"login": login})
    account = Account.objects.create(login=login, home=tenant)
    password = random_password()
    set_password(account=account, password=password, now=now, is_first=True)
    with tenant_scope(tenant, actor=actor):
        today = timezone.localtime(now).date()
        Grant.objects.create(tenant=tenant, account=account, role=Role.CA, starts_on=today, reason=_("first administrator"))
        audit.append(actor, "first_admin_created", object_kind="account", object_uid=account.uid)
    audit.platform("first_admin_created", actor=actor, slug=tenant.slug, login=login)
    return password
