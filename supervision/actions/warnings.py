"""Warnings of level 2 and up: proposed, signed by a person, answered or withdrawn (domain.md §4.4)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from notices.hours import working_days_after
from pairing.models import Pairing
from supervision.actions.common import SupervisionRefused, must, must_live, said, tell, untell
from supervision.models import Warning, WarningLevel
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import SYSTEM, Actor, because, current_tenant
from units.signing import hand_of, name_of

SIGNED, WITHDRAWN = "warning_signed", "warning_withdrawn"
# Working days for the written note (yellow) and for the plan (red).
ANSWER_DAYS = {WarningLevel.YELLOW: 5, WarningLevel.RED: 10}


@transaction.atomic
def propose_warning(
    *, pairing: Pairing, level: int, reason: str, doc_no: str = "", access: Access | None = None, actor: Actor | None = None
) -> Warning:
    """Lay a warning before whoever signs. Nobody outside the county's staff hears of it yet.

    Raises PermissionDenied; SupervisionRefused ``reason_missing``, ``invalid``, ``twice`` for the same one waiting already,
    ``not_live``.
    """
    must(access, pairing, ("warning", "C"))
    pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    must_live(pairing)
    if level not in WarningLevel.values:
        raise SupervisionRefused({"level": [_("Choose yellow or red.")]}, "invalid")
    text = said(reason, {"reason": [_("Say what the warning is for.")]}, 400)
    if Warning.objects.filter(pairing=pairing, level=level, reason=text, signed_on=None, withdrawn_on=None).exists():
        raise SupervisionRefused(_("The same warning waits for a signature already."), "twice")
    row: Warning = Warning.objects.create(
        tenant=current_tenant(), pairing=pairing, level=level, reason=text, doc_no=doc_no.strip()[:60], proposed_on=clock.today()
    )
    audit.append(hand_of(access, actor), "warning_proposed", object_kind="warning", object_uid=row.uid, level=level)
    return row


@transaction.atomic
def sign_warning(
    *, warning: Warning, doc_no: str = "", access: Access | None = None, actor: Actor | None = None, on: date | None = None
) -> Warning:
    """Sign a proposed warning: from now on it counts, and the unit's liaison and group leader are told.

    A person signs, never the machine: without ``access`` an ``actor`` with a name must stand for it.
    Raises PermissionDenied; SupervisionRefused ``nobody_signs``, ``wrong_state``, ``not_live``.
    """
    row = _held(warning)
    must(access, row.pairing, ("warning", "X"))
    who = hand_of(access, actor)
    if who.account_id is None and who.name in ("", SYSTEM.name):
        raise SupervisionRefused(_("A person signs a warning. Say who it is."), "nobody_signs")
    if row.signed_on is not None or row.withdrawn_on is not None:
        raise SupervisionRefused(_("This warning was signed or withdrawn meanwhile. Reload the page to see it."), "wrong_state")
    must_live(row.pairing)
    day = on or clock.today()
    if not row.proposed_on <= day <= clock.today():
        raise SupervisionRefused(_("The day must lie between the proposal and today."), "invalid")
    row.signed_on, row.signed_by_id, row.signed_name = day, who.account_id, name_of(who)
    row.doc_no = doc_no.strip()[:60] or row.doc_no
    row.answer_due_on = working_days_after(day, ANSWER_DAYS[WarningLevel(row.level)])[-1]
    row.save(update_fields=["signed_on", "signed_by", "signed_name", "doc_no", "answer_due_on"])
    tell(
        row.pairing,
        key=f"warning:{row.uid}:signed",
        kind=SIGNED,
        level=row.level,
        subject=row.uid,
        payload={
            "level": row.level,
            "reason": row.reason,
            "doc_no": row.doc_no,
            "by": row.signed_name,
            "answer_due_on": row.answer_due_on.isoformat(),
        },
    )
    audit.append(who, "warning_signed", object_kind="warning", object_uid=row.uid, level=row.level)
    return row


@transaction.atomic
def answer_warning(*, warning: Warning, text: str, access: Access | None = None, actor: Actor | None = None) -> Warning:
    """The unit's written note (yellow) or plan (red). Said again, it replaces what was said; both stay in the history.

    Raises PermissionDenied for whoever does not lead the unit; SupervisionRefused ``reason_missing``, ``wrong_state``.
    """
    row = _held(warning)
    must(access, row.pairing, ("warning_answer", "X"))
    if row.signed_on is None or row.withdrawn_on is not None:
        raise SupervisionRefused(_("Only a warning that is in force is answered."), "wrong_state")
    row.answer = said(text, {"text": [_("Write what is done about it.")]}, 1000)
    row.answered_on = clock.today()
    row.save(update_fields=["answer", "answered_on"])
    audit.append(hand_of(access, actor), "warning_answered", object_kind="warning", object_uid=row.uid)
    return row


@transaction.atomic
def withdraw_warning(*, warning: Warning, reason: str, access: Access | None = None, actor: Actor | None = None) -> Warning:
    """Withdraw a warning with a reason: it counts no more. A proposal is dropped so by whoever may propose.

    The unit hears of it when it was told of the warning; else what was on its way is stopped.
    Raises PermissionDenied; SupervisionRefused ``reason_missing``, ``wrong_state``.
    """
    row = _held(warning)
    rights = [("warning", "X")] if row.signed_on is not None else [("warning", "X"), ("warning", "C")]
    must(access, row.pairing, *rights)
    if row.withdrawn_on is not None:
        raise SupervisionRefused(_("This warning was withdrawn already."), "wrong_state")
    text = said(reason, {"reason": [_("Say why it is withdrawn.")]}, 200)
    who = hand_of(access, actor)
    because(text, actor=who)
    row.withdrawn_on, row.withdrawn_because = clock.today(), text
    row.save(update_fields=["withdrawn_on", "withdrawn_because"])
    was_on_its_way = untell(row.uid, [SIGNED], "warning_withdrawn")
    if row.signed_on is not None and not was_on_its_way:
        tell(
            row.pairing,
            key=f"warning:{row.uid}:withdrawn",
            kind=WITHDRAWN,
            level=None,
            subject=row.uid,
            payload={"level": row.level, "reason": row.reason, "because": text},
        )
    audit.append(who, "warning_withdrawn", object_kind="warning", object_uid=row.uid, reason=text)
    return row


def _held(warning: Warning) -> Warning:
    row: Warning = (
        Warning.objects.select_for_update(of=("self",))
        .select_related("pairing__unit", "pairing__village__parent")
        .get(pk=warning.pk)
    )
    return row
