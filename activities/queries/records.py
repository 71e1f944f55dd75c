"""Reading records: who sees which, and what waits for whom (domain.md §4.2, §7)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from activities.models import AuthorSide, Record, Share, Status
from pairing.models import Pairing
from tenancy.access import Access
from tenancy.models import Role

# Nobody but its writers sees what is not handed in, or was put aside.
_PRIVATE = (Status.DRAFT, Status.ABANDONED)


def shares_within(units: frozenset[int]) -> Q:
    """Parts of records that belong to these units, their Party organisations, or villages in or below them."""
    return Q(pairing__unit__in=units) | Q(pairing__party_org__in=units) | Q(village__in=units) | Q(village__parent__in=units)


def of_units(records: QuerySet[Record], units: frozenset[int]) -> QuerySet[Record]:
    """Those records that have a part of these units."""
    parts = Share.objects.filter(shares_within(units), record=OuterRef("pk"))
    return records.filter(Exists(parts))


def visible_records(access: Access, action: str = "R") -> QuerySet[Record]:
    """Records on which ``access`` may do ``action``; a draft is seen by its own side only."""
    reach = access.reach("record", action)
    records: QuerySet[Record] = Record.objects.all()
    if reach is not None:
        records = of_units(records, reach)
    return records.filter(~Q(status__in=_PRIVATE) | _own_drafts(access))


def _own_drafts(access: Access) -> Q:
    units, villages = _units_of(access, Role.UL, Role.UG), _units_of(access, Role.VS)
    mine = Q(author_id=access.account.pk)
    if units:
        parts = Share.objects.filter(Q(pairing__unit__in=units) | Q(pairing__party_org__in=units), record=OuterRef("pk"))
        mine |= Q(Exists(parts), author_side=AuthorSide.UNIT, is_proxy=False)
    if villages:
        parts = Share.objects.filter(village__in=villages, record=OuterRef("pk"))
        mine |= Q(Exists(parts), author_side=AuthorSide.VILLAGE, is_proxy=False)
    return mine


def _units_of(access: Access, *roles: str) -> frozenset[int]:
    found = (grant.scope_unit_id for grant in access.grants if grant.role in roles)
    return frozenset(unit for unit in found if unit is not None)


def waiting_shares(access: Access) -> QuerySet[Share]:
    """Parts of records that wait for this account's own side to confirm, oldest first."""
    villages, units = _units_of(access, Role.VS), _units_of(access, Role.UL, Role.UG)
    mine = Q(record__author_side=AuthorSide.UNIT, village__in=villages) | Q(
        Q(pairing__unit__in=units) | Q(pairing__party_org__in=units), record__author_side=AuthorSide.VILLAGE
    )
    waiting: QuerySet[Share] = Share.objects.filter(mine, status=Status.SUBMITTED, pairing__isnull=False)
    return waiting.order_by("record__submitted_on", "record_id", "id")


def to_confirm(access: Access) -> QuerySet[Record]:
    """Records that wait for this account's own side; one a record, however many of its parts do."""
    parts = waiting_shares(access).order_by()
    records: QuerySet[Record] = Record.objects.filter(pk__in=parts.values("record"))
    return records.order_by("submitted_on", "id")


def with_shares(records: QuerySet[Record]) -> QuerySet[Record]:
    """Adds each record's parts with pairing, unit, village and town (``record.parts``): two queries more, however many."""
    parts = Share.objects.select_related("pairing", "pairing__unit", "village", "village__parent").order_by("id")
    return records.select_related("item", "author").prefetch_related(Prefetch("shares", parts, to_attr="parts"))


def pairings_of(record: Record) -> list[Pairing]:
    """The pairings of a record, with both sides and the town."""
    shares = record.shares.select_related("pairing", "pairing__unit", "pairing__village", "pairing__village__parent")
    return [share.pairing for share in shares.order_by("id") if share.pairing is not None]
