"""Whose inbox holds what, and what was and will be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notices.models import Notice, OutboxMessage
from notices.words import DIGEST
from tenancy.access import Access

LEVELS = (0, 1)


def own_notices(access: Access) -> QuerySet[Notice]:
    """What the asking account's person was told: digests as one, newest first."""
    found: QuerySet[Notice] = Notice.objects.filter(person__account_id=access.account.pk)
    return found


def inbox(access: Access, *, level: int | None = None, unread: bool = False) -> QuerySet[Notice]:
    """The lines of one's inbox, newest first."""
    rows = own_notices(access).filter(in_digest=None)
    if level is not None:
        rows = rows.filter(level=level)
    if unread:
        rows = rows.filter(read_at=None)
    return rows.order_by("-sent_at", "-id")


def own_notice(access: Access, uid: UUID) -> Notice | None:
    """One notice of the asking account, of a digest too; None when it is not theirs."""
    return own_notices(access).filter(uid=uid).first()


def lines_of(digests: Iterable[Notice]) -> dict[int, list[Notice]]:
    """What digests hold, by digest, in the order of the duties."""
    ids = [row.pk for row in digests if row.kind == DIGEST]
    lines: dict[int, list[Notice]] = defaultdict(list)
    if ids:
        for row in Notice.objects.filter(in_digest__in=ids).order_by("sent_at", "rule", "id"):
            lines[row.in_digest_id].append(row)
    return lines


def can_answer(notice: Notice) -> bool:
    """Whether the product asks for an answer that it would act upon: reminders, and once."""
    return notice.level in LEVELS and notice.kind != DIGEST and notice.answered_at is None


def unread_of(account_id: Any) -> Coalesce:
    """How many lines of the account's inbox are unread, as part of a query of a row with ``tenant_id``."""
    unread = Notice.objects.filter(
        tenant_id=OuterRef("tenant_id"), person__account_id=account_id, in_digest=None, read_at=None
    ).order_by()
    return Coalesce(Subquery(unread.values("tenant_id").annotate(n=Count("pk")).values("n")), 0)


@dataclass(frozen=True, slots=True)
class OutboxFilter:
    """What the list of messages is narrowed to; empty: everything."""

    outcome: str = ""  # a code of Outcome, or "waiting"
    level: int | None = None
    kind: str = ""
    person: str = ""
    pairing: UUID | None = None


def outbox(wanted: OutboxFilter) -> QuerySet[OutboxMessage]:
    """Messages of the county, those to be sent last first."""
    rows: QuerySet[OutboxMessage] = OutboxMessage.objects.select_related("person")
    if wanted.outcome:
        rows = rows.filter(outcome="" if wanted.outcome == "waiting" else wanted.outcome)
    if wanted.level is not None:
        rows = rows.filter(level=wanted.level)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.person:
        rows = rows.filter(person__name__icontains=wanted.person.strip())
    if wanted.pairing is not None:
        rows = rows.filter(pairing_uid=wanted.pairing)
    return rows.order_by("-not_before", "-id")
