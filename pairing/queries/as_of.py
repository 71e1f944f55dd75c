"""Pairings as they stood on any day, read from the days that each step wrote; nothing is ever overwritten.

The state is told in the days that people mean: an agreement signed on 1 September and written down on the 20th
counts from the 1st.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from pairing.models import ChangeKind, Pairing, PairingChange, PairingState, PairingSuspension


def begun() -> Coalesce:
    """The first day on which there was anything of the pairing."""
    # PostgreSQL's LEAST leaves out what is not known.
    earliest = Least("proposed_on", "agreed_on", "agreement_signed_on", "agreement_waived_on", "active_from")
    return Coalesce(earliest, F("starts_on"))


def _resting(day: date) -> Exists:
    covers = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
    return Exists(PairingSuspension.objects.filter(covers, pairing=OuterRef("pk")))


def life_on(day: date) -> list[tuple[PairingState, Q]]:
    """Conditions in the order in which they are asked: the first that holds says the state on that day."""
    signed = Q(agreement_signed_on__lte=day) | Q(agreement_waived_on__lte=day)
    # Lists of an earlier day bring no day of agreement: what came after it holds from the beginning.
    agreed_always = Q(agreed_on=None) & ~Q(state__in=[PairingState.PROPOSED, PairingState.REJECTED])
    return [
        (PairingState.REJECTED, Q(rejected_on__lte=day)),
        (PairingState.ENDED, Q(ends_on__lt=day)),
        (PairingState.SUSPENDED, Q(active_from__lte=day) & Q(_resting(day))),
        (PairingState.ACTIVE, Q(active_from__lte=day)),
        (PairingState.SIGNED, signed & ~Q(agreed_on__gt=day)),
        (PairingState.AGREED, Q(agreed_on__lte=day) | agreed_always),
    ]


def state_on(day: date) -> Case:
    """The state on a day, of a pairing that stood on it (``as_of``)."""
    whens = [When(condition, then=Value(str(state))) for state, condition in life_on(day)]
    return Case(*whens, default=Value(str(PairingState.PROPOSED)), output_field=CharField())


def unit_on(day: date, what: str = "pk") -> Coalesce:
    """The unit's ``what`` (``pk``, ``name``, ``uid``) on a day: the one that the next move after it moved it from."""
    moves = PairingChange.objects.filter(pairing=OuterRef("pk"), kind=ChangeKind.MOVED, effective_on__gt=day)
    first = moves.order_by("effective_on", "id").values(f"from_unit__{what}")[:1]
    if what == "pk":
        return Coalesce(Subquery(first), F("unit_id"), output_field=BigIntegerField())
    return Coalesce(Subquery(first), F(f"unit__{what}"))


def as_of(day: date, pairings: QuerySet[Pairing] | None = None) -> QuerySet[Any]:
    """The pairings that stood on a day: proposed by then, whatever became of them. Ended ones are among them.

    ``state_then`` is the state on that day, ``unit_then`` the id, ``unit_then_uid`` the
    public id and ``unit_then_name`` the name of the unit of that day. Who held the posts: ``with_sides(…, on=day)``.
    """
    rows: QuerySet[Any] = Pairing.objects.all() if pairings is None else pairings
    stood: QuerySet[Any] = (
        rows.alias(begun_then=begun())
        .filter(begun_then__lte=day)
        .annotate(
            state_then=state_on(day),
            unit_then=unit_on(day),
            unit_then_name=unit_on(day, "name"),
            unit_then_uid=unit_on(day, "uid"),
        )
    )
    return stood
