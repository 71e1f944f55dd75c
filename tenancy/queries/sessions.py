"""Sessions of an account, for its owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from tenancy.models import Account, Session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One signed-in browser or program."""

    name: str
    device: str
    is_token: bool
    is_this: bool
    started_at: datetime
    seen_at: datetime


def open_sessions(account: Account, *, this_key: str | None, now: datetime) -> list[OpenSession]:
    """Sessions that are still good, the present one first, then the one used last."""
    rows = Session.objects.filter(account=account, expire_date__gt=now).order_by("-seen_at", "session_key")
    found = [
        OpenSession(
            session_name(row.session_key), row.device, row.is_token, row.session_key == this_key, row.started_at, row.seen_at
        )
        for row in rows
    ]
    return sorted(found, key=lambda session: not session.is_this)


def session_name(key: str) -> str:
    """A name for a session that can stand in a page: the key itself would be a way in."""
    return salted_hmac("tenancy.session_name", key, algorithm="sha256").hexdigest()[:24]
