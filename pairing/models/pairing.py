"""Pairings: a unit and a village in a programme year, from when to when (domain.md §4.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pairing.models.programme import Programme
from tenancy.models import TenantModel
from tenancy.versions import versioned
from units.models import Person, Unit


class Origin(models.TextChoices):
    ASSIGNED = "assigned", _("assigned")
    SELF_CHOSEN = "self_chosen", _("self-chosen")


class PairingState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    REJECTED = "rejected", _("rejected")
    AGREED = "agreed", _("agreed")
    SIGNED = "signed", _("signed")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class EndingReason(models.TextChoices):
    """Why a pairing ended (domain.md §4.1)."""

    YEAR_ADJUSTMENT = "year_adjustment", _("yearly adjustment")
    EXPIRED = "expired", _("term over")
    REORGANISATION = "reorganisation", _("reform of institutions")
    VILLAGE_LEFT = "village_left", _("the village leaves")
    OTHER = "other", _("other")


LIVE_STATES = (PairingState.PROPOSED, PairingState.AGREED, PairingState.SIGNED, PairingState.ACTIVE, PairingState.SUSPENDED)


@versioned()
class Pairing(TenantModel):
    """One edge (unit, village, programme). Many to many, dated; an ended one is kept for ever.

    ``state`` is where it stands now; the days beside it say since when, so that any earlier day can be told
    (``pairing.timeline``). It owes from ``active_from`` to ``ends_on``, its suspensions left out.
    """

    # What ``str`` says, for lists to choose from (lib/kinds/filters.py).
    named_by = ("unit__name", "village__name")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="pairings", verbose_name=_("programme"), db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pairings_as_unit", verbose_name=_("unit"), db_index=False)
    village = models.ForeignKey(
        Unit, models.PROTECT, related_name="pairings_as_village", verbose_name=_("village"), db_index=False
    )
    party_org = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Party organisation"), db_index=False
    )
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.ASSIGNED)
    state = models.CharField(_("state"), max_length=10, choices=PairingState, default=PairingState.PROPOSED)
    is_lead = models.BooleanField(_("lead unit"), default=False)
    starts_on = models.DateField(_("paired from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    # Null: proposed when it began, as lists of an earlier day bring it.
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    # Each side's own yes; a decree of the county needs neither (domain.md §4.1).
    unit_agreed_on = models.DateField(_("the unit agreed on"), null=True, blank=True)
    village_agreed_on = models.DateField(_("the village agreed on"), null=True, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    rejected_on = models.DateField(_("rejected on"), null=True, blank=True)
    agreement_signed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    agreement_waived = models.CharField(_("agreement waived because"), max_length=200, blank=True)
    agreement_waived_on = models.DateField(_("agreement waived on"), null=True, blank=True)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    plan_approved_on = models.DateField(_("yearly plan approved on"), null=True, blank=True)
    ending_reason = models.CharField(_("reason of the end"), max_length=16, choices=EndingReason, blank=True)
    notes = models.CharField(_("notes"), max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("pairing")
        indexes = [
            models.Index(fields=["tenant", "village", "programme"], name="pairing_by_village"),
            models.Index(fields=["tenant", "unit", "programme"], name="pairing_by_unit"),
            models.Index(fields=["tenant", "programme", "state"], name="pairing_by_state"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "programme", "unit", "village"],
                condition=~Q(state__in=["rejected", "ended"]),
                name="pairing_live_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "programme", "village"],
                condition=Q(is_lead=True) & ~Q(state__in=["rejected", "ended"]),
                name="pairing_one_lead",
            ),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="pairing_ends_after_start"),
            models.CheckConstraint(condition=~Q(unit=F("village")), name="pairing_is_two_sides"),
            # What is owed is counted from this day: an active pairing without one would owe nothing, silently.
            models.CheckConstraint(
                condition=~Q(state__in=["active", "suspended"]) | Q(active_from__isnull=False), name="pairing_active_since"
            ),
            models.CheckConstraint(
                condition=Q(agreement_waived="", agreement_waived_on=None)
                | (~Q(agreement_waived="") & Q(agreement_waived_on__isnull=False)),
                name="pairing_waived_with_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} — {self.village}"


class PairingPostKind(models.TextChoices):
    GROUP_LEADER = "group_leader", _("group leader")
    LIAISON = "liaison", _("liaison")


@versioned()
class PairingPost(TenantModel):
    """Who is group leader or liaison of a pairing, from a day to a day. A change closes one row and opens the next."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="posts", verbose_name=_("pairing"), db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"), db_index=False)
    kind = models.CharField(_("post"), max_length=14, choices=PairingPostKind)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("post of a pairing")
        ordering = ["kind", "-starts_on", "id"]
        indexes = [models.Index(fields=["tenant", "pairing", "kind"], name="pairing_post_of")]
        constraints = [
            *TenantModel.Meta.constraints,
            # One at a time: the office, not the person, owes what is owed (domain.md A15, A16).
            models.UniqueConstraint(
                fields=["tenant", "pairing", "kind"], condition=Q(ends_on=None), name="pairing_post_one_holder"
            ),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="pairing_post_ends_after"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
