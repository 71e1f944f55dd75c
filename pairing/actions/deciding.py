"""proposed → agreed → signed, or rejected; and the yearly plan (domain.md §4.1)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pairing.actions.activation import activate_group
from pairing.actions.common import PairingRefused, locked, not_later, record
from pairing.actions.facts import PairingFacts, check, fields_of, hand_over_lead, twice
from pairing.models import ChangeKind, Origin, Pairing, PairingState
from pairing.models.pairing import LIVE_STATES
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import because, current_tenant


@transaction.atomic
def propose_pairing(*, facts: PairingFacts, access: Access) -> Pairing:
    """Propose a pairing: county staff any; a unit for a village that it chose itself.

    Raises PairingRefused as ``create_pairing`` does, PermissionDenied for another's unit.
    """
    reach = access.reach("pairing", "C")
    if reach is not None:
        if facts.unit.pk not in reach:
            raise PermissionDenied
        # A unit says whom it chose; who leads and what was signed, the county writes down.
        facts = PairingFacts(
            programme=facts.programme,
            unit=facts.unit,
            village=facts.village,
            starts_on=facts.starts_on,
            party_org=facts.party_org,
            origin=Origin.SELF_CHOSEN,
            notes=facts.notes,
        )
    check(facts)
    hand_over_lead(facts, but=None)
    today = clock.today()
    try:
        with transaction.atomic():
            pairing: Pairing = Pairing.objects.create(
                tenant=current_tenant(), state=PairingState.PROPOSED, proposed_on=today, **fields_of(facts)
            )
    except IntegrityError as problem:
        raise twice(facts) from problem
    record([pairing], ChangeKind.PROPOSED, access=access, on=today)
    audit.append(access, "pairing_proposed", object_kind="pairing", object_uid=pairing.uid)
    return pairing


def sides_of(pairing: Pairing, access: Access) -> frozenset[str]:
    """For which side of a pairing somebody may say yes: ``unit``, ``village``, both, or none."""
    reach = access.reach("pairing", "X") or frozenset()
    sides = {"unit"} if reach & {pairing.unit_id, pairing.party_org_id} else set()
    return frozenset(sides | ({"village"} if pairing.village_id in reach else set()))


@transaction.atomic
def agree_pairing(*, pairing: Pairing, access: Access, doc_no: str = "") -> Pairing:
    """Say yes for one's own side; with both sides' yes it is agreed. The county's yes is a decree and needs neither.

    Twice is once. Raises PermissionDenied for who speaks for no side, PairingRefused ``wrong_state``.
    """
    row = locked(pairing, PairingState.PROPOSED)
    by_decree = access.can("pairing", "U") and access.everywhere("pairing", "U")
    sides = sides_of(row, access)
    if not by_decree and not sides:
        raise PermissionDenied
    today, touched = clock.today(), []
    for side, name in (("unit", "unit_agreed_on"), ("village", "village_agreed_on")):
        if side in sides and getattr(row, name) is None:
            setattr(row, name, today)
            touched.append(name)
    if by_decree or (row.unit_agreed_on and row.village_agreed_on):
        row.state, row.agreed_on = PairingState.AGREED, today
        touched += ["state", "agreed_on"]
        # An agreement that was signed before the decision was written down counts at once.
        if row.agreement_signed_on is not None:
            row.state = PairingState.SIGNED
    if touched:
        row.save(update_fields=touched)
        audit.append(access, "pairing_agreed", object_kind="pairing", object_uid=row.uid)
    if row.state != PairingState.PROPOSED:
        record([row], ChangeKind.AGREED, access=access, on=today, doc_no=doc_no)
        activate_group(row, access=access)
    return row


@transaction.atomic
def reject_pairing(*, pairing: Pairing, reason: str, access: Access) -> Pairing:
    """Say no to what was proposed, for one's own side or for the county. It stays readable; the two may be proposed again.

    Raises PermissionDenied for who speaks for no side, PairingRefused ``reason_missing``, ``wrong_state``.
    """
    row = locked(pairing, PairingState.PROPOSED)
    if not access.everywhere("pairing", "X") and not sides_of(row, access):
        raise PermissionDenied
    _needs(reason)
    because(reason, actor=access.actor)
    row.state, row.rejected_on, row.is_lead = PairingState.REJECTED, clock.today(), False
    row.save(update_fields=["state", "rejected_on", "is_lead"])
    record([row], ChangeKind.REJECTED, access=access, on=row.rejected_on, reason=reason)
    audit.append(access, "pairing_rejected", object_kind="pairing", object_uid=row.uid)
    activate_group(row, access=access)
    return row


@transaction.atomic
def sign_pairing(*, pairing: Pairing, on: date | None = None, waived: str = "", access: Access) -> Pairing:
    """Write down the day on which the agreement was signed, or why none is needed. Then it may become active by itself.

    Raises PairingRefused: ``agreement_missing``, ``future``, ``after_programme``, ``wrong_state``.
    """
    row = locked(pairing, PairingState.AGREED)
    if on is None and not waived.strip():
        message = _("Write the day on which the agreement was signed, or why none is needed.")
        raise PairingRefused(message, "agreement_missing")
    if on is not None:
        not_later(on)
        if on > row.programme.ends_on:
            raise PairingRefused(_("The agreement cannot be signed after the programme has ended."), "after_programme")
        row.agreement_signed_on = on
    else:
        because(waived, actor=access.actor)
        row.agreement_waived, row.agreement_waived_on = waived.strip()[:200], clock.today()
    row.state = PairingState.SIGNED
    row.save(update_fields=["state", "agreement_signed_on", "agreement_waived", "agreement_waived_on"])
    record([row], ChangeKind.SIGNED, access=access, on=on or clock.today(), reason=waived)
    audit.append(access, "pairing_signed", object_kind="pairing", object_uid=row.uid)
    activate_group(row, access=access)
    row.refresh_from_db()
    return row


@transaction.atomic
def approve_plan(*, pairing: Pairing, on: date, access: Access) -> Pairing:
    """Write down that the yearly plan was approved on a day. Twice is once; another day corrects it.

    Raises PairingRefused: ``future``, ``wrong_state``.
    """
    row = locked(pairing, *LIVE_STATES)
    not_later(on)
    if row.plan_approved_on != on:
        row.plan_approved_on = on
        row.save(update_fields=["plan_approved_on"])
        record([row], ChangeKind.PLAN_APPROVED, access=access, on=on)
        audit.append(access, "pairing_plan_approved", object_kind="pairing", object_uid=row.uid)
    return row


def _needs(reason: str) -> None:
    if not reason.strip():
        raise PairingRefused(_("Say why."), "reason_missing")
