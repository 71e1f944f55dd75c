"""What the facts of an assessment share: refusals, who may, and until when a cycle takes them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from assessment.models import Assessed, Cycle, CycleState
from pairing.models import Pairing
from supervision.actions.common import may as may_any
from tenancy.access import Access
from tenancy.scope import Actor, because

# As long as scores are not computed for a decision, facts come in freely; later each change says why.
FREE = (CycleState.DRAFT, CycleState.CONFIGURED, CycleState.SELF_REPORT, CycleState.REVIEW)


class FactRefused(Refused):
    """It cannot be written as asked; ``code``: final, not_assessed, reason_missing, wrong_value, own_unit, wrong_hand,
    enough_entries, twice, wrong_state or invalid."""


def may(access: Access | None, pairing: Pairing, kind: str, action: str) -> bool:
    """Whether the right holds over the pairing; no access is the system itself."""
    return may_any(access, pairing, (kind, action))


def must(access: Access | None, pairing: Pairing, kind: str, action: str) -> None:
    """Raises PermissionDenied unless the right holds."""
    if not may(access, pairing, kind, action):
        raise PermissionDenied


def said(text: str, what: Any, most: int) -> str:
    """The text without spaces around it. Raises FactRefused with ``what`` when nothing is left."""
    if not text.strip():
        raise FactRefused(what, "reason_missing")
    return text.strip()[:most]


def open_cycle(cycle: Cycle, reason: str, who: Actor) -> Cycle:
    """The cycle as it is now, shared with other writers and held against the next stage.

    Raises FactRefused: ``final``; ``reason_missing`` once scores were computed for a decision.
    """
    row: Cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if row.state == CycleState.FINAL:
        raise FactRefused(_("The assessment is final: what it rests on is frozen."), "final")
    if row.state not in FREE and not reason.strip():
        message = _("The scores have been computed. Say why this changes; it will stand beside the change.")
        raise FactRefused({"reason": [message]}, "reason_missing")
    if reason.strip():
        because(reason.strip()[:200], actor=who)
    return row


def must_be_assessed(cycle: Cycle, pairing: Pairing) -> None:
    """Raises FactRefused ``not_assessed`` for a pairing that is not on the cycle's list, or exempt."""
    found: Assessed | None = Assessed.objects.filter(cycle=cycle, pairing=pairing).first()
    if found is None or found.exempt_because:
        raise FactRefused(_("This pairing is not assessed in this year."), "not_assessed")
