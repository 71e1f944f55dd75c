"""What the operator does with a county after it is set up."""

from __future__ import annotations

from django.db import transaction

from tenancy import audit
from tenancy.models import Tenant
from tenancy.scope import Actor


@transaction.atomic
def set_county_in_use(*, tenant: Tenant, is_active: bool, actor: Actor) -> None:
    """Open or close a county: closed, nobody gets in; nothing is deleted."""
    n_changed = Tenant.objects.filter(pk=tenant.pk, is_active=not is_active).update(is_active=is_active)
    if n_changed:
        audit.platform("county_opened" if is_active else "county_closed", actor=actor, slug=tenant.slug)
