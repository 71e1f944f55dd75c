"""The directory of counties and what lies above them. Global: holds names and codes, no business data."""

from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# First parts of a path that name no county.
RESERVED_SLUGS = frozenset(
    {"operator", "prefecture", "static", "media", "healthz", "readyz", "language", "elder", "accounts", "api", "help"}
)


class Division(models.Model):
    """A province, prefecture or county of the administrative code list, above or at the level of a tenant.

    Below the county, divisions are units of one tenant (``units.Unit``).
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("prefecture")
        COUNTY = "county", _("county")

    code = models.CharField(_("division code"), max_length=6, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Tenant(models.Model):
    """A county (县、市、区) that uses the product; all business data belongs to one.

    Never below the county: units below county level may not run such systems (domain.md §5.2).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(
        _("address name"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$")],
        help_text=_("Small letters, digits and hyphens; part of every address, for example gaozhou."),
    )
    name = models.CharField(_("name"), max_length=60)
    division = models.OneToOneField(Division, models.PROTECT, verbose_name=_("county"))
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["division_id"]
        constraints = [
            # Beside this, migration 0002 adds tenant_is_a_county: Django declares no check on a key's own text.
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$"), name="tenant_slug_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.name
