"""The doors to sign in at, a county's, the operator's and the prefecture readers', and where each leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from tenancy.access import live_grants
from tenancy.models.account import Account
from tenancy.models.tenant import Tenant
from tenancy.readers import prefecture_of


@dataclass(frozen=True, slots=True)
class Door:
    """A county's door, or one outside of all counties when ``tenant`` is None: ``space`` names its addresses."""

    tenant: Tenant | None
    space: Literal["operator", "prefecture"] = "operator"

    def url(self, name: str) -> str:
        """The page ``name`` (login, code, password, security, logout …) behind this door."""
        if self.tenant is None:
            return reverse(f"{self.space}:{name}")
        return reverse(f"tenancy:{name}", args=[self.tenant.slug])

    @property
    def home(self) -> str:
        """The first page after sign-in."""
        if self.tenant is not None:
            return f"/{self.tenant.slug}/"
        return reverse("operator:counties" if self.space == "operator" else "prefecture:board")

    def lets_in(self, account: Account) -> bool:
        """Whether the account has business behind this door today."""
        if self.tenant is not None:
            return bool(live_grants(account.pk, self.tenant.pk))
        return account.is_operator if self.space == "operator" else prefecture_of(account) is not None
