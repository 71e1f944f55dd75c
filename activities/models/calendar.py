"""Time as rules see it: periods, working days, waivers, months opened again (domain.md §2.3)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pairing.models import Pairing, Programme
from tenancy.models import TenantModel
from tenancy.versions import versioned
from units.models import Unit


class PeriodKind(models.TextChoices):
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    HALF = "half", _("half-year")
    YEAR = "year", _("year")


class Period(models.Model):
    """Every period there is, of all kinds; the same for every county. Filled once, by a migration.

    The kind is part of the key: 1 July begins a month, a quarter and a half-year.
    """

    pk = models.CompositePrimaryKey("kind", "starts_on")
    kind = models.CharField(max_length=7, choices=PeriodKind)
    starts_on = models.DateField()
    ends_on = models.DateField()
    code = models.CharField(max_length=8)

    def __str__(self) -> str:
        return self.code


@versioned()
class WorkingDay(TenantModel):
    """Whether a day is worked on in this county. Days without a row follow the week: Monday to Friday."""

    class Source(models.TextChoices):
        LIBRARY = "library", _("published holidays")
        COUNTY = "county", _("set by the county")

    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("worked on"))
    source = models.CharField(_("source"), max_length=7, choices=Source, default=Source.COUNTY)
    note = models.CharField(_("note"), max_length=60, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("day of the working calendar")
        ordering = ["day"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "day"], name="working_day_once"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()


class WaiverScope(models.TextChoices):
    ALL = "all", _("the whole county")
    TOWN = "town", _("one town")
    PAIRING = "pairing", _("one pairing")


@versioned()
class Waiver(TenantModel):
    """Days on which nothing is asked (typhoon, flood, epidemic). Withdrawn with a reason, never deleted."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="waivers", db_index=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    scope = models.CharField(_("for"), max_length=7, choices=WaiverScope, default=WaiverScope.ALL)
    town = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("town"), db_index=False
    )
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pairing"), db_index=False
    )
    # Codes of rules; empty: all of them.
    rules = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("rules"))
    reason = models.CharField(_("reason"), max_length=200)
    approver = models.CharField(_("approved by"), max_length=60, blank=True)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("waiver")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["tenant", "programme", "starts_on"], name="waiver_by_day")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="waiver_ends_after_start"),
            models.CheckConstraint(
                condition=Q(scope="all", town=None, pairing=None)
                | Q(scope="town", town__isnull=False, pairing=None)
                | Q(scope="pairing", town=None, pairing__isnull=False),
                name="waiver_scope_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


@versioned()
class Reopening(TenantModel):
    """A locked month opened again for late entries, up to and including a day, with the reason."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(_("month"), help_text=_("Its first day."))
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pairing"), db_index=False
    )
    until = models.DateField(_("open until"))
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("reopened month")
        ordering = ["-month", "-id"]
        indexes = [models.Index(fields=["tenant", "programme", "month"], name="reopening_by_month")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.month.isoformat()
