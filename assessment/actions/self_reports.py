"""What a unit says of its year: written by its liaison, approved by its head (domain.md §4.5, self_report)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.cycles import given
from assessment.models import Assessed, Cycle, CycleState, RubricLine, SelfReport
from assessment.refusals import AssessmentRefused, locked
from tenancy import audit, clock
from tenancy.scope import Actor, because, current_tenant
from units.signing import name_of

TEXT = 1500


@dataclass(frozen=True, slots=True)
class Saying:
    """What is written: a text, the own score as a whole, and by line (code → points) where the unit wants to say so."""

    text: str
    self_score: Decimal | None = None
    line_scores: Mapping[str, Decimal] = field(default_factory=dict)


def _assessed(cycle: Cycle, pairing_id: int) -> Assessed:
    row: Assessed | None = Assessed.objects.filter(cycle=cycle, pairing=pairing_id).first()
    if row is None:
        raise AssessmentRefused(_("The pairing is not on the list of this assessment."), "not_assessed")
    if row.exempt_because:
        words = {"reason": row.exempt_because}
        raise AssessmentRefused(_("The pairing is exempt this year (%(reason)s): it needs no report.") % words, "exempt")
    return row


def _checked(cycle: Cycle, saying: Saying) -> dict[str, object]:
    if len(saying.text) > TEXT:
        words = {"n": len(saying.text) - TEXT}
        raise AssessmentRefused({"text": _("Write at most 1,500 characters: %(n)d too many.") % words}, "too_long")
    lines = {line.code: line for line in RubricLine.objects.filter(rubric_id=cycle.rubric_id)}
    for code, score in saying.line_scores.items():
        line = lines.get(code)
        if line is None:
            raise AssessmentRefused(_("The rubric has no line of that code. Reload the page."), "no_line")
        if not 0 <= score <= line.max_score:
            about = {"line": f"{line.code} {line.name}", "most": f"{line.max_score.normalize():f}"}
            raise AssessmentRefused(
                {f"line_{code}": _("%(line)s gives from 0 to %(most)s points. Correct your own score.") % about}, "out_of_range"
            )
    if saying.self_score is not None and not 0 <= saying.self_score <= cycle.rubric.final_cap:
        most = {"most": f"{cycle.rubric.final_cap.normalize():f}"}
        raise AssessmentRefused({"self_score": _("A score lies between 0 and %(most)s.") % most}, "out_of_range")
    own = {code: str(score) for code, score in saying.line_scores.items()}
    return {"text": saying.text, "self_score": saying.self_score, "line_scores": own}


@transaction.atomic
def save_report(*, cycle: Cycle, pairing_id: int, saying: Saying, actor: Actor, hand_in: bool = False) -> SelfReport:
    """Keep what is written; ``hand_in``: give it to the head of the unit.

    Raises AssessmentRefused: ``wrong_stage``, ``not_assessed``, ``exempt``, ``approved`` (it stands), ``empty``,
    ``too_long``, ``no_line``, ``out_of_range``.
    """
    cycle = locked(cycle, CycleState.SELF_REPORT)
    assessed = _assessed(cycle, pairing_id)
    values = _checked(cycle, saying)
    report = SelfReport.objects.select_for_update().filter(cycle=cycle, pairing=assessed.pairing_id).first()
    if report is not None and report.approved_on is not None:
        raise AssessmentRefused(_("The head of the unit has approved this report: it stands."), "approved")
    if hand_in and not saying.text.strip():
        raise AssessmentRefused({"text": _("Say in some sentences how the year went, then hand it in.")}, "empty")
    report = report or SelfReport(tenant=current_tenant(), cycle=cycle, pairing_id=assessed.pairing_id)
    for name, value in values.items():
        setattr(report, name, value)
    report.author_name = name_of(actor)
    report.submitted_on = clock.today() if hand_in else None
    report.save()
    deed = "self_report_submitted" if hand_in else "self_report_saved"
    audit.append(actor, deed, object_kind="self_report", object_uid=report.uid)
    return report


def _handed_in(cycle: Cycle, pairing_id: int) -> SelfReport:
    report: SelfReport | None = SelfReport.objects.select_for_update().filter(cycle=cycle, pairing=pairing_id).first()
    if report is None or report.submitted_on is None:
        raise AssessmentRefused(_("The report has not been handed in yet. The liaison hands it in first."), "not_handed_in")
    if report.approved_on is not None:
        raise AssessmentRefused(_("The report has been approved already."), "approved")
    return report


@transaction.atomic
def approve_report(*, cycle: Cycle, pairing_id: int, actor: Actor) -> SelfReport:
    """The head of the unit stands by it. Raises AssessmentRefused: ``wrong_stage``, ``not_handed_in``, ``approved``."""
    cycle = locked(cycle, CycleState.SELF_REPORT)
    report = _handed_in(cycle, pairing_id)
    report.approved_on, report.approved_name = clock.today(), name_of(actor)
    report.save()
    audit.append(actor, "self_report_approved", object_kind="self_report", object_uid=report.uid)
    return report


@transaction.atomic
def return_report(*, cycle: Cycle, pairing_id: int, reason: str, actor: Actor) -> SelfReport:
    """The head of the unit wants it otherwise.

    Raises AssessmentRefused: ``wrong_stage``, ``not_handed_in``, ``approved``, ``reason``.
    """
    cycle = locked(cycle, CycleState.SELF_REPORT)
    report = _handed_in(cycle, pairing_id)
    because(given(reason), actor=actor)
    report.submitted_on = None
    report.save()
    audit.append(actor, "self_report_returned", object_kind="self_report", object_uid=report.uid, reason=given(reason))
    return report
