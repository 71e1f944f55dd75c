"""What is owed in each period, and how it stands (architecture.md, decision 6; domain.md §2).

Derived: ``manage.py rebuild_obligations`` makes the same rows from rules, pairings, records, waivers and the calendar.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.calendar import PeriodKind
from activities.models.rule import Rule, RuleTerms
from pairing.models import Pairing, Programme
from tenancy.models import Account, TenantModel
from tenancy.versions import versioned
from units.models import Unit


class ObligationState(models.TextChoices):
    NOT_DUE = "not_due", _("not due")
    OPEN = "open", _("in progress")
    WAITING = "waiting", _("waiting for confirmation")
    MET = "met", _("done")
    MET_LATE = "met_late", _("done, entered late")
    MISSED = "missed", _("not done")
    WAIVED = "waived", _("waived")


class Obligation(TenantModel):
    """One cell: a rule, a subject, a period. Subject is a pairing, else a village itself, else the whole programme."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_index=False)
    terms = models.ForeignKey(RuleTerms, models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, null=True, related_name="obligations", db_index=False)
    village = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    period_kind = models.CharField(max_length=7, choices=PeriodKind)
    starts_on = models.DateField()
    ends_on = models.DateField()
    grace_until = models.DateField()
    is_due = models.BooleanField()
    # Where several pairings owe one thing together (scope unit, village, person), one cell stands for it in sums.
    is_carrier = models.BooleanField(default=True)
    required = models.PositiveSmallIntegerField()
    counted = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    carried = models.IntegerField(default=0)
    state = models.CharField(max_length=8, choices=ObligationState)
    # "calendar:<working days>", "waiver:<reason>" or "suspended:<reason>"; words for people in activities.words.
    waived_because = models.CharField(max_length=220, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("obligation")
        # counted and state stand in no index: their updates stay in place (fillfactor 80, performance.md).
        indexes = [models.Index(fields=["tenant", "pairing", "rule", "starts_on"], name="obligation_of_pairing")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "period_kind", "starts_on", "pairing", "village", "rule"],
                nulls_distinct=False,
                name="obligation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.starts_on}"


class ObligationFlip(TenantModel):
    """A cell's change of state, kept: what changed since last week is read from here. Only ever added."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, null=True, related_name="+", db_index=False)
    village = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    period_kind = models.CharField(max_length=7)
    starts_on = models.DateField()
    from_state = models.CharField(max_length=8, blank=True)
    to_state = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("change of an obligation")
        indexes = [models.Index(fields=["tenant", "at"], name="obligation_flip_by_time")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


@versioned()
class ObligationAnswer(TenantModel):
    """What the unit said to a reminder: seen, will be done on a day. Named by rule and period, so that it outlives cells."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", db_index=False)
    period_kind = models.CharField(max_length=7, choices=PeriodKind)
    starts_on = models.DateField()
    text = models.CharField(_("answer"), max_length=400, blank=True)
    promise_on = models.DateField(_("will be done on"), null=True, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("answer to a reminder")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["tenant", "pairing", "rule", "starts_on"], name="obligation_answer_of")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.text
