"""Ending sessions."""

from __future__ import annotations

from tenancy.models import Account, Session
from tenancy.queries.sessions import session_name


def end_session(*, account: Account, key_hash: str) -> bool:
    """End one session of the account, named by ``session_name``. False when there is none such."""
    for session in Session.objects.filter(account=account):
        if session_name(session.session_key) == key_hash:
            session.delete()
            return True
    return False


def end_other_sessions(*, account: Account, kept_key: str | None) -> int:
    """End every session of the account but one; answers how many."""
    return Session.objects.filter(account=account).exclude(session_key=kept_key or "").delete()[0]
