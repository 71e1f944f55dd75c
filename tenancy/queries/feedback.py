"""Complaints and suggestions of a county, and those about the platform."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, QuerySet

from tenancy.models import Feedback, PlatformFeedback

# Open ones (no answer yet) first, the most urgent on top.
_URGENT_FIRST = (F("answered_at").desc(nulls_first=True), "due_on", "id")


def feedback_list() -> QuerySet[Feedback]:
    """What waits for an answer, by its day; then what was answered, newest first."""
    found: QuerySet[Feedback] = Feedback.objects.order_by(*_URGENT_FIRST)
    return found


def feedback_with(uid: UUID) -> Feedback | None:
    """One entry of the county in scope."""
    found: Feedback | None = Feedback.objects.filter(uid=uid).first()
    return found


def platform_feedback_list() -> QuerySet[PlatformFeedback]:
    """What waits for the operator's answer, then what was answered."""
    return PlatformFeedback.objects.order_by(*_URGENT_FIRST)


def platform_feedback_with(uid: UUID) -> PlatformFeedback | None:
    """One entry about the platform."""
    return PlatformFeedback.objects.filter(uid=uid).first()
