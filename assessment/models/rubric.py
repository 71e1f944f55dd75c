"""How a year is scored: a rubric's lines in groups, its bands and limits (domain.md §3.1, §3.2). Data, not code."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from tenancy.versions import versioned


class Section(models.TextChoices):
    """Where a line's points go: into the base (the full marks), on top of it, or off it."""

    BASE = "base", _("base")
    BONUS = "bonus", _("bonus")
    DEDUCTION = "deduction", _("deduction")


class LineSource(models.TextChoices):
    """Who brings the figure of a line (the rubric's columns 数据来源, 考核部门)."""

    SYSTEM = "system", _("counted by the system")
    REVIEWER = "reviewer", _("reviewer's figure")
    HOUSEHOLDS = "households", _("sampled households")
    POLL = "poll", _("poll")
    OTHER_SIDE = "other_side", _("the other side's mark")


class Grade(models.TextChoices):
    """Grade words of pairing-type assessment (domain.md §6, 110). A rubric may show them by other words."""

    GOOD = "good", _("good")
    FAIRLY_GOOD = "fairly_good", _("fairly good")
    AVERAGE = "average", _("average")
    POOR = "poor", _("poor")


@versioned()
class Rubric(TenantModel):
    """One version of a rubric. Frozen when a cycle starts with it; from then on a change is a copy with the next number."""

    code = models.SlugField(_("code"), max_length=30, db_index=False)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=120)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # A what-if copy is scored and compared, and never frozen.
    is_what_if = models.BooleanField(_("what-if"), default=False)
    full_marks = models.DecimalField(_("full marks"), max_digits=6, decimal_places=2, default=Decimal(100))
    bonus_cap = models.DecimalField(_("bonus at most"), max_digits=6, decimal_places=2, default=Decimal(5))
    deduction_cap = models.DecimalField(_("deduction at most"), max_digits=6, decimal_places=2, default=Decimal(10))
    final_cap = models.DecimalField(_("final score at most"), max_digits=6, decimal_places=2, default=Decimal(105))
    # Per cent of the assessed units that may have the top grade, rounded down.
    top_share = models.PositiveSmallIntegerField(_("top grade for at most (%)"), default=30)
    # Who comes first when more units reach the top grade than may have it: codes of groups and lines, after the final score.
    tie_breakers = models.JSONField(default=list, blank=True)
    # A veto holds the grade down to this one.
    veto_grade = models.CharField(_("grade under a veto at most"), max_length=12, choices=Grade, default=Grade.POOR)
    source_text = models.CharField(_("source"), max_length=300, blank=True)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("rubric")
        ordering = ["code", "-number", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "code", "number"], condition=Q(is_what_if=False), name="rubric_version_once"
            ),
            models.CheckConstraint(condition=Q(is_what_if=False) | Q(frozen_at=None), name="rubric_what_if_is_not_frozen"),
            models.CheckConstraint(condition=Q(top_share__lte=100), name="rubric_top_share_is_per_cent"),
        ]

    def __str__(self) -> str:
        return self.title


@versioned()
class RubricGroup(TenantModel):
    """A block of lines (A 组织共建). ``cap``: together they give, or take, no more than this."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="groups", db_index=False)
    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("name"), max_length=60)
    section = models.CharField(_("section"), max_length=9, choices=Section, default=Section.BASE)
    cap = models.DecimalField(_("together at most"), max_digits=6, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("group of lines")
        ordering = ["position", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "rubric", "code"], name="rubric_group_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@versioned()
class RubricLine(TenantModel):
    """One indicator: which figures it reads (``reading``), and how they become points (``pattern``).

    Both are words of ``assessment.readings`` and ``assessment.patterns``; what else they need stands in the two
    ``terms``, checked against their declarations.
    """

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="lines", db_index=False)
    group = models.ForeignKey(RubricGroup, models.PROTECT, related_name="lines", db_index=False)
    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("indicator"), max_length=60)
    max_score = models.DecimalField(_("marks"), max_digits=6, decimal_places=2)
    source = models.CharField(_("figure from"), max_length=10, choices=LineSource)
    reading = models.SlugField(_("reads"), max_length=30, db_index=False)
    reading_terms = models.JSONField(default=dict, blank=True)
    pattern = models.SlugField(_("rule"), max_length=30, db_index=False)
    pattern_terms = models.JSONField(default=dict, blank=True)
    department = models.CharField(_("assessed by"), max_length=60, blank=True)
    evidence = models.CharField(_("evidence"), max_length=120, blank=True)
    # Checked on site: two people enter, and a difference above 20 % of the marks asks for a third (domain.md §4.5).
    on_site = models.BooleanField(_("checked on site by two"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("line of a rubric")
        ordering = ["position", "id"]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "rubric", "code"], name="rubric_line_once"),
            models.CheckConstraint(condition=Q(max_score__gte=0), name="rubric_line_marks_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@versioned()
class RubricBand(TenantModel):
    """A grade from a score upward, to where the next higher band begins: half-open, so no gap and no overlap."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="bands", db_index=False)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)
    word = models.CharField(_("word"), max_length=20)
    # Null: the lowest band.
    from_score = models.DecimalField(_("from"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("band")
        ordering = [F("from_score").desc(nulls_last=True)]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "rubric", "grade"], name="rubric_band_once"),
            models.UniqueConstraint(
                fields=["tenant", "rubric", "from_score"], nulls_distinct=False, name="rubric_bands_do_not_meet"
            ),
        ]

    def __str__(self) -> str:
        return self.word
