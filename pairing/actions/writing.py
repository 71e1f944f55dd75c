"""Writing a pairing down by decree, and correcting what is written of it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pairing import changes
from pairing.actions.activation import activate_group
from pairing.actions.common import PairingRefused, record
from pairing.actions.facts import PairingFacts, check, fields_of, hand_over_lead, twice
from pairing.models import ChangeKind, Pairing, PairingState
from pairing.models.pairing import LIVE_STATES
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import because, current_tenant

# What alters from when, for whom or by whom something is owed.
_OWED = {"programme", "unit", "village", "party_org", "is_lead", "starts_on", "active_from", "state"}


@transaction.atomic
def create_pairing(*, facts: PairingFacts, access: Access) -> Pairing:
    """Write down a new pairing, agreed by decree of the county (domain.md §4.1: assigned).

    With a signed agreement it is signed, and active at once when its day has come and the guards hold.
    Raises PairingRefused when the two are already paired in this programme, or a fact does not fit.
    """
    check(facts)
    taken = hand_over_lead(facts, but=None)
    decided = min(day for day in (clock.today(), facts.starts_on, facts.agreement_signed_on) if day is not None)
    try:
        with transaction.atomic():
            pairing: Pairing = Pairing.objects.create(
                tenant=current_tenant(),
                state=PairingState.SIGNED if facts.agreement_signed_on else PairingState.AGREED,
                proposed_on=decided,
                agreed_on=decided,
                **fields_of(facts),
            )
    except IntegrityError as problem:
        raise twice(facts) from problem
    record([pairing], ChangeKind.CREATED, access=access, on=pairing.starts_on, to_unit=pairing.unit)
    audit.append(access, "pairing_created", object_kind="pairing", object_uid=pairing.uid)
    changes.changed(taken)
    activate_group(pairing, access=access)
    pairing.refresh_from_db(fields=["state", "active_from"])
    return pairing


@transaction.atomic
def update_pairing(*, pairing: Pairing, facts: PairingFacts, reason: str, access: Access) -> None:
    """Correct what is written of a live pairing; the earlier state stays as a version, with the reason.

    A correction holds for the whole of its time; a unit that takes over on a day is ``move_pairings``.
    Raises PairingRefused for an ended pairing: it is read-only for ever.
    """
    if pairing.state not in LIVE_STATES:
        raise PairingRefused(_("An ended pairing is kept as it was. Write a new one instead."), "wrong_state")
    check(facts)
    because(reason, actor=access.actor)
    taken = hand_over_lead(facts, but=pairing.pk)
    before = pairing.unit
    values: dict[str, Any] = fields_of(facts) | _following(pairing, facts)
    changed = [name for name, value in values.items() if getattr(pairing, name) != value]
    for name in changed:
        setattr(pairing, name, values[name])
    try:
        with transaction.atomic():
            pairing.save(update_fields=changed)
    except IntegrityError as problem:
        raise twice(facts) from problem
    if "unit" in changed:
        on = pairing.active_from or pairing.starts_on
        told: dict[str, Any] = {"from_unit": before, "to_unit": pairing.unit, "reason": reason}
        record([pairing], ChangeKind.CORRECTED, access=access, on=on, **told)
    audit.append(access, "pairing_changed", object_kind="pairing", object_uid=pairing.uid, fields=changed)
    changes.changed([*taken, *([pairing.pk] if _OWED & set(changed) else [])])
    activate_group(pairing, access=access)
    pairing.refresh_from_db(fields=["state", "active_from"])


def _following(pairing: Pairing, facts: PairingFacts) -> dict[str, Any]:
    """What follows from the facts: the day from which it counts, and that it is signed."""
    found: dict[str, Any] = {}
    if pairing.active_from is not None and pairing.active_from == pairing.starts_on:
        if facts.starts_on > clock.today():
            raise PairingRefused(_("The pairing is active: its first day cannot lie in the future."), "future")
        found["active_from"] = facts.starts_on
    if pairing.state == PairingState.AGREED and facts.agreement_signed_on:
        found["state"] = PairingState.SIGNED
    past_signing = pairing.state in (PairingState.SIGNED, PairingState.ACTIVE, PairingState.SUSPENDED)
    taken_back = pairing.agreement_signed_on is not None and facts.agreement_signed_on is None
    if past_signing and taken_back and not pairing.agreement_waived:
        message = _("The agreement counts already. Correct its day instead of taking it out.")
        raise PairingRefused(message, "agreement_missing")
    return found
