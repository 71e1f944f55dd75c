"""What a programme year is made of besides its pairings: content classes, activity types, deadlines (domain.md §1 row 13)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pairing.models import Programme
from tenancy.models import TenantModel
from tenancy.versions import versioned


@versioned()
class YearSettings(TenantModel):
    """Deadlines and costs of one programme year. One row a programme; lives as long as it."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    # Reminders begin with this day: what lay before the year was switched on reminds nobody.
    switched_on = models.DateField(_("switched on"), null=True, blank=True)
    lock_day = models.PositiveSmallIntegerField(
        _("lock day"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("Day of the following month after which a month is locked."),
    )
    confirm_days = models.PositiveSmallIntegerField(
        _("days to confirm"), default=7, help_text=_("After so many days the other side is reminded once.")
    )
    proxy_days = models.PositiveSmallIntegerField(
        _("days until the county may confirm"), default=14, help_text=_("After so many days the county may confirm by telephone.")
    )
    record_seconds = models.PositiveSmallIntegerField(_("seconds to write one down"), default=25)
    confirm_seconds = models.PositiveSmallIntegerField(_("seconds to confirm one"), default=10)

    class Meta(TenantModel.Meta):
        verbose_name = _("deadlines of the year")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "programme"], name="year_settings_once"),
            models.CheckConstraint(condition=Q(lock_day__gte=1, lock_day__lte=28), name="year_lock_day_exists"),
        ]

    def __str__(self) -> str:
        return str(self.programme_id)


@versioned()
class ContentClass(TenantModel):
    """One class of help of a programme year (组织共建, 产业共谋 …): the list is the county's, not ours."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="content_classes", db_index=False)
    code = models.SlugField(_("code"), max_length=30, db_index=False)
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("content class")
        ordering = ["position", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "programme", "code"], name="content_class_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Carrier(models.TextChoices):
    """What a type's records carry beside the common facts; each is a kind in ``activities/kinds``."""

    ACTIVITY = "activity", _("activity")
    RECEPTION = "reception", _("reception")
    TRAINING = "training", _("training")
    PROJECT = "project", _("project")
    LIVELIHOOD = "livelihood_item", _("livelihood item")
    COURTYARD = "courtyard", _("courtyard")
    REPORT = "report", _("report")


@versioned()
class ActivityType(TenantModel):
    """One type of record of a programme year. Types without a quota are as easy to write (domain.md §4.2)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="activity_types", db_index=False)
    code = models.SlugField(_("code"), max_length=30, db_index=False)
    name = models.CharField(_("name"), max_length=40)
    carrier = models.CharField(_("carried by"), max_length=16, choices=Carrier, default=Carrier.ACTIVITY)
    content_class = models.ForeignKey(
        ContentClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("content class"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("activity type")
        ordering = ["position", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "programme", "code"], name="activity_type_once"),
            models.UniqueConstraint(fields=["tenant", "programme", "name"], name="activity_type_named_once"),
        ]

    def __str__(self) -> str:
        return self.name
