"""Complaints and suggestions: sending and answering (domain.md §5.2)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lib.workdays import add_workdays
from tenancy import audit
from tenancy.access import Access
from tenancy.models import Account, Feedback, PlatformFeedback, Tenant
from tenancy.scope import Actor

ANSWER_WORKDAYS = 5


class FeedbackAnswered(Exception):
    """Somebody else answered first."""


def _due(now: datetime) -> date:
    return add_workdays(timezone.localtime(now).date(), ANSWER_WORKDAYS)


@transaction.atomic
def send_feedback(*, tenant: Tenant, text: str, contact: str, page: str, author: Account | None, now: datetime) -> Feedback:
    """Keep what somebody wrote to the county; anonymous without ``author``. The tenant is in scope."""
    feedback: Feedback = Feedback.objects.create(
        tenant=tenant, text=text, contact=contact, page=page, author=author, due_on=_due(now)
    )
    # Neither name nor address: an anonymous complaint stays anonymous in the log too.
    audit.append(Actor(""), "feedback_sent", object_kind="feedback", object_uid=feedback.uid)
    return feedback


def send_platform_feedback(*, county: str, text: str, contact: str, now: datetime) -> PlatformFeedback:
    """Keep what somebody wrote about the software itself, for the operator."""
    return PlatformFeedback.objects.create(county=county, text=text, contact=contact, due_on=_due(now))


@transaction.atomic
def answer_feedback(*, feedback: Feedback, answer: str, access: Access, now: datetime) -> None:
    """Answer once. Raises FeedbackAnswered when that was done meanwhile."""
    n_answered = Feedback.objects.filter(pk=feedback.pk, answered_at=None).update(
        answer=answer, answered_at=now, answered_by=access.account
    )
    if n_answered == 0:
        raise FeedbackAnswered
    audit.append(access, "feedback_answered", object_kind="feedback", object_uid=feedback.uid)


@transaction.atomic
def answer_platform_feedback(*, feedback: PlatformFeedback, answer: str, actor: Actor, now: datetime) -> None:
    """Answer once. Raises FeedbackAnswered when that was done meanwhile."""
    n_answered = PlatformFeedback.objects.filter(pk=feedback.pk, answered_at=None).update(answer=answer, answered_at=now)
    if n_answered == 0:
        raise FeedbackAnswered
    audit.platform("feedback_answered", actor=actor)
