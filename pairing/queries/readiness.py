"""What must hold before a signed pairing becomes active (domain.md §4.1): a group leader, and a lead unit among several."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pairing.models import Pairing, PairingPost, PairingPostKind, PairingState
from pairing.models.pairing import LIVE_STATES

# Code → what is missing and what to do; the codes are part of the API.
HINDRANCES = {
    "no_group_leader": _("No group leader is named. Name one first."),
    "no_lead_unit": _("The village has several units and no lead unit. Say first which one leads."),
}


def led(day: date) -> Exists:
    """Whether the outer query's pairing has a group leader on a day or later."""
    held = Q(ends_on=None) | Q(ends_on__gte=day)
    return Exists(PairingPost.objects.filter(held, pairing=OuterRef("pk"), kind=PairingPostKind.GROUP_LEADER))


def _group() -> QuerySet[Pairing]:
    rows: QuerySet[Pairing] = Pairing.objects.filter(
        programme=OuterRef("programme"), village=OuterRef("village"), state__in=LIVE_STATES
    )
    return rows


def headed() -> Q:
    """Whether the outer query's village has a lead unit, or needs none for having one unit only."""
    others = _group().exclude(pk=OuterRef("pk"))
    return Q(Exists(_group().filter(is_lead=True))) | ~Q(Exists(others))


def begun_but_not_active(day: date) -> Q:
    """Signed, its first day come, and still not active: it waits for somebody."""
    return Q(state=PairingState.SIGNED, starts_on__lte=day)


def hindrance(code: str, day: date) -> Q:
    """Condition: this stands against becoming active. Raises KeyError for a code that is none."""
    return {"no_group_leader": ~Q(led(day)), "no_lead_unit": ~headed()}[code]


def ready(pairings: QuerySet[Pairing], day: date) -> QuerySet[Pairing]:
    """Of some pairings, those that become active on a day by themselves."""
    agreement = Q(agreement_signed_on__isnull=False) | Q(agreement_waived_on__isnull=False)
    found: QuerySet[Pairing] = pairings.filter(begun_but_not_active(day), agreement, Q(led(day)), headed())
    return found


def hindrance_codes(pairing: Pairing, day: date) -> list[str]:
    """What stands against the activation of one pairing, in the order of ``HINDRANCES``."""
    rows = Pairing.objects.filter(pk=pairing.pk).annotate(
        is_led=led(day),
        has_lead=Exists(_group().filter(is_lead=True)),
        has_others=Exists(_group().exclude(pk=OuterRef("pk"))),
    )
    found = rows.values("is_led", "has_lead", "has_others").get()
    codes = [] if found["is_led"] else ["no_group_leader"]
    return codes if found["has_lead"] or not found["has_others"] else [*codes, "no_lead_unit"]
