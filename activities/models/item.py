"""Things with a life of states: projects, livelihood items, courtyards (domain.md §4.2, §2.2).

What happens to them on a day, and is confirmed, is a Record that names the item and the step.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pairing.models import Pairing, Programme
from tenancy.models import TenantModel
from tenancy.versions import versioned
from units.models import Unit


class ItemKind(models.TextChoices):
    PROJECT = "project", _("project")
    LIVELIHOOD = "livelihood_item", _("livelihood item")
    COURTYARD = "courtyard", _("courtyard")


class ItemState(models.TextChoices):
    """States of all kinds; which of them a kind goes through, ``activities.actions.items.STEPS`` says."""

    PLANNED = "planned", _("planned")
    APPROVED = "approved", _("approved")
    UNDER_WAY = "under_way", _("under way")
    ACCEPTED = "accepted", pgettext_lazy("state of an item", "accepted")
    CLOSED = "closed", pgettext_lazy("state of an item", "closed")
    STOPPED = "stopped", _("stopped")
    PAUSED = "paused", _("paused")
    PROPOSED = "proposed", _("proposed")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    FEEDBACK = "feedback", _("villager feedback")
    GUIDED = "guided", _("being guided")
    BUILT = "built", _("built")
    AWARDED = "awarded", _("awarded")
    WITHDRAWN = "withdrawn", _("withdrawn")


# A courtyard in this state no longer holds its household.
COURTYARD_GONE = (ItemState.WITHDRAWN,)


@versioned()
class Item(TenantModel):
    """One project, livelihood item or courtyard of a pairing in a village. Kept when it is closed."""

    kind = models.CharField(_("kind"), max_length=16, choices=ItemKind)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="items", verbose_name=_("pairing"), db_index=False)
    village = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("village"), db_index=False)
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(_("state"), max_length=12, choices=ItemState)
    category = models.CharField(_("category"), max_length=20, blank=True)
    raised_on = models.DateField(_("raised on"), null=True, blank=True)
    planned_on = models.DateField(_("to be done by"), null=True, blank=True)
    completed_on = models.DateField(_("done on"), null=True, blank=True)
    awarded_on = models.DateField(_("awarded on"), null=True, blank=True)
    degraded_on = models.DateField(_("no longer kept up since"), null=True, blank=True)
    # Courtyards: the house number as it is compared (activities.households.house_key), and as it was written.
    household = models.CharField(max_length=40, blank=True)
    house_no = models.CharField(_("house number"), max_length=40, blank=True)
    householder = models.CharField(_("householder"), max_length=40, blank=True)
    money_yuan = models.DecimalField(_("money (yuan)"), max_digits=16, decimal_places=2, null=True, blank=True)
    beneficiaries = models.CharField(_("beneficiaries"), max_length=120, blank=True)
    person_in_charge = models.CharField(_("person in charge"), max_length=40, blank=True)
    description = models.CharField(_("content"), max_length=1000, blank=True)
    # Further columns of the kind's ledger (domain.md §8.1), checked against the kind's declaration.
    details = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("item")
        indexes = [
            models.Index(fields=["tenant", "kind", "pairing"], name="item_by_pairing"),
            models.Index(fields=["tenant", "kind", "village", "programme"], name="item_by_village"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            # A4: a household is new once in a programme; two units' claims at the same moment too.
            models.UniqueConstraint(
                fields=["tenant", "programme", "village", "household"],
                condition=Q(kind="courtyard") & ~Q(state="withdrawn"),
                name="courtyard_household_once",
            ),
            models.CheckConstraint(condition=~Q(kind="courtyard") | ~Q(household=""), name="courtyard_has_household"),
        ]

    def __str__(self) -> str:
        return self.name


@versioned()
class ItemLead(TenantModel):
    """A further pairing whose unit declared itself co-lead of a project (A9)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="co_leads", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("co-lead")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "item", "pairing"], name="item_co_lead_once"),
        ]

    def __str__(self) -> str:
        return str(self.pairing_id)
