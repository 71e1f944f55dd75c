"""What a form says of a pairing, and whether it fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from pairing.actions.common import PairingRefused
from pairing.models import Origin, Pairing, Programme
from pairing.models.pairing import LIVE_STATES
from units.models import Unit


@dataclass(frozen=True, slots=True)
class PairingFacts:
    """What a form says of a pairing."""

    programme: Programme
    unit: Unit
    village: Unit
    starts_on: date
    origin: str = Origin.ASSIGNED
    party_org: Unit | None = None
    is_lead: bool = False
    agreement_signed_on: date | None = None
    notes: str = ""


def check(facts: PairingFacts) -> None:
    if not facts.village.is_village:
        raise PairingRefused(_("The paired side must be a village or a community."), "not_a_village")
    for side in (facts.unit, facts.village):
        if side.ends_on is not None and side.ends_on < facts.starts_on:
            raise PairingRefused(_("%(unit)s has ended. Choose another, or an earlier day.") % {"unit": side.name}, "side_ended")
    if facts.party_org is not None and facts.party_org.parent_id != facts.unit.pk:
        raise PairingRefused(_("The Party organisation must belong to the unit."), "foreign_party_org")
    if not facts.programme.starts_on.replace(month=1, day=1) <= facts.starts_on <= facts.programme.ends_on:
        raise PairingRefused(_("The first day must lie in the programme's time."), "outside_programme")
    if facts.agreement_signed_on and facts.agreement_signed_on > facts.programme.ends_on:
        raise PairingRefused(_("The agreement cannot be signed after the programme has ended."), "after_programme")


def hand_over_lead(facts: PairingFacts, *, but: int | None) -> list[int]:
    """One lead unit a village: naming a new one takes it from the old. Answers from whom."""
    taken: list[int] = []
    if facts.is_lead:
        rivals = Pairing.objects.filter(
            programme=facts.programme, village=facts.village, is_lead=True, state__in=LIVE_STATES
        ).exclude(pk=but)
        taken = list(rivals.values_list("pk", flat=True))
        Pairing.objects.filter(pk__in=taken).update(is_lead=False)
    return taken


def fields_of(facts: PairingFacts) -> dict[str, object]:
    return {
        "programme": facts.programme,
        "unit": facts.unit,
        "village": facts.village,
        "party_org": facts.party_org,
        "origin": facts.origin,
        "is_lead": facts.is_lead,
        "starts_on": facts.starts_on,
        "agreement_signed_on": facts.agreement_signed_on,
        "notes": facts.notes,
    }


def twice(facts: PairingFacts) -> PairingRefused:
    return PairingRefused(
        _("%(unit)s and %(village)s are already paired in this programme.")
        % {"unit": facts.unit.name, "village": facts.village.name},
        "paired_already",
    )
