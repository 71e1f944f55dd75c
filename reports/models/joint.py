"""The quarterly joint report of a pairing: drafted from both sides' records, edited, signed by both (domain.md §2.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Record
from pairing.models import Pairing
from tenancy.models import Account, TenantModel
from tenancy.versions import versioned


class JointReportState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SIGNED_BY_UNIT = "unit", _("signed by the unit")
    SIGNED_BY_VILLAGE = "village", _("signed by the village")
    SIGNED = "signed", _("signed by both")


@versioned()
class JointReport(TenantModel):
    """One quarter of one pairing in words, with footnotes to records. Signed by both it becomes a Record.

    An edit after the first signature takes that signature back.
    """

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="joint_reports", verbose_name=_("pairing"), db_index=False)
    # First day of the quarter it reports on.
    quarter = models.DateField(_("quarter"))
    text = models.TextField(_("text"))
    # Uids of the records its footnotes name, in order; kept so that the footnote survives an edit of the text.
    footnotes = models.JSONField(default=list, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=JointReportState, default=JointReportState.DRAFT)
    unit_signed_on = models.DateField(_("signed by the unit on"), null=True, blank=True)
    unit_signed_name = models.CharField(max_length=60, blank=True)
    unit_signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # Signed by a superior: on what basis (a paper sheet, a telephone call).
    unit_basis = models.CharField(max_length=200, blank=True)
    village_signed_on = models.DateField(_("signed by the village on"), null=True, blank=True)
    village_signed_name = models.CharField(max_length=60, blank=True)
    village_signed_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    village_basis = models.CharField(max_length=200, blank=True)
    record = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("joint report")
        ordering = ["-quarter", "-id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "pairing", "quarter"], name="joint_report_once"),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(unit_signed_on__isnull=False, village_signed_on__isnull=False),
                name="joint_report_signed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.quarter}"
