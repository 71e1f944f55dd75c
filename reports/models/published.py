"""Sums that a county publishes to its prefecture: counts by rule and period, never a record (ui.md, prefecture view)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel


class PublishedSum(TenantModel):
    """How one rule stood in one period over a whole county, as published. Rewritten by the next publication."""

    programme_year = models.PositiveSmallIntegerField(_("year"))
    rule_code = models.SlugField(max_length=30, db_index=False)
    rule_name = models.CharField(max_length=40)
    period_kind = models.CharField(max_length=7)
    starts_on = models.DateField()
    n_due = models.PositiveIntegerField()
    n_met = models.PositiveIntegerField()
    n_waiting = models.PositiveIntegerField()
    n_missed = models.PositiveIntegerField()
    n_pairings = models.PositiveIntegerField()
    published_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("published sum")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "programme_year", "rule_code", "period_kind", "starts_on"], name="published_sum_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.starts_on}"
