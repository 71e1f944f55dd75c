"""What every step of a pairing shares: refusals with codes, the lock, and the row of its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pairing.models import ChangeKind, Pairing, PairingChange, PairingState
from tenancy import clock
from tenancy.access import Access
from tenancy.scope import SYSTEM, current_tenant
from units.models import Unit


class PairingRefused(ValidationError):
    """It cannot be done as asked; the message says why and what to do, ``code`` says it to programs."""

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)


class PairingMovedOn(PairingRefused):
    """Somebody else was faster: the pairing is in another state than the page showed."""


def locked(pairing: Pairing, *states: str) -> Pairing:
    """The row as it is now, locked until the transaction ends.

    Raises PairingMovedOn (``wrong_state``) when it is in none of these states.
    """
    row: Pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    if row.state not in states:
        message = _("The pairing is “%(state)s” now: this step does not follow. Reload the page to see it as it is.")
        raise PairingMovedOn(message % {"state": PairingState(row.state).label}, "wrong_state")
    return row


def not_later(day: date) -> None:
    """Raises PairingRefused (``future``) for a day that has not come."""
    if day > clock.today():
        raise PairingRefused(_("The day cannot lie in the future. Come back on the day itself."), "future")


def record(
    pairings: Iterable[Pairing],
    kind: ChangeKind,
    *,
    access: Access | None,
    on: date | None = None,
    from_unit: Unit | None = None,
    to_unit: Unit | None = None,
    doc_no: str = "",
    reason: str = "",
) -> None:
    """Add one row of history to each; ``on`` None: the day from which the pairing is active. No access: the system."""
    who, now = (access.actor if access else SYSTEM).name, clock.now()
    PairingChange.objects.bulk_create(
        PairingChange(
            tenant=current_tenant(),
            pairing=pairing,
            kind=kind,
            who=who[:150],
            from_unit=from_unit,
            to_unit=to_unit,
            effective_on=on or pairing.active_from or pairing.starts_on,
            doc_no=doc_no,
            reason=reason[:200],
            at=now,
        )
        for pairing in pairings
    )
