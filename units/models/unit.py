"""One noun for every organisation: towns, villages, offices, enterprises, Party organisations."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from tenancy.versions import versioned


class UnitKind(models.TextChoices):
    TOWN = "town", _("town")
    VILLAGE = "village", _("village")
    COMMUNITY = "community", _("community")
    GROUP = "group", _("village group")
    ORGANISATION = "organisation", _("unit")
    PARTY_ORGANISATION = "party_organisation", _("Party organisation")
    EXTERNAL = "external", _("external partner")


# 村(社区): what a pairing's host side may be.
VILLAGE_KINDS = (UnitKind.VILLAGE, UnitKind.COMMUNITY)


class UnitNature(models.TextChoices):
    """单位性质, in the words of the rosters."""

    ADMINISTRATIVE = "administrative", _("administrative body")
    INSTITUTION = "institution", _("public institution")
    STATIONED = "stationed", _("stationed unit")
    PEOPLES = "peoples", _("people's organisation")
    STATE_ENTERPRISE = "state_enterprise", _("state enterprise")
    ENTERPRISE = "enterprise", _("enterprise")
    OTHER = "other", _("other")


@versioned()
class Unit(TenantModel):
    """An organisation that exists for a time, with a place in the tree.

    A village's parent is its town, a group's its village, a Party organisation's the unit it belongs to;
    county units have none. A unit that ends is kept: pairings and records point to it for ever.
    """

    # What ``str`` says, for lists to choose from (lib/kinds/filters.py).
    named_by = ("name",)

    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    # Sort and search keys (lib.chinese.pinyin): the database has no ICU to sort Chinese by.
    pinyin = models.CharField(max_length=400, editable=False)
    initials = models.CharField(max_length=80, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to"), db_index=False
    )
    nature = models.CharField(_("nature"), max_length=20, choices=UnitNature, blank=True)
    is_stationed = models.BooleanField(_("stationed"), default=False)
    superior_name = models.CharField(_("superior body"), max_length=80, blank=True)
    division_code = models.CharField(
        _("division code"), max_length=12, blank=True, validators=[RegexValidator(r"^\d{9}(\d{3})?$", _("Write 9 or 12 digits."))]
    )
    credit_code = models.CharField(_("credit code"), max_length=18, blank=True)
    n_party_members = models.PositiveIntegerField(_("Party members"), null=True, blank=True)
    team = models.CharField(_("team members"), max_length=400, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("succeeded by"), db_index=False
    )
    notes = models.CharField(_("notes"), max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("unit")
        ordering = ["pinyin", "id"]
        indexes = [
            models.Index(fields=["tenant", "kind", "pinyin", "id"], name="unit_by_kind"),
            models.Index(fields=["tenant", "parent", "pinyin"], name="unit_by_parent"),
            models.Index(fields=["tenant", "name"], name="unit_by_name"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            # Two towns may each have a 茅坡村; a county has one live office of a name.
            models.UniqueConstraint(
                fields=["tenant", "kind", "parent", "name"],
                condition=Q(ends_on=None),
                name="unit_name_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["tenant", "division_code"], condition=~Q(division_code="") & Q(ends_on=None), name="unit_code_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")), name="unit_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["village", "community", "group", "party_organisation"]) | Q(parent__isnull=False),
                name="unit_below_has_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_village(self) -> bool:
        return self.kind in VILLAGE_KINDS


@versioned()
class UnitAlias(TenantModel):
    """Another name that people write for a unit; learnt when somebody answers an import's question."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="aliases", db_index=False)
    name = models.CharField(_("other name"), max_length=80)
    # The name as compared: full width folded, spaces gone (lib.chinese.text).
    key = models.CharField(max_length=80, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("other name")
        indexes = [models.Index(fields=["tenant", "unit"], name="alias_by_unit")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "key", "unit"], name="alias_once"),
        ]

    def __str__(self) -> str:
        return self.name
