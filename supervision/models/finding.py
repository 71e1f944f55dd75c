"""Findings of inspections and checks, each to be rectified by a day (domain.md §4.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pairing.models import Pairing
from tenancy.models import TenantModel
from tenancy.versions import versioned


class FindingSource(models.TextChoices):
    INSPECTION = "inspection", _("inspection")
    SPOT_CHECK = "spot_check", _("spot-check")
    HEALTH_CHECK = "health_check", _("health check")
    PETITION = "petition", _("petition")
    SELF = "self", _("self-inspection")


class FindingState(models.TextChoices):
    ISSUED = "issued", _("issued")
    SUBMITTED = "submitted", _("handed in for a check")
    CLOSED = "closed", _("closed")


@versioned()
class Finding(TenantModel):
    """One problem found at a pairing. Overdue when its day has passed and it was not closed by then."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="findings", verbose_name=_("pairing"), db_index=False)
    number = models.CharField(_("number"), max_length=30)
    source = models.CharField(_("found by"), max_length=12, choices=FindingSource)
    content = models.CharField(_("what was found"), max_length=400)
    state = models.CharField(_("state"), max_length=9, choices=FindingState, default=FindingState.ISSUED)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("to be rectified by"))
    # The last time that a check was not satisfied; earlier ones stand in the history.
    sent_back_because = models.CharField(_("sent back because"), max_length=200, blank=True)
    # The unit asks for more time before its day has passed; answered, both are empty again and the history tells it.
    extension_until = models.DateField(_("more time asked for until"), null=True, blank=True)
    extension_because = models.CharField(_("more time asked for because"), max_length=200, blank=True)
    # Why the day was last moved, or why it was not.
    extension_answer = models.CharField(_("answer about more time"), max_length=200, blank=True)
    measures = models.CharField(_("measures"), max_length=1000, blank=True)
    submitted_on = models.DateField(_("handed in on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    checker = models.CharField(_("checked by"), max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("finding")
        ordering = ["-issued_on", "-id"]
        indexes = [models.Index(fields=["tenant", "pairing", "due_on"], name="finding_of_pairing")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="finding_number_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="finding_due_after_issue"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on=None)),
                name="finding_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(extension_until=None, extension_because="")
                | (Q(extension_until__isnull=False) & ~Q(extension_because="")),
                name="finding_extension_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number
