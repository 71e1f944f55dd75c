"""One year's assessment: who is assessed, how far it has come, what was decided (domain.md §4.5)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from activities.models import Record
from assessment.models.rubric import Grade, Rubric, RubricLine
from pairing.models import Pairing, Programme
from tenancy.models import Account, TenantModel
from tenancy.versions import versioned
from units.models import Unit


class CycleState(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    CONFIGURED = "configured", _("configured")
    SELF_REPORT = "self_report", _("self-report")
    REVIEW = "review", _("review by the county")
    SCORED = "scored", _("scored")
    DECISION = "decision", _("group decision")
    PUBLICITY = "publicity", _("public notice")
    FINAL = "final", _("final")


@versioned()
class Cycle(TenantModel):
    """An assessment of a calendar year of one programme. Its rubric and its list are frozen when it is configured."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cycles", verbose_name=_("programme"), db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="cycles", verbose_name=_("rubric"), db_index=False)
    state = models.CharField(_("state"), max_length=12, choices=CycleState, default=CycleState.DRAFT)
    self_report_until = models.DateField(_("self-reports until"), null=True, blank=True)
    scored_at = models.DateTimeField(_("scores computed at"), null=True, blank=True)
    # The minutes of the leading group's meeting (decided offline, typed in here).
    minutes_no = models.CharField(_("number of the minutes"), max_length=60, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    public_from = models.DateField(_("public notice from"), null=True, blank=True)
    public_to = models.DateField(_("to"), null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("assessment")
        ordering = ["-year", "-id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "programme", "year"], name="cycle_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cycle_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title


@versioned()
class Assessed(TenantModel):
    """One pairing on the frozen list of a cycle. Exempt ones stay on it, with the reason."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assessed", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="assessments", db_index=False)
    # As they were when the list was frozen: a later move of the pairing does not alter the year.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    # Whole months in which the pairing was active in the cycle: minimum numbers are scaled by them (domain.md §3.2).
    months_active = models.PositiveSmallIntegerField(_("months active"))
    exempt_because = models.CharField(_("exempt because"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("assessed pairing")
        indexes = [models.Index(fields=["tenant", "pairing"], name="assessed_by_pairing")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "cycle", "pairing"], name="assessed_once"),
            models.CheckConstraint(condition=Q(months_active__lte=12), name="assessed_months_of_a_year"),
        ]

    def __str__(self) -> str:
        return str(self.pairing_id)


@versioned()
class SelfReport(TenantModel):
    """What a unit says of its year on one pairing. The figures are not in it: they are read from the ledgers."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="self_reports", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", db_index=False)
    text = models.CharField(_("what the unit says"), max_length=1500, blank=True)
    self_score = models.DecimalField(_("own score"), max_digits=6, decimal_places=2, null=True, blank=True)
    # Code of the line → points that the unit gives itself, as text ("3.50"): the column 自查分 beside 考核分 (domain.md §3.1).
    line_scores = models.JSONField(_("own score by line"), default=dict, blank=True)
    author_name = models.CharField(max_length=60, blank=True)
    submitted_on = models.DateField(_("handed in on"), null=True, blank=True)
    # The head of the unit stands by it.
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    approved_name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("self-report")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "cycle", "pairing"], name="self_report_once"),
            models.CheckConstraint(
                condition=Q(approved_on=None) | Q(submitted_on__isnull=False), name="self_report_approved_after"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


@versioned()
class Dispute(TenantModel):
    """A unit disputes a pre-filled figure by pointing at the record that it rests on, or that it lacks."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="disputes", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(RubricLine, models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.CharField(_("what is wrong"), max_length=400)
    author_name = models.CharField(max_length=60)
    raised_on = models.DateField(_("raised on"))
    answer = models.CharField(_("answer"), max_length=400, blank=True)
    is_upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("dispute")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "cycle", "pairing"], name="dispute_of_pairing")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_on=None, is_upheld=None) | Q(answered_on__isnull=False, is_upheld__isnull=False),
                name="dispute_answered_one_way",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


@versioned()
class UnitResult(TenantModel):
    """What a unit got: by its score, and as decided. Both are kept (domain.md §3.2)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="results", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    # The mean of its pairings' scores, rounded half-up to the hundredth.
    final = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    grade_by_score = models.CharField(_("grade by score"), max_length=12, choices=Grade)
    grade_final = models.CharField(_("grade as decided"), max_length=12, choices=Grade)
    limited_by_quota = models.BooleanField(_("held down by the share of the top grade"), default=False)
    is_vetoed = models.BooleanField(_("vetoed"), default=False)
    # The group decided otherwise than the computation: why.
    changed_because = models.CharField(_("changed because"), max_length=200, blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("result of a unit")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "cycle", "unit"], name="unit_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.final}"


class Snapshot(TenantModel):
    """The frozen year: inputs, rubric, scores and decisions as canonical JSON, with its SHA-256. Only ever added."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="snapshots", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    author_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("final snapshot")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "cycle", "number"], name="snapshot_once"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
