"""What happened to a pairing beside its own row: times when it rests, and each change of the table (domain.md §4.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pairing.models.pairing import Pairing
from tenancy.models import TenantModel
from tenancy.versions import versioned
from units.models import Unit


@versioned()
class PairingSuspension(TenantModel):
    """Days on which a pairing rests and owes nothing. Kept for ever; the open one has no last day."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="suspensions", verbose_name=_("pairing"), db_index=False)
    starts_on = models.DateField(_("suspended from"))
    # The last suspended day; null while it lasts.
    ends_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta(TenantModel.Meta):
        verbose_name = _("suspension of a pairing")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["tenant", "pairing", "starts_on"], name="suspension_of")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="suspension_ends_after"),
            # One at a time; that days do not overlap with an earlier one, the action looks at while it holds the pairing.
            # An exclusion constraint would need btree_gist to lead with the tenant, and not every server has that.
            models.UniqueConstraint(fields=["tenant", "pairing"], condition=Q(ends_on=None), name="suspension_one_open"),
        ]

    def __str__(self) -> str:
        return self.reason


class ChangeKind(models.TextChoices):
    """What was done to a pairing."""

    PROPOSED = "proposed", _("proposed")
    AGREED = "agreed", _("agreed")
    REJECTED = "rejected", _("rejected")
    CREATED = "created", _("written down")
    SIGNED = "signed", _("agreement signed")
    ACTIVATED = "activated", _("became active")
    SUSPENDED = "suspended", _("suspended")
    RESUMED = "resumed", _("resumed")
    PLAN_APPROVED = "plan_approved", _("yearly plan approved")
    CORRECTED = "corrected", _("corrected")
    MOVED = "moved", _("moved to another unit")
    ENDED = "ended", _("ended")


class PairingChange(TenantModel):
    """年度调整 and every other step of a pairing: who, from which unit to which, from when, by which document.

    Rows are only added. Who was paired on an earlier day is read from the ``moved`` ones.
    """

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="changes", verbose_name=_("pairing"), db_index=False)
    kind = models.CharField(_("change"), max_length=14, choices=ChangeKind)
    who = models.CharField(_("by"), max_length=150)
    from_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from unit"), db_index=False
    )
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to unit"), db_index=False
    )
    effective_on = models.DateField(_("from"))
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("written at"))

    class Meta(TenantModel.Meta):
        verbose_name = _("change of a pairing")
        ordering = ["-effective_on", "-id"]
        indexes = [
            models.Index(fields=["tenant", "pairing", "effective_on"], name="pairing_change_of"),
            models.Index(fields=["tenant", "kind", "effective_on"], name="pairing_change_by_kind"),
        ]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return str(self.get_kind_display())
