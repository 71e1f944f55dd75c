"""What a reader does with a notice: read it, answer it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from notices.answers import tell
from notices.models import Notice
from tenancy import audit, clock
from tenancy.access import Access

LONGEST_ANSWER = 400


class AlreadyAnswered(Exception):
    """The notice was answered before, perhaps on another device."""


@transaction.atomic
def read_notice(*, notice: Notice) -> None:
    """The reader has seen it; again changes nothing."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


@transaction.atomic
def read_all(*, access: Access) -> int:
    """The reader has seen everything in the inbox; how many were new."""
    own = Notice.objects.filter(person__account_id=access.account.pk, read_at=None)
    return int(own.update(read_at=clock.now()))


@transaction.atomic
def answer_notice(*, notice: Notice, text: str, promise_on: date | None = None, access: Access | None = None) -> Notice:
    """Answer once: what was done or why not, and the day by which it will be done (已知,拟于×日完成).

    Raises AlreadyAnswered, and ValidationError by field for an empty answer or a promise for a day that is past.
    """
    text = text.strip()
    if not text and promise_on is None:
        raise ValidationError({"text": _("Write what was done or why not, or name the day by which it will be done.")})
    if len(text) > LONGEST_ANSWER:
        raise ValidationError({"text": _("Write at most %(n)d characters.") % {"n": LONGEST_ANSWER}})
    if promise_on is not None and promise_on < clock.today():
        raise ValidationError({"promise_on": _("This day is past. Name today or a later day.")})
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if row.answered_at is not None:
        raise AlreadyAnswered
    row.answer, row.promise_on, row.answered_at = text, promise_on, clock.now()
    row.read_at = row.read_at or row.answered_at
    row.save(update_fields=["answer", "promise_on", "answered_at", "read_at"])
    tell(row)
    audit.append(access, "notice_answered", object_kind="notice", object_uid=row.uid)
    found: Notice = row
    return found
