"""Warnings of level 2 and up: the machine proposes, a person signs (domain.md §4.4)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pairing.models import Pairing
from tenancy.models import Account, TenantModel
from tenancy.versions import versioned


class WarningLevel(models.IntegerChoices):
    YELLOW = 2, _("yellow")
    RED = 3, _("red")


@versioned()
class Warning(TenantModel):
    """One warning to the unit of a pairing. Proposed until somebody signs; withdrawn ones do not count in scores."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="warnings", verbose_name=_("pairing"), db_index=False)
    level = models.PositiveSmallIntegerField(_("level"), choices=WarningLevel)
    reason = models.CharField(_("reason"), max_length=400)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    proposed_on = models.DateField(_("proposed on"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    signed_name = models.CharField(_("signed by"), max_length=60, blank=True)
    # The written note (yellow) or the plan (red) is due then.
    answer_due_on = models.DateField(_("answer due on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("warning")
        ordering = ["-proposed_on", "-id"]
        indexes = [models.Index(fields=["tenant", "pairing", "signed_on"], name="warning_of_pairing")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(condition=Q(signed_on=None) | Q(signed_on__gte=F("proposed_on")), name="warning_signed_after"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_because="") | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="")),
                name="warning_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
