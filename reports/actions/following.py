"""A joint report follows its record: a confirmation that is undone takes the signature back, one given anew is one."""

from __future__ import annotations

from activities.hands import OTHER, Hand
from activities.models import AuthorSide, Record, Status
from reports.models import JointReport, JointReportState
from tenancy import clock
from units.signing import name_of

ALONE = {AuthorSide.UNIT: JointReportState.SIGNED_BY_UNIT, AuthorSide.VILLAGE: JointReportState.SIGNED_BY_VILLAGE}


def follow(record: Record, step: str, hand: Hand) -> None:
    """Bring the report of a record to where the record stands; told by activities.actions.hearing."""
    # Only a report tells of a quarter: other records cost no query.
    if record.reports_on is None:
        return
    report = JointReport.objects.select_for_update(of=("self",)).filter(record=record).first()
    if report is None:
        return
    author = AuthorSide(record.author_side)
    if step == "undone":
        clear(report, OTHER[author])
        report.state = ALONE[author]
    elif step == "returned":
        # The other side says that it is not so: nobody stands by these words.
        clear(report, AuthorSide.UNIT)
        clear(report, AuthorSide.VILLAGE)
        report.state = JointReportState.DRAFT
    elif step == "confirmed" and record.status == Status.CONFIRMED:
        _sign(report, author, record.author_name, record.author_id, record.proxy_basis)
        _sign(report, OTHER[author], name_of(hand.actor), hand.actor.account_id, hand.basis)
        report.state = JointReportState.SIGNED
    else:
        # A void record leaves what was signed to be read; it opens when somebody drafts, edits or signs.
        return
    report.save()


def clear(report: JointReport, side: str) -> None:
    """Take a side's signature back."""
    setattr(report, f"{side}_signed_on", None)
    setattr(report, f"{side}_signed_name", "")
    setattr(report, f"{side}_signed_by_id", None)
    setattr(report, f"{side}_basis", "")


def _sign(report: JointReport, side: str, name: str, account: int | None, basis: str) -> None:
    if getattr(report, f"{side}_signed_on") is None:
        setattr(report, f"{side}_signed_on", clock.today())
        setattr(report, f"{side}_signed_name", name[:60])
        setattr(report, f"{side}_signed_by_id", account)
        setattr(report, f"{side}_basis", basis[:200])
