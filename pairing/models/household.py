"""1+1+N: the households on a pairing's list, and who looks after each (domain.md §6, 49 to 51)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pairing.models.pairing import Pairing
from tenancy.models import TenantModel
from tenancy.versions import versioned


@versioned()
class HouseholdContact(TenantModel):
    """One household on the list of a pairing: one member of the unit and one of the village look after it.

    Covered from the day on which both are named. Minimum of personal data: house number and name, no identity number.
    """

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="households", verbose_name=_("pairing"), db_index=False)
    house_no = models.CharField(_("house number"), max_length=40)
    householder = models.CharField(_("householder"), max_length=40, blank=True)
    unit_member = models.CharField(_("Party member of the unit"), max_length=40, blank=True)
    village_member = models.CharField(_("Party member of the village"), max_length=40, blank=True)
    listed_on = models.DateField(_("listed on"))
    # The first day on which both members were named; null while one is missing.
    covered_from = models.DateField(_("looked after since"), null=True, blank=True)
    delisted_on = models.DateField(_("taken off the list on"), null=True, blank=True)
    notes = models.CharField(_("notes"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("household")
        ordering = ["pairing", "house_no", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "pairing", "house_no"], condition=Q(delisted_on=None), name="household_listed_once"
            ),
            models.CheckConstraint(
                condition=Q(covered_from=None) | (~Q(unit_member="") & ~Q(village_member="")), name="household_covered_by_both"
            ),
            models.CheckConstraint(
                condition=Q(delisted_on=None) | Q(delisted_on__gte=F("listed_on")), name="household_delisted_after"
            ),
        ]

    def __str__(self) -> str:
        return self.house_no
