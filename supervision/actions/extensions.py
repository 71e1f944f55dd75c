"""More time to rectify: asked for before the day has passed, with a reason; given or not by who checks (domain.md §4.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from supervision.actions.common import SupervisionRefused, must, said, tell
from supervision.actions.findings import ANSWER, CHECK, EXTENDED, NOT_EXTENDED, held, in_state
from supervision.models import Finding, FindingState
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, because
from units.signing import hand_of

_REASON = 200
_FIELDS = ["due_on", "extension_until", "extension_because", "extension_answer"]


@transaction.atomic
def ask_extension(
    *, finding: Finding, until: date, reason: str, access: Access | None = None, actor: Actor | None = None
) -> Finding:
    """One of the sides asks for a later day of rectification. Asked again, the new words stand.

    Raises PermissionDenied; SupervisionRefused ``wrong_state``, ``too_late`` (the day has passed), ``invalid`` (the new day
    is not later), ``reason_missing``.
    """
    row = held(finding)
    must(access, row.pairing, ANSWER)
    in_state(row, FindingState.ISSUED)
    if row.due_on < clock.today():
        raise SupervisionRefused(
            _("More time is asked for before the day has passed. It has: rectify it and hand it in, or ask the county."),
            "too_late",
        )
    _must_be_later(row, until, "until")
    text = said(reason, {"reason": [_("Say why.")]}, _REASON)
    who = hand_of(access, actor)
    because(text, actor=who)
    row.extension_until, row.extension_because = until, text
    row.save(update_fields=["extension_until", "extension_because"])
    audit.append(who, "extension_asked", object_kind="finding", object_uid=row.uid, reason=text)
    return row


@transaction.atomic
def extend_finding(
    *, finding: Finding, due_on: date, reason: str, access: Access | None = None, actor: Actor | None = None
) -> Finding:
    """Move the day of rectification, asked for or not, and tell the unit. The old day stands in the history.

    Raises PermissionDenied; SupervisionRefused ``wrong_state`` (handed in, or closed), ``invalid``, ``reason_missing``.
    """
    row = held(finding)
    must(access, row.pairing, CHECK)
    in_state(row, FindingState.ISSUED)
    _must_be_later(row, due_on, "due_on")
    if due_on < clock.today():
        raise SupervisionRefused({"due_on": [_("Choose today or a later day.")]}, "invalid")
    text = said(reason, {"reason": [_("Say why.")]}, _REASON)
    before = row.due_on
    row.due_on = due_on
    _answer(row, text, EXTENDED, {"before": before.isoformat()}, hand_of(access, actor), "finding_extended")
    return row


@transaction.atomic
def refuse_extension(*, finding: Finding, reason: str, access: Access | None = None, actor: Actor | None = None) -> Finding:
    """Leave the day as it is, and say why.

    Raises PermissionDenied; SupervisionRefused ``wrong_state``, ``not_asked``, ``reason_missing``.
    """
    row = held(finding)
    must(access, row.pairing, CHECK)
    in_state(row, FindingState.ISSUED)
    if row.extension_until is None:
        raise SupervisionRefused(_("Nobody asks for more time any more. Reload the page to see it as it is."), "not_asked")
    text = said(reason, {"reason": [_("Say why.")]}, _REASON)
    _answer(row, text, NOT_EXTENDED, {}, hand_of(access, actor), "extension_refused")
    return row


def _must_be_later(row: Finding, day: date, field: str) -> None:
    if day <= row.due_on:
        words = {"day": row.due_on.isoformat()}
        raise SupervisionRefused({field: [_("Choose a day after %(day)s.") % words]}, "invalid")


def _answer(row: Finding, text: str, kind: str, told: dict[str, Any], who: Actor, deed: str) -> None:
    because(text, actor=who)
    row.extension_until, row.extension_because, row.extension_answer = None, "", text
    row.save(update_fields=_FIELDS)
    payload = {"number": row.number, "content": row.content, "due_on": row.due_on.isoformat(), "because": text, **told}
    n = row.versions.count()  # type: ignore[attr-defined]
    tell(row.pairing, key=f"finding:{row.uid}:time:{n}", kind=kind, level=None, subject=row.uid, payload=payload)
    audit.append(who, deed, object_kind="finding", object_uid=row.uid, reason=text)
