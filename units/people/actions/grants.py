"""Giving and ending roles. A grant is never deleted: it gets its last day."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tenancy import audit
from tenancy.access import Access
from tenancy.models import Account, Grant, Role
from tenancy.models.grant import ROLE_SCOPES, ScopeKind
from tenancy.scope import because
from units.models import Unit, UnitKind
from units.models.unit import VILLAGE_KINDS
from units.people.actions.logins import may_manage
from units.people.queries import is_last_administrator

# Which units a scope may name.
KINDS_OF_SCOPE: dict[str, tuple[str, ...]] = {
    ScopeKind.TOWN: (UnitKind.TOWN,),
    ScopeKind.VILLAGE: tuple(VILLAGE_KINDS),
    ScopeKind.UNIT: (UnitKind.ORGANISATION, UnitKind.EXTERNAL, UnitKind.PARTY_ORGANISATION),
}


def scope_for(role: str, unit: Unit | None) -> str:
    """The scope of a role over ``unit`` (None: the county). Raises ValidationError when the role has no such scope."""
    for scope in ROLE_SCOPES.get(role, ()):
        if scope == ScopeKind.TENANT and unit is None:
            return scope
        if unit is not None and unit.kind in KINDS_OF_SCOPE.get(scope, ()):
            return scope
    raise ValidationError({"unit": _("This role is given over something else. Choose a fitting town, unit or village.")})


@transaction.atomic
def give_grant(
    *,
    access: Access,
    account: Account,
    role: str,
    unit: Unit | None,
    starts_on: date,
    ends_on: date | None,
    reason: str,
) -> Grant:
    """Give a role over the county or over a unit. Raises ValidationError when it cannot be, or is held already."""
    may_manage(access, "C")
    scope = scope_for(role, unit)
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first. Correct one of them.")})
    if role == Role.AU and ends_on is None:
        raise ValidationError({"ends_on": _("An auditor's role is given for a time. Write its last day.")})
    same = Grant.objects.filter(account=account, role=role, scope_kind=scope, scope_unit_id=unit.pk if unit else None)
    overlap = same.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        overlap = overlap.filter(starts_on__lte=ends_on)
    if overlap.exists():
        raise ValidationError(_("This role is held over the same already in that time. Nothing was changed."))
    grant: Grant = Grant.objects.create(
        tenant=access.tenant,
        account=account,
        role=role,
        scope_kind=scope,
        scope_unit_id=unit.pk if unit else None,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        granted_by=access.account,
    )
    audit.append(access, "grant_given", object_kind="grant", object_uid=grant.uid, role=role, scope=scope)
    return grant


@transaction.atomic
def end_grant(*, access: Access, grant: Grant, last_day: date | None, reason: str, today: date) -> None:
    """Give a grant its last day; ``last_day`` None: at once, it is gone at the next request."""
    may_manage(access, "U")
    first_day = grant.starts_on
    if last_day is None:
        last_day = today - timedelta(days=1)
        # One that began today would otherwise count until midnight; its versions keep the day it was given for.
        first_day = min(first_day, last_day)
    if last_day < first_day:
        raise ValidationError({"last_day": _("The role begins later than this day. Choose its first day or a later one.")})
    if grant.role == Role.CA and is_last_administrator(grant.account, on=today):
        raise ValidationError(_("This is the only administrator of the county. Give somebody else the role first."))
    because(reason, actor=access.actor)
    still_open = Grant.objects.filter(pk=grant.pk).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    if still_open.update(starts_on=first_day, ends_on=last_day) == 0:
        raise ValidationError(_("This role has ended already. Reload the page."))
    audit.append(access, "grant_ended", object_kind="grant", object_uid=grant.uid, role=grant.role)
