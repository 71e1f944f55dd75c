"""Events in the life of a pairing: it becomes active, rests, ends; its leader changes; agreement and plan (domain.md §4.1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from activities.rehearsal import readers
from activities.rehearsal.registry import Given, event, needed, optional
from activities.rehearsal.stage import EventRefused, Stage
from activities.rehearsal.words.common import reason_of
from pairing.actions import (
    PairingFacts,
    activate_pairing,
    approve_plan,
    end_pairing,
    name_new_holder,
    resume_pairing,
    sign_pairing,
    suspend_pairing,
    update_pairing,
)
from pairing.models import EndingReason, PairingPostKind, PairingState
from tenancy import clock

_STEP = {"pairing": needed(readers.pairing), "on": needed(readers.day), "reason": optional(readers.text)}


@event("activate", **_STEP)
def activate(stage: Stage, given: Given) -> None:
    """Active from a day on; where no agreement is written down, it is waived with the reason."""
    pairing = stage.pairing(given["pairing"])
    if pairing.state == PairingState.AGREED:
        sign_pairing(pairing=pairing, waived=reason_of(given), access=stage.access)
        pairing = stage.pairing(given["pairing"])
    # Signing may have been the last thing missing.
    if pairing.state != PairingState.ACTIVE or pairing.active_from != given["on"]:
        activate_pairing(pairing=pairing, on=given["on"], access=stage.access)


@event("suspend", **_STEP)
def suspend(stage: Stage, given: Given) -> None:
    suspend_pairing(pairing=stage.pairing(given["pairing"]), on=given["on"], reason=reason_of(given), access=stage.access)


@event("resume", **_STEP)
def resume(stage: Stage, given: Given) -> None:
    resume_pairing(pairing=stage.pairing(given["pairing"]), on=given["on"], access=stage.access)


@event("end", **_STEP)
def end(stage: Stage, given: Given) -> None:
    """The last day, and why in words."""
    end_pairing(
        pairing=stage.pairing(given["pairing"]),
        on=given["on"],
        reason=EndingReason.OTHER,
        remark=reason_of(given),
        access=stage.access,
    )


@event("leader", pairing=needed(readers.pairing), person=needed(readers.words(readers.PERSON)), on=needed(readers.day))
def leader(stage: Stage, given: Given) -> None:
    """Another group leader from a day on."""
    name_new_holder(
        pairing=stage.pairing(given["pairing"]),
        kind=PairingPostKind.GROUP_LEADER,
        name=given["person"],
        phone="",
        on=given["on"],
        access=stage.access,
    )


@event("agreement", pairing=needed(readers.pairing), on=needed(readers.day))
def agreement(stage: Stage, given: Given) -> None:
    """The agreement is signed; of a pairing that was active without one, it is written down later."""
    pairing = stage.pairing(given["pairing"])
    if pairing.state == PairingState.AGREED:
        sign_pairing(pairing=pairing, on=given["on"], access=stage.access)
        return
    if given["on"] > clock.today():
        raise EventRefused("in_future", _("The day lies in the future. Write it down once it has happened."))
    facts = PairingFacts(
        programme=stage.programme,
        unit=pairing.unit,
        village=pairing.village,
        starts_on=pairing.starts_on,
        origin=pairing.origin,
        is_lead=pairing.is_lead,
        agreement_signed_on=given["on"],
    )
    update_pairing(pairing=pairing, facts=facts, reason=reason_of(given), access=stage.access)


@event("plan", pairing=needed(readers.pairing), on=needed(readers.day))
def plan(stage: Stage, given: Given) -> None:
    """The yearly plan is approved."""
    approve_plan(pairing=stage.pairing(given["pairing"]), on=given["on"], access=stage.access)
