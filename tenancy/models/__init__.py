"""Counties, accounts, grants and what records their use. One file a subject."""

from tenancy.models.account import Account, Credential, Session
from tenancy.models.audit import AuditEntry, PlatformEvent
from tenancy.models.base import TenantManager, TenantModel
from tenancy.models.feedback import Feedback, PlatformFeedback
from tenancy.models.grant import Grant, Role, ScopeKind
from tenancy.models.job import Heartbeat, Job
from tenancy.models.limit import RateCount
from tenancy.models.settings import TenantSettings
from tenancy.models.tenant import Division, Tenant

__all__ = [
    "Account",
    "AuditEntry",
    "Credential",
    "Division",
    "Feedback",
    "Grant",
    "Heartbeat",
    "Job",
    "PlatformEvent",
    "PlatformFeedback",
    "RateCount",
    "Role",
    "ScopeKind",
    "Session",
    "Tenant",
    "TenantManager",
    "TenantModel",
    "TenantSettings",
]
