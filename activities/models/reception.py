"""Who came to a reception and with what: personal, kept apart and read under its own right (domain.md §7)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.record import Record
from tenancy.models import TenantModel
from tenancy.versions import versioned


@versioned()
class Visitor(TenantModel):
    """One visitor of a reception and the concern brought; policy object ``petition``."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="visits", db_index=False)
    name = models.CharField(_("visitor"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    home = models.CharField(_("home"), max_length=80, blank=True)
    matter = models.CharField(_("concern"), max_length=500, blank=True)
    category = models.CharField(_("category"), max_length=20, blank=True)
    opinion = models.CharField(_("what is to be done"), max_length=300, blank=True)
    handled_by = models.CharField(_("handled by"), max_length=80, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    satisfaction = models.CharField(_("satisfaction"), max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("visitor")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "record"], name="visitor_of")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.name
