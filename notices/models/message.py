"""One thing that somebody is to be told. The row is the promise; it is kept once, visibly, or ends visibly."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel
from units.models import Person


class Outcome(models.TextChoices):
    """What became of a message; empty while it waits."""

    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer needed")
    EXPIRED = "expired", _("too late")


class OutboxMessage(TenantModel):
    """A message to one person, written in the transaction of what it tells of (reliability.md §2.3, 3).

    No versions: a message is written once and ends once, and its end stands in it.
    """

    # kind:duty:rule:local date and the like, put together in PostgreSQL: planning twice gives one row.
    idem_key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=30)
    # Of the ladder of domain.md §4.4; null: no reminder.
    level = models.PositiveSmallIntegerField(_("level"), null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("to"), db_index=False)
    # What it is about, by the names that leave the server: for filters, withdrawal and rehearsals.
    pairing_uid = models.UUIDField(null=True)
    subject_uid = models.UUIDField(null=True)
    rule = models.CharField(max_length=40, blank=True, default="", db_default="")
    period = models.CharField(max_length=12, blank=True, default="", db_default="")
    channel = models.CharField(max_length=10, default="inbox", db_default="inbox")
    # What the kind's words are made of: names and figures as they were when it was planned.
    payload = models.JSONField(default=dict)
    not_before = models.DateTimeField(_("to be sent from"))
    expires_at = models.DateTimeField(null=True)
    # Working days that the reader has for an answer, from the day of sending.
    answer_days = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True, default="", db_default="")
    why = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        verbose_name = _("message")
        indexes = [
            models.Index(fields=["tenant", "not_before", "id"], condition=Q(done_at=None), name="outbox_waiting"),
            models.Index(fields=["tenant", "pairing_uid", "rule", "period"], name="outbox_of_duty"),
            models.Index(fields=["tenant", "person"], name="outbox_of_person"),
        ]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "idem_key"], name="outbox_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="outbox_ends_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.idem_key
