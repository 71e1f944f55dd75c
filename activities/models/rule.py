"""What is owed: rules of a programme year and their versions (domain.md §2.2, §2.4)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.calendar import PeriodKind
from pairing.models import Programme
from tenancy.models import TenantModel
from tenancy.versions import versioned


class UnitOfCount(models.TextChoices):
    SESSION = "session", _("session")
    PROJECT = "project", _("project")
    ITEM = "item", _("item")
    HOUSEHOLD = "household", _("household")
    REPORT = "report", _("report")


class RuleScope(models.TextChoices):
    """Who owes (A1, A3, A15, A20). The first four make one cell a pairing, and say whose records fill it."""

    PAIRING = "pairing", _("each pairing")
    UNIT = "unit", _("each unit, over all its villages")
    VILLAGE = "village", _("each village, by any of its units")
    PERSON = "person", _("each group leader, over all the leader's pairings")
    VILLAGE_PARTY = "village_party", _("each village Party organisation itself")
    PROGRAMME = "programme", _("the county, once")


class PersonFilter(models.TextChoices):
    GROUP_LEADER = "group_leader", _("the group leader is present")


class CountOn(models.TextChoices):
    """Which day of a record counts (A5, A10)."""

    OCCURRED = "occurred", _("the day it happened")
    CLOSED = "closed", _("the day it was closed")
    REGISTERED = "registered", _("the day it was registered")
    STARTED = "started", _("the day it was started")
    BUILT = "built", _("the day it was built and accepted")
    AWARDED = "awarded", _("the day it was awarded")
    REPORTED = "reported", _("the period that is reported on")


class StatusRequired(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed by the other side")
    SUBMITTED = "submitted", _("written down")


class DistinctBy(models.TextChoices):
    PROJECT = "project", _("project")
    HOUSEHOLD = "household", _("household")


class PartialPeriod(models.TextChoices):
    """A period in which the pairing began or ended (domain.md §2.3)."""

    WAIVE = "waive", _("not due")
    PRORATE = "prorate", _("due if at least half of its days")
    FULL = "full", _("due")


class JointCountsFor(models.TextChoices):
    ALL = "all", _("every pairing named")
    LEAD = "lead", _("the leading pairing")


class WeekMonth(models.TextChoices):
    THURSDAY = "thursday", _("of its Thursday")
    SUNDAY = "sunday", _("of its Sunday")


@versioned()
class Rule(TenantModel):
    """One thing owed again and again in a programme year; what exactly, its versions say."""

    # What ``str`` says, for lists to choose from (lib/kinds/filters.py).
    named_by = ("name",)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rules", db_index=False)
    code = models.SlugField(_("code"), max_length=30, db_index=False)
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    # "其中": its records are those of another rule and cost nothing more (leader_reception within reception).
    within = models.SlugField(_("part of"), max_length=30, blank=True, db_index=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("rule")
        ordering = ["position", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "programme", "code"], name="rule_once"),
        ]

    def __str__(self) -> str:
        return self.name


@versioned()
class RuleTerms(TenantModel):
    """A rule as it is in force from a day to a day. A period is judged by the version in force on its last day.

    Unpublished: a draft that binds nobody. Published versions are never changed but for their last day.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="terms", db_index=False)
    number = models.PositiveSmallIntegerField(_("version"))
    types = ArrayField(models.CharField(max_length=30), verbose_name=_("activity types"))
    period_kind = models.CharField(_("period"), max_length=7, choices=PeriodKind)
    minimum = models.PositiveSmallIntegerField(_("minimum"), default=1, validators=[MinValueValidator(1), MaxValueValidator(99)])
    unit_of_count = models.CharField(_("counted in"), max_length=9, choices=UnitOfCount, default=UnitOfCount.SESSION)
    scope = models.CharField(_("owed by"), max_length=13, choices=RuleScope, default=RuleScope.PAIRING)
    person_filter = models.CharField(_("only when"), max_length=12, choices=PersonFilter, blank=True)
    count_on = models.CharField(_("counts on"), max_length=10, choices=CountOn, default=CountOn.OCCURRED)
    status_required = models.CharField(_("counts when"), max_length=9, choices=StatusRequired, default=StatusRequired.CONFIRMED)
    distinct_by = models.CharField(_("each once"), max_length=9, choices=DistinctBy, blank=True)
    first_period = models.CharField(_("first period"), max_length=7, choices=PartialPeriod, default=PartialPeriod.WAIVE)
    last_period = models.CharField(_("last period"), max_length=7, choices=PartialPeriod, default=PartialPeriod.WAIVE)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=10, validators=[MaxValueValidator(90)])
    carry_over = models.BooleanField(_("surplus counts for later periods"), default=False)
    joint_counts_for = models.CharField(
        _("joint records count for"), max_length=4, choices=JointCountsFor, default=JointCountsFor.ALL
    )
    min_visitors = models.PositiveSmallIntegerField(_("least visitors"), default=0)
    in_village_only = models.BooleanField(_("in the village only"), default=False)
    # Null: as many as one likes. 0: none (A18).
    online_per_month = models.PositiveSmallIntegerField(_("online sessions a month at most"), null=True, blank=True)
    max_quarters_per_project = models.PositiveSmallIntegerField(
        _("periods one unfinished project may satisfy"), null=True, blank=True
    )
    allow_multi = models.BooleanField(_("a record may count for further types"), default=False)
    week_month = models.CharField(_("a week is shown in the month"), max_length=8, choices=WeekMonth, default=WeekMonth.THURSDAY)
    # A period with fewer working days left, after holidays and waivers, is waived (domain.md §2.3).
    min_working_days = models.PositiveSmallIntegerField(_("least working days"), default=2, validators=[MaxValueValidator(5)])
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    source_text = models.CharField(_("wording"), max_length=300, blank=True)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("terms of a rule")
        ordering = ["rule", "number"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "rule", "number"], name="rule_terms_once"),
            models.UniqueConstraint(fields=["tenant", "rule"], condition=Q(published_at=None), name="rule_one_draft"),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="rule_asks_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"
