"""What the form for a new record offers: pairings one may write of, types, items, and what was written last time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from activities.models import ActivityType, Item, ItemKind, ItemState, Record, Status
from activities.queries.own import own_codes
from pairing.models import Pairing, PairingState
from pairing.queries import within
from tenancy import clock
from tenancy.access import Access

# Something of a pairing that has just ended may still be entered until its month is locked.
_AFTER_END = timedelta(days=62)
_FINISHED = (ItemState.CLOSED, ItemState.STOPPED, ItemState.WITHDRAWN)


def writable_pairings(access: Access) -> QuerySet[Pairing]:
    """Pairings of which ``access`` may write, in its own name or by proxy, by town and village."""
    since = clock.today() - _AFTER_END
    alive = Q(state__in=[PairingState.ACTIVE, PairingState.SUSPENDED]) | Q(state=PairingState.ENDED, ends_on__gte=since)
    rows: QuerySet[Pairing] = Pairing.objects.filter(alive, programme__ends_on__gte=since)
    return _reached(access, rows)


def within_reach(access: Access, ids: Iterable[int]) -> list[Pairing]:
    """Those of these pairings of which ``access`` may write, alive or not."""
    return list(_reached(access, Pairing.objects.filter(pk__in=list(ids))))


def _reached(access: Access, rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    reach = access.reach("record", "C")
    if reach is not None:
        rows = rows.filter(within(reach))
    return rows.select_related("unit", "village__parent", "programme").order_by(
        "-programme__year", "village__parent__pinyin", "village__pinyin", "-is_lead", "unit__pinyin", "id"
    )


def beside(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Other active pairings of the same villages and programmes: whoever held it jointly (A2)."""
    own = list(pairings.values_list("pk", "village_id", "programme_id"))
    same = Q(pk__in=[])
    for _pk, village, programme in own:
        same |= Q(village_id=village, programme_id=programme)
    rows: QuerySet[Pairing] = Pairing.objects.filter(same, state=PairingState.ACTIVE).exclude(pk__in=[pk for pk, _v, _p in own])
    return rows.select_related("unit", "village__parent", "programme").order_by(
        "village__pinyin", "-is_lead", "unit__pinyin", "id"
    )


def types_of(programmes: set[int]) -> list[ActivityType]:
    """Types in use in these programme years, each code once, as the newest year calls it; not those without a pairing."""
    rows = ActivityType.objects.filter(programme__in=programmes, is_active=True).order_by("-programme__year", "position", "id")
    without_pairing = own_codes(programmes)
    found: dict[str, ActivityType] = {}
    for one in rows:
        if (one.programme_id, one.code) not in without_pairing:
            found.setdefault(one.code, one)
    return sorted(found.values(), key=lambda one: (one.position, one.pk))


def open_items(pairings: list[Pairing]) -> list[Item]:
    """Projects and livelihood items of these pairings' villages that are not finished, the newest first."""
    villages = {pairing.village_id for pairing in pairings}
    rows = Item.objects.filter(village__in=villages, kind__in=[ItemKind.PROJECT, ItemKind.LIVELIHOOD])
    return list(rows.exclude(state__in=_FINISHED).select_related("village").order_by("-id")[:60])


def last_record(access: Access, type_code: str = "") -> Record | None:
    """What this account wrote last, if anything; with a type, of that type."""
    rows = Record.objects.filter(author=access.account.pk).exclude(status__in=[Status.VOIDED, Status.ABANDONED])
    if type_code:
        rows = rows.filter(type=type_code)
    found: Record | None = rows.order_by("-id").first()
    return found
