"""A22: a village in two programmes at once. A record counts in the programme it was written for; the other one shows it."""

from __future__ import annotations

from django.db.models import QuerySet

from activities.models import ActivityType, Share, Status
from activities.queries.records import visible_records
from pairing.models import Pairing
from tenancy.access import Access

_LIVE = (Status.SUBMITTED, Status.CONFIRMED)


def linked_shares(access: Access, pairing: Pairing) -> QuerySet[Share]:
    """What was done in the pairing's village while the pairing was at work, and is credited to another programme.

    Only what this account may read; nothing of it counts for the pairing.
    """
    if pairing.active_from is None:
        nothing: QuerySet[Share] = Share.objects.none()
        return nothing
    until = min(pairing.ends_on or pairing.programme.ends_on, pairing.programme.ends_on)
    rows: QuerySet[Share] = Share.objects.filter(
        village=pairing.village_id,
        pairing__isnull=False,
        status__in=_LIVE,
        counts_on__range=(pairing.active_from, until),
        record__in=visible_records(access).values("pk"),
    )
    return rows.exclude(programme=pairing.programme_id)


def linked_types(pairing: Pairing) -> dict[tuple[int, str], str]:
    """(programme id, code) → what the other programmes of the pairing's village call their types."""
    others = Pairing.objects.filter(village=pairing.village_id).exclude(programme=pairing.programme_id).values("programme")
    rows = ActivityType.objects.filter(programme__in=others)
    return {(programme, code): name for programme, code, name in rows.values_list("programme_id", "code", "name")}
