"""What every table of a county's own data inherits."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.db import models
from django_scopes import ScopedManager

from tenancy.models.tenant import Tenant

M = TypeVar("M", bound=models.Model)

# Raises ScopeError when no tenant is in scope: a forgotten scope is loud (architecture.md, decision 4).
TenantManager: Any = ScopedManager


class TenantModel(models.Model):
    """A row of one county. The table is protected by row-level security (``tenancy.rls``).

    ``id`` is for joins and never leaves the server; ``uid`` is what addresses, forms and the API name.
    """

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    # No index of its own: every index of a tenant table leads with the tenant already.
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", editable=False, db_index=False)

    objects: Any = ScopedManager(tenant="tenant")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="%(app_label)s_%(class)s_uid")]
