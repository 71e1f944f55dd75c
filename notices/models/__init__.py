"""What is to be told (outbox) and what was told (inbox)."""

from notices.models.message import OutboxMessage, Outcome
from notices.models.notice import Notice

__all__ = ["Notice", "OutboxMessage", "Outcome"]
