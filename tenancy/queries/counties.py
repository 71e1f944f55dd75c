"""Counties as the directory knows them."""

from __future__ import annotations

from tenancy.access import live_grants
from tenancy.models.account import Account
from tenancy.models.tenant import Tenant


def county_named(slug: str) -> Tenant | None:
    """The county in use with this address name."""
    return Tenant.objects.filter(slug=slug, is_active=True).first()


def counties_of(account: Account) -> list[Tenant]:
    """Counties in which the account holds a live grant, in the order of their codes."""
    ids = {tenant_id for tenant_id, _grant in live_grants(account.pk)}
    return list(Tenant.objects.filter(pk__in=ids).order_by("division_id"))
