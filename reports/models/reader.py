"""Who reads a prefecture's published sums: accounts without any county, made by the platform's operator."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.models import Account, Division


class PrefectureReader(models.Model):
    """One account and its prefecture, from a day to a day (both included).

    Global: belongs to no county. It ends, it is never deleted.
    """

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="+")
    prefecture = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("prefecture"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("reader of a prefecture's sums")
        ordering = ["prefecture_id", "account_id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="reader_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.prefecture_id} {self.account_id}"
