"""The two doors to sign in at, a county's and the operator's, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tenancy.models.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Door:
    """A county's door, or the operator's when ``tenant`` is None."""

    tenant: Tenant | None

    def url(self, name: str) -> str:
        """The page ``name`` (login, code, password, security, logout …) behind this door."""
        if self.tenant is None:
            return reverse(f"operator:{name}")
        return reverse(f"tenancy:{name}", args=[self.tenant.slug])

    @property
    def home(self) -> str:
        """The first page after sign-in."""
        return f"/{self.tenant.slug}/" if self.tenant is not None else reverse("operator:counties")
