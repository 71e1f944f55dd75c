"""What is owed without a pairing (domain.md §2.2): by the county once, or by each village Party organisation itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from activities.models import ActivityType, RuleScope, RuleTerms
from pairing.models import Pairing, PairingState, Programme
from tenancy import clock
from tenancy.access import Access
from units.models import Unit

# As long as something of a year that has just ended may still be entered.
_AFTER_END = timedelta(days=62)
_OWN = (RuleScope.PROGRAMME, RuleScope.VILLAGE_PARTY)
_AT_WORK = (PairingState.ACTIVE, PairingState.SUSPENDED, PairingState.ENDED)


@dataclass(frozen=True, slots=True)
class OwnType:
    """A type of record that belongs to no pairing. ``of_village``: each village's own; else the county's."""

    type: ActivityType
    of_village: bool


def own_codes(programmes: Iterable[int]) -> dict[tuple[int, str], bool]:
    """(programme id, code) of the types that only rules without a pairing ask for → whether it is each village's own."""
    owned: dict[tuple[int, str], bool] = {}
    paired: set[tuple[int, str]] = set()
    rows = RuleTerms.objects.filter(rule__programme__in=list(programmes)).order_by("rule__position", "number")
    for programme, codes, scope in rows.values_list("rule__programme_id", "types", "scope"):
        for code in codes:
            if scope in _OWN:
                owned[programme, code] = scope == RuleScope.VILLAGE_PARTY
            else:
                paired.add((programme, code))
    return {key: of_village for key, of_village in owned.items() if key not in paired}


def own_types(access: Access) -> list[OwnType]:
    """What this account may write without a pairing: the county's own for its staff, a village's for village, town, staff."""
    since, today = clock.today() - _AFTER_END, clock.today()
    years = set(Programme.objects.filter(starts_on__lte=today, ends_on__gte=since).values_list("pk", flat=True))
    codes = own_codes(years) if years else {}
    if not codes:
        return []
    everywhere = access.everywhere("record", "C")
    of_villages = everywhere or own_villages(access).exists()
    rows = ActivityType.objects.filter(programme__in=years, is_active=True).select_related("programme")
    found = [(one, codes.get((one.programme_id, one.code))) for one in rows.order_by("-programme__year", "position", "id")]
    return [OwnType(one, own) for one, own in found if own is not None and (of_villages if own else everywhere)]


def own_villages(access: Access) -> QuerySet[Unit]:
    """Villages at work in a programme for which this account may write: all, its town's, or its own."""
    paired = Pairing.objects.filter(state__in=_AT_WORK, programme__ends_on__gte=clock.today() - _AFTER_END).values("village")
    rows: QuerySet[Unit] = Unit.objects.filter(pk__in=paired).select_related("parent")
    reach = access.reach("record", "C")
    if reach is not None:
        rows = rows.filter(Q(pk__in=reach) | Q(parent__in=reach))
    return rows.order_by("parent__pinyin", "pinyin", "id")
