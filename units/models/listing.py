"""Lists that villages stand on for a time, by a decision (domain.md §1.1 row 2, §1.3 row 29)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from tenancy.versions import versioned
from units.models.unit import Unit


class ListingKind(models.TextChoices):
    KEY_VILLAGE = "key_village", _("key village")
    MODEL_VILLAGE = "model_village", _("model village")
    WEAK_VILLAGE = "weak_village", _("weak village")


@versioned()
class Listing(TenantModel):
    """A unit on a list from a day to a day. Entry and exit are decisions; a village may stand on several lists."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="listings", verbose_name=_("village"), db_index=False)
    kind = models.CharField(_("list"), max_length=20, choices=ListingKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("list")
        ordering = ["kind", "starts_on", "id"]
        indexes = [models.Index(fields=["tenant", "kind", "unit"], name="listing_by_kind")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "unit", "kind"], condition=Q(ends_on=None), name="listing_once"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="listing_ends_after_start"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
