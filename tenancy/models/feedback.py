"""Complaints and suggestions: required of such systems, and answered (domain.md §5.2)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.account import Account
from tenancy.models.base import TenantModel


class Feedback(TenantModel):
    """One complaint or suggestion; anonymous when ``author`` is empty. Answered within 5 working days."""

    text = models.TextField(_("what happened, what should change"), max_length=2000)
    contact = models.CharField(_("how to reach you"), max_length=60, blank=True)
    page = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    sent_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "sent_at"], name="feedback_by_time")]

    def __str__(self) -> str:
        return self.text[:20]


class PlatformFeedback(models.Model):
    """A complaint or suggestion about the software itself, for the operator. Global: no county's data belongs in it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(_("what happened, what should change"), max_length=2000)
    contact = models.CharField(_("how to reach you"), max_length=60, blank=True)
    county = models.CharField(_("county"), max_length=60, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return self.text[:20]
