"""What came in by spreadsheet: the batch, its rows, what it changed, and answers remembered for next time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.models import Job, TenantModel


class ImportBatch(TenantModel):
    """One file on its way in: read → previewed → committed (→ undone), or refused, or dropped.

    Nothing of the file reaches other tables before the commit, which is one transaction.
    """

    class State(models.TextChoices):
        READING = "reading", _("being read")
        PREVIEW = "preview", _("to be checked")
        REFUSED = "refused", _("cannot be read")
        COMMITTING = "committing", _("being written")
        COMMITTED = "committed", _("imported")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        DROPPED = "dropped", _("dropped")

    kind = models.CharField(_("ledger"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READING)
    file_name = models.CharField(_("file"), max_length=200)
    # Where the file lies under MEDIA_ROOT, and what it was: the same bytes again are recognised.
    stored_as = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    sheets = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    problem = models.CharField(max_length=400, blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "created_at"], name="import_by_time")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(TenantModel):
    """One row of the file as understood: its values, its status, and what is asked about it."""

    class Status(models.TextChoices):
        OK = "ok", _("can be imported")
        QUESTION = "question", _("has a question")
        ERROR = "error", _("has an error")

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows", db_index=False)
    sheet = models.CharField(max_length=200)
    row = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status)
    reason = models.CharField(max_length=500, blank=True)
    original = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)
    # What committing would do: add, change, same; and of a change, what from and to. Filled at the preview.
    effect = models.CharField(max_length=8, blank=True)
    changes = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "batch", "status", "id"], name="import_row_of")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "batch", "sheet", "row"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


class ImportChange(TenantModel):
    """One row of another table that a commit added or changed: what undoing puts back, newest first."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="changes", db_index=False)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    object_uid = models.UUIDField()
    is_new = models.BooleanField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "batch", "id"], name="import_change_of")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class ImportAnswer(TenantModel):
    """An answer given once to a question of an import, used again for the same words (domain.md §8.3)."""

    kind = models.CharField(max_length=40)
    question = models.CharField(max_length=40)
    column = models.CharField(max_length=60)
    asked = models.CharField(max_length=200)
    # An answer about one cell, not about a word, is good for this very file only.
    file_sha256 = models.CharField(max_length=64, blank=True)
    answer = models.JSONField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "kind", "question", "column", "asked", "file_sha256"], name="import_answer_once"
            ),
            models.CheckConstraint(condition=~Q(asked=""), name="import_answer_names_words"),
        ]

    def __str__(self) -> str:
        return self.asked
