"""Sessions in PostgreSQL, linked to their account so that they can be listed and ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from tenancy.models.account import Session

TOKEN_MARK = "_is_token"  # noqa: S105 (the name of a mark, no secret)
DEVICE = "_device"
STARTED = "_started"  # seconds since 1970, set at sign-in
SEEN = "_seen"
FACTOR = "_second_factor"  # whether a code was given at sign-in


class SessionStore(DatabaseStore):
    """Django's database store with our table."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.account_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.is_token = bool(data.get(TOKEN_MARK, False))
        now = timezone.now()
        # The store writes whole rows, so both times travel in the session's own data.
        row.started_at = datetime.fromtimestamp(data[STARTED], UTC) if STARTED in data else now
        row.seen_at = datetime.fromtimestamp(data[SEEN], UTC) if SEEN in data else now
        row.device = str(data.get(DEVICE, ""))[:120]
        return row
