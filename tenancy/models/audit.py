"""Who did what, in a chain that shows when a row was changed (reliability.md §6.1)."""

from django.db import models

from tenancy.models.account import Account
from tenancy.models.base import TenantModel


class AuditEntry(TenantModel):
    """One deed in a county: written by ``app.audit_append`` alone, never changed, kept for years.

    ``hash`` = SHA-256 of the previous row's hash and this row's content. Holds field names, never their values.
    """

    seq = models.BigIntegerField()
    at = models.DateTimeField()
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    actor = models.CharField(max_length=80)
    roles = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_uid = models.UUIDField(null=True)
    result = models.CharField(max_length=20)
    details = models.JSONField(default=dict)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "seq"], name="audit_seq"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class PlatformEvent(models.Model):
    """What the operator did on the platform: counties made, first administrators, sign-ins. No county's data."""

    at = models.DateTimeField(auto_now_add=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=80)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.action
