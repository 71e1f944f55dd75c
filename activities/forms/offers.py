"""What the form for a record offers to an account, and a record as that form shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from activities.forms.records import Offer, RecordForm
from activities.hands import sides_of
from activities.models import AuthorSide, Record, Status
from activities.queries import writing
from pairing.models import Pairing
from tenancy.access import Access


def offer_for(access: Access, pairings: list[Pairing], *, with_items: bool = True) -> Offer:
    """What the form offers one account over these pairings."""
    sides = sides_of(access, pairings[0]) if pairings else frozenset()
    side = AuthorSide.VILLAGE if AuthorSide.VILLAGE in sides else AuthorSide.UNIT
    beside: list[Pairing] = []
    if pairings and side == AuthorSide.UNIT and AuthorSide.UNIT in sides:
        beside = list(writing.beside(Pairing.objects.filter(pk__in=[one.pk for one in pairings])))
    return Offer(
        types=tuple(writing.types_of({one.programme_id for one in pairings})),
        pairings=tuple(pairings),
        beside=tuple(beside),
        items=tuple(writing.open_items(pairings)) if with_items else (),
        is_proxy="proxy" in sides and not sides & {AuthorSide.UNIT, AuthorSide.VILLAGE},
        side=side,
    )


def editing_offer(access: Access, record: Record, pairings: tuple[Pairing, ...]) -> Offer | None:
    """What the edit form offers: the village's pairings of its year that one writes of, as long as one belongs to the record.

    The record's own stay offered when their year is over: what came back is corrected then too, if its month is open.
    """
    if record.status not in (Status.DRAFT, Status.SUBMITTED, Status.RETURNED):
        return None
    villages = {one.village_id for one in pairings}
    own = writing.within_reach(access, [one.pk for one in pairings])
    if not own:
        return None
    known = {one.pk for one in own}
    further = [
        one
        for one in writing.writable_pairings(access)
        if one.village_id in villages and one.programme_id == record.programme_id and one.pk not in known
    ]
    writable = [*own, *further]
    offer = offer_for(access, writable)
    side = AuthorSide.VILLAGE if record.author_side == AuthorSide.VILLAGE else AuthorSide.UNIT
    if not offer.is_proxy and offer.side != side:
        return None
    if record.item is not None and all(one.pk != record.item_id for one in offer.items):
        offer = replace(offer, items=(*offer.items, record.item))
    return offer


def standing(record: Record, offer: Offer) -> dict[str, Any]:
    """The record as the form shows it."""
    own = {str(one.uid) for one in offer.pairings}
    named = [str(uid) for uid in record.shares.filter(pairing__isnull=False).values_list("pairing__uid", flat=True)]
    found = {name: getattr(record, name) for name in RecordForm.base_fields if hasattr(record, name) and name != "item"}
    item = record.item
    return {
        **found,
        **{str(key): value for key, value in record.details.items()},
        "pairings": [uid for uid in named if uid in own],
        "joint": [uid for uid in named if uid not in own],
        "item": str(item.uid) if item is not None else "",
        "house_no": item.house_no if item is not None else record.details.get("house_no", ""),
        "householder": item.householder if item is not None else record.details.get("householder", ""),
        "reports_on": record.reports_on.isoformat() if record.reports_on else "",
        "basis": record.proxy_basis,
        "reason": "",
    }
