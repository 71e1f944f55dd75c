"""What people do with a quarterly joint report: draft, edit, sign. Signed by both it is a record (domain.md §2.2).

An edit takes signatures back: nobody has signed words that came later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from activities.actions.facts import RecordFacts
from activities.actions.records import confirm_record, void_record, write_record
from activities.hands import OTHER, Hand, sides_of, system_hand
from activities.models import AuthorSide, Record, Status
from lib.chinese.text import tidy
from pairing.models import Pairing
from reports.actions.following import ALONE, clear
from reports.models import JointReport, JointReportState
from reports.papers import sentences
from reports.queries import joint_reports as queries
from reports.refusals import refusal
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, current_tenant
from units.signing import name_of

# What a record's text holds.
_SAID = 900
# A record that the other side has not confirmed, or has returned.
_OPEN = (Status.SUBMITTED, Status.RETURNED)
_REPLACED = "联合报告文字已修改，重新签字后另行报送"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs for which side; ``basis``: not empty when a superior signs for it."""

    side: str
    actor: Actor
    basis: str = ""


@transaction.atomic
def draft_report(*, access: Access, pairing: Pairing, quarter: date) -> JointReport:
    """Draft the report from the quarter's confirmed records, or draft an unfinished one anew: signatures go.

    Raises PaperRefused: ``not_yours not_active closed``.
    """
    _check_side(access, pairing)
    if quarter not in {span.starts_on for span in queries.quarters_of(pairing)}:
        raise refusal("not_active")
    report: JointReport | None = JointReport.objects.select_for_update().filter(pairing=pairing, quarter=quarter).first()
    if report is None:
        report = JointReport(tenant=current_tenant(), pairing=pairing, quarter=quarter)
    elif queries.is_closed(report):
        raise refusal("closed")
    _take_record_back(report, access)
    draft = queries.draft_of(pairing, quarter)
    report.text, report.footnotes = draft.text, list(draft.footnotes)
    _unsign(report)
    report.save()
    audit.append(access, "joint_report_drafted", object_kind="joint_report", object_uid=report.uid, n=len(draft.footnotes))
    return report


@transaction.atomic
def edit_report(*, access: Access, report: JointReport, text: str, seen: str) -> JointReport:
    """Write the text anew; every signature under the old words goes.

    ``seen``: ``queries.joint_reports.seen`` of what was on the screen.
    Raises PaperRefused: ``not_yours closed changed empty no_footnote``.
    """
    report = _held(report, seen)
    _check_side(access, report.pairing)
    said = "\n".join(tidy(line) for line in text.replace("\r\n", "\n").split("\n")).strip()
    if not said:
        raise refusal("empty")
    _check_marks(queries.marks_in(said), len(report.footnotes))
    if said == report.text:
        return report
    report.text = said
    _take_record_back(report, access)
    _unsign(report)
    report.save()
    audit.append(access, "joint_report_edited", object_kind="joint_report", object_uid=report.uid)
    return report


@transaction.atomic
def sign_report(*, access: Access, report: JointReport, seen: str, side: str = "", basis: str = "") -> JointReport:
    """Sign for one's own side, or as a superior for ``side`` on a basis. The second signature submits it as a record.

    Raises PaperRefused: ``not_yours not_over closed changed signed_already one_hand side_missing basis_missing``;
    RecordRefused when the record cannot be written, with the sentence that the form for records would give.
    """
    report = _held(report, seen)
    mine = _signature(access, report.pairing, side, basis)
    first_day = queries.signed_from(report.pairing, report.quarter)
    if clock.today() < first_day:
        raise refusal("not_over", day=first_day.isoformat())
    if getattr(report, f"{mine.side}_signed_on") is not None:
        raise refusal("signed_already")
    other = str(OTHER[AuthorSide(mine.side)])
    if mine.actor.account_id is not None and getattr(report, f"{other}_signed_by_id") == mine.actor.account_id:
        raise refusal("one_hand")
    _sign(report, mine)
    audit.append(access, "joint_report_signed", object_kind="joint_report", object_uid=report.uid, side=mine.side)
    if getattr(report, f"{other}_signed_on") is None:
        report.state = ALONE[AuthorSide(mine.side)]
    else:
        report.state = JointReportState.SIGNED
        report.record = _submit(report, first=_kept(report, other), second=mine)
    report.save()
    return report


def _submit(report: JointReport, *, first: Signature, second: Signature) -> Record:
    """The report as a record: written by who signed first, confirmed by the other side.

    One whose confirmation was undone, and whose words are still these, is confirmed once more.
    """
    pairing = report.pairing
    record = report.record
    if record is not None and record.status == Status.SUBMITTED and record.author_side == first.side:
        return confirm_record(record=record, hand=_hand(second, pairing))
    if record is not None and record.status in _OPEN:
        void_record(record=record, hand=_hand(second, pairing), reason=_REPLACED)
    facts = RecordFacts(
        type=queries.report_type(pairing),
        occurred_on=clock.today(),
        reports_on=report.quarter,
        pairings=(pairing,),
        title=f"{sentences.quarter_words(report.quarter)}联合报告",
        text=queries.MARK.sub("", report.text.replace("\n", ""))[:_SAID],
    )
    record = write_record(facts=facts, hand=_hand(first, pairing))
    return confirm_record(record=record, hand=_hand(second, pairing))


def _hand(signature: Signature, pairing: Pairing) -> Hand:
    units: Iterable[int | None] = (
        (pairing.village_id,) if signature.side == AuthorSide.VILLAGE else (pairing.unit_id, pairing.party_org_id)
    )
    own = frozenset(unit for unit in units if unit is not None)
    return Hand(signature.actor, signature.side, own, is_proxy=bool(signature.basis), basis=signature.basis)


def _held(report: JointReport, seen: str) -> JointReport:
    """The report as it is now, held until the end of the transaction, if it is what was seen and still open."""
    rows = JointReport.objects.select_for_update(of=("self",))
    found: JointReport = rows.select_related("record", "pairing__unit", "pairing__village__parent").get(pk=report.pk)
    if queries.is_closed(found):
        raise refusal("closed")
    if queries.seen(found) != seen:
        raise refusal("changed")
    if found.state == JointReportState.SIGNED:
        # Its record was voided: what was signed then is signed no more.
        _unsign(found)
    return found


def _check_side(access: Access, pairing: Pairing) -> None:
    if not sides_of(access, pairing):
        raise refusal("not_yours")


def _signature(access: Access, pairing: Pairing, side: str, basis: str) -> Signature:
    found = sides_of(access, pairing)
    for own in (AuthorSide.UNIT, AuthorSide.VILLAGE):
        if own in found:
            return Signature(str(own), access.actor)
    if "proxy" not in found:
        raise refusal("not_yours")
    if side not in (AuthorSide.UNIT, AuthorSide.VILLAGE):
        raise refusal("side_missing")
    if not tidy(basis):
        raise refusal("basis_missing")
    return Signature(side, access.actor, tidy(basis)[:200])


def _check_marks(marks: list[int], n_footnotes: int) -> None:
    wrong = next((mark for mark in marks if not 0 < mark <= n_footnotes), None)
    if wrong is not None:
        raise refusal("no_footnote", number=wrong, n=n_footnotes)


def _sign(report: JointReport, signature: Signature) -> None:
    setattr(report, f"{signature.side}_signed_on", clock.today())
    setattr(report, f"{signature.side}_signed_name", name_of(signature.actor))
    setattr(report, f"{signature.side}_signed_by_id", signature.actor.account_id)
    setattr(report, f"{signature.side}_basis", signature.basis)


def _kept(report: JointReport, side: str) -> Signature:
    """The signature that stands under the report for a side."""
    actor = Actor(name=getattr(report, f"{side}_signed_name"), account_id=getattr(report, f"{side}_signed_by_id"))
    return Signature(side, actor, getattr(report, f"{side}_basis"))


def _take_record_back(report: JointReport, access: Access) -> None:
    """A record that waits with the words of before does not go on waiting: other words are submitted anew."""
    record = report.record
    if record is not None and record.status in _OPEN:
        void_record(record=record, hand=replace(system_hand("county"), actor=access.actor), reason=_REPLACED)


def _unsign(report: JointReport) -> None:
    report.state, report.record = JointReportState.DRAFT, None
    for side in (AuthorSide.UNIT, AuthorSide.VILLAGE):
        clear(report, side)
