"""Findings: issued → handed in for a check → closed, or sent back (domain.md §4.3)."""

from __future__ import annotations

import re
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from pairing.models import Pairing
from supervision.actions.common import SupervisionRefused, must, must_live, said, tell, untell
from supervision.models import Finding, FindingSource, FindingState
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, because, current_tenant
from units.signing import hand_of, name_of

ISSUED, SENT_BACK = "finding_issued", "finding_sent_back"
EXTENDED, NOT_EXTENDED = "finding_extended", "finding_not_extended"
# Rights: who writes and approves findings checks them (the staff, the teams, the county administrator); the sides answer.
CHECK, ANSWER = ("finding_check", "X"), ("finding_answer", "X")


@transaction.atomic
def issue_finding(
    *, pairing: Pairing, content: str, due_on: date, source: str = FindingSource.INSPECTION, number: str = "",
    issued_on: date | None = None, access: Access | None = None, actor: Actor | None = None,
) -> Finding:  # fmt: skip
    """Write a finding down and tell the unit. Without ``number`` the next of the year is taken: 督〔2025〕7号.

    Raises PermissionDenied; SupervisionRefused ``reason_missing``, ``invalid`` (a day that does not fit), ``twice`` for a
    number that is taken, ``not_live``.
    """
    must(access, pairing, ("inspection", "C"))
    pairing = Pairing.objects.select_related("unit", "village").get(pk=pairing.pk)
    must_live(pairing)
    today = clock.today()
    day = issued_on or today
    if day > today:
        raise SupervisionRefused({"issued_on": [_("A finding is not issued in the future.")]}, "invalid")
    if due_on < day:
        raise SupervisionRefused({"due_on": [_("The day of rectification cannot lie before the day of issue.")]}, "invalid")
    if source not in FindingSource.values:
        raise SupervisionRefused({"source": [_("Choose who found it.")]}, "invalid")
    text = said(content, {"content": [_("Say what was found.")]}, 400)
    named = number.strip()[:30] or _next_number(day.year)
    if Finding.objects.filter(number=named).exists():
        raise SupervisionRefused({"number": [_("This number is taken. Leave it empty to get the next.")]}, "twice")
    row: Finding = Finding.objects.create(
        tenant=current_tenant(), pairing=pairing, number=named, source=source, content=text, issued_on=day, due_on=due_on
    )
    payload = {"number": row.number, "content": row.content, "due_on": due_on.isoformat()}
    tell(pairing, key=f"finding:{row.uid}:issued", kind=ISSUED, level=None, subject=row.uid, payload=payload)
    audit.append(hand_of(access, actor), "finding_issued", object_kind="finding", object_uid=row.uid)
    return row


@transaction.atomic
def hand_in_finding(*, finding: Finding, measures: str, access: Access | None = None, actor: Actor | None = None) -> Finding:
    """The unit says what it did and asks for a check.

    Raises PermissionDenied for whoever belongs to neither side; SupervisionRefused ``reason_missing``, ``wrong_state``.
    """
    row = held(finding)
    must(access, row.pairing, ANSWER)
    in_state(row, FindingState.ISSUED)
    row.measures = said(measures, {"measures": [_("Write what was done.")]}, 1000)
    row.state, row.submitted_on = FindingState.SUBMITTED, clock.today()
    # Handed in: more time is not asked for any more.
    row.extension_until, row.extension_because = None, ""
    row.save(update_fields=["measures", "state", "submitted_on", "extension_until", "extension_because"])
    audit.append(hand_of(access, actor), "finding_handed_in", object_kind="finding", object_uid=row.uid)
    return row


@transaction.atomic
def close_finding(
    *, finding: Finding, checker: str = "", note: str = "", access: Access | None = None, actor: Actor | None = None
) -> Finding:
    """Close (销号) a finding that was checked. ``checker``: who checked it on the spot, default who closes it.

    Raises PermissionDenied; SupervisionRefused ``wrong_state`` for one that was not handed in.
    """
    row = held(finding)
    must(access, row.pairing, CHECK)
    in_state(row, FindingState.SUBMITTED)
    who = hand_of(access, actor)
    if note.strip():
        because(note.strip()[:200], actor=who)
    row.state, row.closed_on, row.checker = FindingState.CLOSED, clock.today(), checker.strip()[:60] or name_of(who)
    row.save(update_fields=["state", "closed_on", "checker"])
    untell(row.uid, [ISSUED, SENT_BACK, EXTENDED, NOT_EXTENDED], "finding_closed")
    audit.append(who, "finding_closed", object_kind="finding", object_uid=row.uid)
    return row


@transaction.atomic
def send_back_finding(
    *, finding: Finding, reason: str, due_on: date | None = None, access: Access | None = None, actor: Actor | None = None
) -> Finding:
    """Send a finding back to the unit with why. ``due_on``: a new day of rectification; without one the old stays.

    Raises PermissionDenied; SupervisionRefused ``reason_missing``, ``invalid``, ``wrong_state``.
    """
    row = held(finding)
    must(access, row.pairing, CHECK)
    in_state(row, FindingState.SUBMITTED)
    text = said(reason, {"reason": [_("Say what is missing.")]}, 200)
    if due_on is not None and due_on < clock.today():
        raise SupervisionRefused({"due_on": [_("Choose today or a later day.")]}, "invalid")
    who = hand_of(access, actor)
    because(text, actor=who)
    row.state, row.sent_back_because, row.due_on = FindingState.ISSUED, text, due_on or row.due_on
    row.save(update_fields=["state", "sent_back_because", "due_on"])
    payload = {"number": row.number, "content": row.content, "due_on": row.due_on.isoformat(), "because": text}
    n = row.versions.count()  # type: ignore[attr-defined]
    tell(row.pairing, key=f"finding:{row.uid}:back:{n}", kind=SENT_BACK, level=None, subject=row.uid, payload=payload)
    audit.append(who, "finding_sent_back", object_kind="finding", object_uid=row.uid, reason=text)
    return row


def held(finding: Finding) -> Finding:
    """The finding as it is now, locked until the transaction ends."""
    row: Finding = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("pairing__unit", "pairing__village__parent")
        .get(pk=finding.pk)
    )
    return row


def in_state(row: Finding, wanted: str) -> None:
    """Raises SupervisionRefused ``wrong_state`` for a finding that stands elsewhere by now."""
    if row.state != wanted:
        message = _("The finding is “%(state)s” now: this step does not follow. Reload the page to see it as it is.")
        raise SupervisionRefused(message % {"state": row.get_state_display()}, "wrong_state")


def _next_number(year: int) -> str:
    """The next number of the year. Two who write at the same time take them one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('finding_number'), %s)", [current_tenant().pk])
    taken = Finding.objects.filter(number__startswith=f"督〔{year}〕").values_list("number", flat=True)
    numbers = [int(found.group(1)) for number in taken if (found := re.fullmatch(r"督〔\d+〕(\d+)号", number))]
    return f"督〔{year}〕{max(numbers, default=0) + 1}号"
