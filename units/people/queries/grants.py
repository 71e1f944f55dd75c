"""Grants: role, scope, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from tenancy.models import Account, Grant
from tenancy.models.grant import ScopeKind
from units.models import Unit


@dataclass(frozen=True, slots=True)
class GrantShown:
    """A grant with the name of what it is over."""

    grant: Grant
    scope: str
    is_live: bool


def live(on: date) -> Q:
    """Grants that count on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))


def ended(on: date) -> Q:
    """Grants whose last day lies before a day."""
    return Q(ends_on__lt=on)


def grants_of(account: Account, *, on: date) -> list[GrantShown]:
    """All grants of an account in the county in scope: those that count, then coming ones, then ended ones."""
    order = [F("ends_on").desc(nulls_first=True), "role", "starts_on", "id"]
    rows = list(Grant.objects.filter(account=account).order_by(*order))
    names = dict(Unit.objects.filter(pk__in=[row.scope_unit_id for row in rows]).values_list("pk", "name"))
    return [
        GrantShown(row, scope_name(row, names), row.starts_on <= on and (row.ends_on is None or row.ends_on >= on))
        for row in rows
    ]


def scope_name(grant: Grant, names: dict[int, str]) -> str:
    """What a grant is over, in words; ``names`` are those of the units."""
    if grant.scope_unit_id is not None:
        return names.get(grant.scope_unit_id, "")
    return str(ScopeKind(grant.scope_kind).label)
