"""active → suspended → active, and the end (domain.md §4.1)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pairing import changes
from pairing.actions.activation import activate_group
from pairing.actions.common import PairingMovedOn, PairingRefused, locked, not_later, record
from pairing.models import ChangeKind, EndingReason, Pairing, PairingPost, PairingState, PairingSuspension
from pairing.models.pairing import LIVE_STATES
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import because, current_tenant


@transaction.atomic
def suspend_pairing(*, pairing: Pairing, on: date, reason: str, access: Access) -> PairingSuspension:
    """Let an active pairing rest from a day on: it owes nothing until it is resumed.

    Raises PairingRefused: ``reason_missing``, ``future``, ``before_start``, ``overlap``, ``wrong_state``.
    """
    row = locked(pairing, PairingState.ACTIVE)
    if not reason.strip():
        raise PairingRefused(_("Say why."), "reason_missing")
    not_later(on)
    if row.active_from is None or on < row.active_from:
        raise PairingRefused(_("It was not active yet on that day. Choose a later day."), "before_start")
    because(reason, actor=access.actor)
    # The pairing's row is held: nobody else adds one meanwhile.
    earlier = PairingSuspension.objects.filter(pairing=row)
    if earlier.filter(ends_on=None).exists() or earlier.filter(ends_on__gte=on).exists():
        raise PairingRefused(_("It was suspended before on some of these days. Choose a later day."), "overlap")
    suspension: PairingSuspension = PairingSuspension.objects.create(
        tenant=current_tenant(), pairing=row, starts_on=on, reason=reason.strip()[:200]
    )
    row.state = PairingState.SUSPENDED
    row.save(update_fields=["state"])
    record([row], ChangeKind.SUSPENDED, access=access, on=on, reason=reason)
    audit.append(access, "pairing_suspended", object_kind="pairing", object_uid=row.uid)
    changes.changed([row.pk])
    return suspension


@transaction.atomic
def resume_pairing(*, pairing: Pairing, on: date, access: Access) -> Pairing:
    """Let a suspended pairing count again from a day on; the day before was the last that it rested.

    Raises PairingRefused: ``future``, ``before_suspension``, ``wrong_state``.
    """
    row = locked(pairing, PairingState.SUSPENDED)
    not_later(on)
    _close_suspension(row, on - timedelta(days=1))
    row.state = PairingState.ACTIVE
    row.save(update_fields=["state"])
    record([row], ChangeKind.RESUMED, access=access, on=on)
    audit.append(access, "pairing_resumed", object_kind="pairing", object_uid=row.uid)
    changes.changed([row.pk])
    return row


def _close_suspension(pairing: Pairing, last_day: date) -> None:
    for suspension in PairingSuspension.objects.filter(pairing=pairing, ends_on=None):
        if last_day < suspension.starts_on:
            message = _("It is suspended from %(day)s on. Choose a later day.")
            raise PairingRefused(message % {"day": suspension.starts_on.isoformat()}, "before_suspension")
        suspension.ends_on = last_day
        suspension.save(update_fields=["ends_on"])


@transaction.atomic
def end_pairing(*, pairing: Pairing, on: date, reason: str, remark: str = "", doc_no: str = "", access: Access) -> Pairing:
    """End a pairing with its last day; ``reason`` is an EndingReason. Posts and a suspension end the same day.

    Raises PairingRefused: ``already_ended``, ``unknown_reason``, ``future``, ``before_start``, ``before_suspension``, and
    ``hindered`` with what apps above say stands against that day (a locked month).
    """
    try:
        row = locked(pairing, *LIVE_STATES)
    except PairingMovedOn as problem:
        message = _("This pairing was ended by someone else. Reload the page to see it as it is now.")
        raise PairingMovedOn(message, "already_ended") from problem
    if reason not in EndingReason.values:
        raise PairingRefused(_("Choose one of the reasons."), "unknown_reason")
    not_later(on)
    if row.active_from is not None and on < row.active_from:
        raise PairingRefused(_("The last day cannot lie before the first day of the pairing."), "before_start")
    if hindrances := changes.ending_hindrances(row, on):
        raise PairingRefused(" ".join(hindrances), "hindered")
    word = str(EndingReason(reason).label)
    because(f"{word}:{remark}" if remark else word, actor=access.actor)
    # What never began ends, at the earliest, on the day on which it would have begun.
    on = max(on, row.starts_on)
    finish(row, on=on, reason=reason)
    record([row], ChangeKind.ENDED, access=access, on=on, doc_no=doc_no, reason=remark or word, from_unit=row.unit)
    audit.append(access, "pairing_ended", object_kind="pairing", object_uid=row.uid)
    changes.changed([row.pk])
    # Of a village's several units one may be left, which needs no lead unit any more.
    activate_group(row, access=access)
    return row


def finish(row: Pairing, *, on: date, reason: str) -> None:
    """Write the end of a locked pairing, of its posts and of its suspension."""
    _close_suspension(row, on)
    row.state, row.ends_on, row.is_lead, row.ending_reason = PairingState.ENDED, on, False, reason
    row.save(update_fields=["state", "ends_on", "is_lead", "ending_reason"])
    for post in PairingPost.objects.filter(pairing=row, ends_on=None):
        post.ends_on = max(on, post.starts_on)
        post.save(update_fields=["ends_on"])
