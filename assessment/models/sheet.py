"""One score with its lines. Derived from records, papers, entries and the rubric; rewritten by each computation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.cycle import Cycle
from assessment.models.rubric import Grade, RubricLine
from pairing.models import Pairing
from tenancy.models import TenantModel
from units.models import Unit


class LineState(models.TextChoices):
    SCORED = "scored", _("scored")
    # 缺项: out of the base, which is scaled up to full marks.
    NOT_APPLICABLE = "n_a", _("not applicable")
    # Nobody has entered the figure yet: counts nothing so far, and the cycle cannot be decided.
    PENDING = "pending", _("figure missing")


class Sheet(TenantModel):
    """The score of one pairing in one cycle: base + bonus - deduction, held within the rubric's bounds."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="sheets", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="sheets", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    # Points and marks of the lines that apply; base = scored / marks * full marks, rounded once.
    scored = models.DecimalField(max_digits=8, decimal_places=2)
    marks = models.DecimalField(max_digits=8, decimal_places=2)
    base = models.DecimalField(_("base"), max_digits=6, decimal_places=2)
    # Already within their caps.
    bonus = models.DecimalField(_("bonus"), max_digits=6, decimal_places=2)
    deduction = models.DecimalField(_("deduction"), max_digits=6, decimal_places=2)
    final = models.DecimalField(_("final score"), max_digits=6, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)
    is_vetoed = models.BooleanField(default=False)
    n_pending = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("score sheet")
        indexes = [models.Index(fields=["tenant", "pairing"], name="sheet_by_pairing")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "cycle", "pairing"], name="sheet_once"),
        ]

    def __str__(self) -> str:
        return str(self.final)


class SheetLine(TenantModel):
    """One line of a sheet: the figures it was computed from, and its points, rounded once."""

    # Twenty rows a pairing, and each key is checked for each row: those with the tenant (0002_walls) say all that others would.
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="lines", db_index=False, db_constraint=False)
    line = models.ForeignKey(RubricLine, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    state = models.CharField(max_length=8, choices=LineState)
    # Named numbers of the reading ("met": 47, "due": 51); what the formula is written from.
    figures = models.JSONField(default=dict)
    # The system's own figures beside a reviewer's, when both exist.
    system_figures = models.JSONField(null=True, blank=True)
    # What it rested on when it became public (assessment.queries.evidence); null before that.
    evidence = models.JSONField(null=True)
    # Null: not applicable. Deductions are positive numbers.
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    max_score = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta(TenantModel.Meta):
        verbose_name = _("line of a sheet")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "sheet", "line"], name="sheet_line_once"),
        ]

    def __str__(self) -> str:
        return str(self.score)


class SheetChange(TenantModel):
    """A score that changed after publication: before and after, and why. Only ever added."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="score_changes", db_index=False)
    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="+", db_index=False)
    final_before = models.DecimalField(max_digits=6, decimal_places=2)
    final_after = models.DecimalField(max_digits=6, decimal_places=2)
    grade_before = models.CharField(max_length=12, choices=Grade)
    grade_after = models.CharField(max_length=12, choices=Grade)
    # Code of the line → [before, after].
    lines = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    author_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("changed score")
        ordering = ["-id"]
        indexes = [models.Index(fields=["tenant", "cycle", "pairing"], name="sheet_change_of")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.reason
