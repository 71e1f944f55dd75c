"""What the public notice said before it was corrected. Only ever added."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.models.cycle import Cycle
from tenancy.models import TenantModel


class Correction(TenantModel):
    """Scores and grades as they stood in public, kept at the moment at which they were computed again or taken back.

    What they became is not written here: it is what stands now, or what the next correction kept.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="corrections", db_index=False)
    # Taken back to the decision of the leading group; otherwise computed again while the notice went on.
    is_taken_back = models.BooleanField(_("taken back"))
    reason = models.CharField(_("reason"), max_length=200)
    author_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    public_from = models.DateField(null=True)
    public_to = models.DateField(null=True)
    minutes_no = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True)
    # Uid of the unit → final, grade_by_score, grade_final, changed_because; scores as text ("85.05").
    results = models.JSONField(default=dict)
    # Uid of the pairing → final, grade, lines (code → points, or null for one that does not apply).
    scores = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        verbose_name = _("correction of a public notice")
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "cycle"], name="correction_of")]
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.reason
