"""A newer edition of the division codes, accepted line by line."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from units.models.unit import Unit


class DivisionRevision(TenantModel):
    """One newer edition of the code list compared with the county's towns and villages; kept as a record."""

    edition = models.CharField(_("edition"), max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "edition"], name="revision_edition_once"),
        ]

    def __str__(self) -> str:
        return self.edition


class DivisionChange(TenantModel):
    """One line of the comparison: proposed until somebody accepts or refuses it. Nothing changes by itself."""

    class Kind(models.TextChoices):
        ADDED = "added", _("new")
        RENAMED = "renamed", _("renamed")
        MOVED = "moved", _("moved to another town")
        RECODED = "recoded", _("new code")
        REMOVED = "removed", _("no longer listed")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to decide")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("left as it is")

    revision = models.ForeignKey(DivisionRevision, models.PROTECT, related_name="changes", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    parent_code = models.CharField(max_length=9, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        ordering = ["code", "id"]
        indexes = [models.Index(fields=["tenant", "revision", "code"], name="division_change_of")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
