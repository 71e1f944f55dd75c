"""A number about a unit for a year: a village's collective income and its like (architecture.md, "Figure")."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import TenantModel
from tenancy.versions import versioned
from units.models.unit import Unit


class Metric(models.TextChoices):
    """What is measured; all in yuan (domain.md §6, 85 and 86)."""

    COLLECTIVE_INCOME = "collective_income", _("collective income (yuan)")
    OPERATING_INCOME = "operating_income", _("operating income (yuan)")


@versioned()
class Figure(TenantModel):
    """One figure of one unit for one calendar year. A correction is a version; who gave it stands beside it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="figures", verbose_name=_("village"), db_index=False)
    metric = models.CharField(_("figure"), max_length=20, choices=Metric)
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    source = models.CharField(_("source"), max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("yearly figure")
        ordering = ["unit", "metric", "-year"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "unit", "metric", "year"], name="figure_once"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="figure_year_is_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.year}"
