"""Experiences promoted higher up: bonus points, of one matter the highest level only (domain.md §3.2, H)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessment.actions.facts.common import FactRefused, must, said
from assessment.models import Cycle, CycleState, Honour, HonourLevel
from pairing.models import Pairing
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, because, current_tenant
from units.signing import hand_of


@transaction.atomic
def add_honour(
    *, pairing: Pairing, matter: str, level: str, promoted_on: date | None = None, doc_no: str = "",
    access: Access | None = None, actor: Actor | None = None,
) -> Honour:  # fmt: skip
    """Write down that an experience of a pairing was promoted.

    Raises PermissionDenied; FactRefused ``reason_missing``, ``invalid``, ``twice``, ``final`` when the year is closed.
    """
    must(access, pairing, "honour", "C")
    text = said(matter, {"matter": [_("Say what was promoted.")]}, 120)
    if level not in HonourLevel.values:
        raise FactRefused({"level": [_("Choose by whom it was promoted.")]}, "invalid")
    day = promoted_on or clock.today()
    if day > clock.today():
        raise FactRefused({"promoted_on": [_("The day cannot lie in the future.")]}, "invalid")
    _refuse_final(pairing, day)
    try:
        with transaction.atomic():
            row: Honour = Honour.objects.create(
                tenant=current_tenant(), pairing=pairing, matter=text, level=level, promoted_on=day, doc_no=doc_no.strip()[:60]
            )
    except IntegrityError as problem:
        raise FactRefused({"matter": [_("This matter is written down at this level already.")]}, "twice") from problem
    audit.append(hand_of(access, actor), "honour_added", object_kind="honour", object_uid=row.uid, level=level)
    return row


@transaction.atomic
def withdraw_honour(*, honour: Honour, reason: str, access: Access | None = None, actor: Actor | None = None) -> Honour:
    """Withdraw it with a reason: it gives no points any more, and stays readable.

    Raises PermissionDenied; FactRefused ``reason_missing``, ``wrong_state``, ``final``.
    """
    row: Honour = Honour.objects.select_for_update(of=("self",)).select_related("pairing").get(pk=honour.pk)
    must(access, row.pairing, "honour", "U")
    if row.withdrawn_because:
        raise FactRefused(_("It was withdrawn already."), "wrong_state")
    _refuse_final(row.pairing, row.promoted_on)
    text = said(reason, {"reason": [_("Say why it is withdrawn.")]}, 200)
    who = hand_of(access, actor)
    because(text, actor=who)
    row.withdrawn_because = text
    row.save(update_fields=["withdrawn_because"])
    audit.append(who, "honour_withdrawn", object_kind="honour", object_uid=row.uid, reason=text)
    return row


def _refuse_final(pairing: Pairing, day: date) -> None:
    closed = Cycle.objects.filter(programme_id=pairing.programme_id, state=CycleState.FINAL, starts_on__lte=day, ends_on__gte=day)
    if closed.exists():
        raise FactRefused(_("The assessment of that year is final: what it rests on is frozen."), "final")
