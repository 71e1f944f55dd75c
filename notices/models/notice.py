"""One line of a person's inbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.models.message import OutboxMessage
from tenancy.models import TenantModel
from units.models import Person


class Notice(TenantModel):
    """Something a person was told: written with the end of its outbox row, once (reliability.md §2.3, 5).

    A digest has no outbox row; what it holds points to it with ``in_digest``.
    """

    idem_key = models.CharField(max_length=200)
    outbox = models.ForeignKey(OutboxMessage, models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("to"), db_index=False)
    kind = models.CharField(_("kind"), max_length=30)
    level = models.PositiveSmallIntegerField(_("level"), null=True)
    pairing_uid = models.UUIDField(null=True)
    subject_uid = models.UUIDField(null=True)
    rule = models.CharField(max_length=40, blank=True, default="", db_default="")
    period = models.CharField(max_length=12, blank=True, default="", db_default="")
    payload = models.JSONField(default=dict)
    in_digest = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    sent_at = models.DateTimeField(_("sent"))
    # The day by which an answer is asked for.
    due_on = models.DateField(_("answer by"), null=True)
    read_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=400, blank=True, default="", db_default="")
    promise_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("notice")
        indexes = [
            models.Index(fields=["tenant", "person", "sent_at"], condition=Q(in_digest=None), name="inbox_of_person"),
            models.Index(fields=["tenant", "person"], condition=Q(in_digest=None, read_at=None), name="inbox_unread"),
            models.Index(fields=["tenant", "in_digest"], condition=Q(in_digest__isnull=False), name="inbox_in_digest"),
            models.Index(fields=["tenant", "pairing_uid", "rule", "period"], name="inbox_of_duty"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "idem_key"], name="inbox_once"),
        ]

    def __str__(self) -> str:
        return self.idem_key
