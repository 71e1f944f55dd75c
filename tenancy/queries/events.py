"""The event log: who did what, for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone

from tenancy import audit
from tenancy.access import Access
from tenancy.deeds import deed_words
from tenancy.models import AuditEntry
from tenancy.names import accounts_named

# A chain of this many rows is checked while the page is made; a longer one when asked.
CHECKED_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What to show; empty parts do not narrow."""

    action: str = ""
    actor: str = ""
    day_from: date | None = None
    day_to: date | None = None


def visible_events(access: Access) -> QuerySet[AuditEntry]:
    """Every entry of the county, or only one's own deeds where the role sees no more (domain.md §7)."""
    entries: QuerySet[AuditEntry] = AuditEntry.objects.order_by("-seq")
    if access.everywhere("event_log", "R"):
        return entries
    return entries.filter(account_id=access.account.pk)


def filtered(entries: QuerySet[AuditEntry], wanted: EventFilter) -> QuerySet[AuditEntry]:
    """Narrow by deed, by person (login, name or pinyin) and by day in local time."""
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.actor:
        entries = entries.filter(Q(actor__icontains=wanted.actor) | Q(account_id__in=accounts_named(wanted.actor)))
    zone = get_current_timezone()
    if wanted.day_from:
        entries = entries.filter(at__gte=datetime.combine(wanted.day_from, time.min, zone))
    if wanted.day_to:
        entries = entries.filter(at__lt=datetime.combine(wanted.day_to + timedelta(days=1), time.min, zone))
    return entries


def deeds_in(entries: QuerySet[AuditEntry]) -> list[tuple[str, str]]:
    """(code, words) of the deeds that occur, by their words."""
    codes = entries.order_by("action").values_list("action", flat=True).distinct()
    return sorted(((code, deed_words(code)) for code in codes), key=lambda pair: pair[1])


def is_long() -> bool:
    """Whether the chain is too long to be checked while a page is made."""
    last = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return (last or 0) > CHECKED_AT_ONCE


def verdict() -> tuple[int, str] | None:
    """(seq, problem) of the first broken entry, or None when the chain holds."""
    return audit.verify()
