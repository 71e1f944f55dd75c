"""What this floor tidies: sessions that ended, old wrong passwords, leases that died for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.conf import settings

from tenancy import jobs, limits
from tenancy.models.account import Session
from tenancy.sweeping import whole_platform


@whole_platform
def expired_sessions(now: datetime) -> int:
    """Sessions past their end: nobody can sign in with them any more."""
    return int(Session.objects.filter(expire_date__lt=now).delete()[0])


@whole_platform
def old_wrong_passwords(now: datetime) -> int:
    """Wrong passwords that lock nobody out any longer; the audit chain keeps its own record."""
    before = now - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return int(AccessAttempt.objects.filter(attempt_time__lt=before).delete()[0])


@whole_platform
def spent_jobs(now: datetime) -> int:
    """Jobs whose last attempt died."""
    return jobs.reap()


@whole_platform
def old_sign_ins(now: datetime) -> int:
    """The lock-out library's list of sign-ins, after half a year: the audit chains hold what must be kept."""
    return int(AccessLog.objects.filter(attempt_time__lt=now - timedelta(days=180)).delete()[0])


@whole_platform
def spent_budgets(now: datetime) -> int:
    """Counts whose window is over."""
    return limits.forget_old(now=now)
