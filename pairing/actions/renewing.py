"""年度续结: the pairings of one programme year carried over to the next, in a few statements however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pairing import changes
from pairing.actions.activation import activate_ready
from pairing.actions.common import PairingRefused, record
from pairing.models import ChangeKind, EndingReason, Pairing, PairingPost, PairingState, PairingSuspension, Programme
from pairing.models.pairing import LIVE_STATES
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import because, current_tenant

_KEPT = ("unit_id", "village_id", "party_org_id", "origin", "notes")


@transaction.atomic
def renew_pairings(*, old: Programme, new: Programme, access: Access, signed_on: date | None = None) -> list[Pairing]:
    """End what is live in ``old`` with its last day, and open the same in ``new`` from its first, with leaders and liaisons.

    ``signed_on``: the day on which the new agreements were signed; without it they wait for it. Pairings that ``new`` holds
    already are left. Raises PairingRefused: ``before_start`` when the new year begins before the old one ends, ``hindered``.
    """
    if new.starts_on <= old.ends_on:
        raise PairingRefused(_("The new programme begins before the old one ends. Correct the days first."), "before_start")
    rows = list(Pairing.objects.select_for_update(of=("self",)).filter(programme=old, state__in=LIVE_STATES).order_by("pk"))
    leads = {row.pk: row.is_lead for row in rows}
    if rows and (hindrances := changes.ending_hindrances(rows[0], old.ends_on)):
        raise PairingRefused(" ".join(hindrances), "hindered")
    posts = _current_posts(rows)
    _end(rows, old.ends_on, access)
    made = _open(rows, leads, new, signed_on, access)
    _name(made, rows, posts, new.starts_on)
    audit.append(access, "pairings_renewed", object_kind="programme", object_uid=new.uid, n=len(made))
    ids = [row.pk for row in made.values()]
    changes.changed([*leads, *ids])
    activate_ready(Pairing.objects.filter(pk__in=ids), access=access)
    return list(Pairing.objects.filter(pk__in=ids).order_by("pk"))


def _current_posts(rows: list[Pairing]) -> list[PairingPost]:
    return list(PairingPost.objects.filter(pairing__in=rows, ends_on=None).order_by("pk"))


def _end(rows: list[Pairing], last_day: date, access: Access) -> None:
    ids = [row.pk for row in rows]
    because(str(EndingReason.EXPIRED.label), actor=access.actor)
    PairingSuspension.objects.filter(pairing__in=ids, ends_on=None).update(ends_on=last_day)
    PairingPost.objects.filter(pairing__in=ids, ends_on=None).update(ends_on=last_day)
    Pairing.objects.filter(pk__in=ids).update(
        state=PairingState.ENDED, ends_on=last_day, is_lead=False, ending_reason=EndingReason.EXPIRED
    )
    record(rows, ChangeKind.ENDED, access=access, on=last_day, reason=str(EndingReason.EXPIRED.label))


def _open(
    rows: list[Pairing], leads: Mapping[int, bool], new: Programme, signed_on: date | None, access: Access
) -> dict[int, Pairing]:
    """The new pairing of each old one, by the old one's id."""
    held = set(Pairing.objects.filter(programme=new, state__in=LIVE_STATES).values_list("unit_id", "village_id"))
    fresh = [row for row in rows if (row.unit_id, row.village_id) not in held]
    decided = min(day for day in (new.starts_on, signed_on) if day is not None)
    facts: dict[str, Any] = {
        "state": PairingState.SIGNED if signed_on else PairingState.AGREED,
        "starts_on": new.starts_on,
        "proposed_on": decided,
        "agreed_on": decided,
        "agreement_signed_on": signed_on,
    }
    made = Pairing.objects.bulk_create(
        Pairing(
            tenant=current_tenant(),
            programme=new,
            is_lead=leads[row.pk],
            **{name: getattr(row, name) for name in _KEPT},
            **facts,
        )
        for row in fresh
    )
    record(made, ChangeKind.CREATED, access=access, on=new.starts_on)
    return {row.pk: renewed for row, renewed in zip(fresh, made, strict=True)}


def _name(made: Mapping[int, Pairing], rows: list[Pairing], posts: list[PairingPost], on: date) -> None:
    """Leaders and liaisons go on: the office stays with the unit."""
    PairingPost.objects.bulk_create(
        PairingPost(
            tenant=current_tenant(),
            pairing=made[post.pairing_id],
            person_id=post.person_id,
            kind=post.kind,
            phone=post.phone,
            starts_on=on,
        )
        for post in posts
        if post.pairing_id in made
    )


__all__ = ["renew_pairings"]
