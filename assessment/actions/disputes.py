"""A unit disputes a figure by pointing at the record it rests on, or lacks; the county answers (domain.md §4.5)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Record, Share
from assessment.models import Assessed, Cycle, CycleState, Dispute, RubricLine
from assessment.queries.prefilled import is_of_the_ledgers
from assessment.refusals import AssessmentRefused, locked
from tenancy import audit, clock
from tenancy.scope import Actor, current_tenant
from units.signing import name_of

TEXT = 400
# Whenever something can still follow from the answer.
ANSWERED_AT = (CycleState.SELF_REPORT, CycleState.REVIEW, CycleState.SCORED, CycleState.DECISION, CycleState.PUBLICITY)


def may_object(cycle: Cycle) -> bool:
    """Whether the public notice stands and its last day has not passed."""
    return cycle.state == CycleState.PUBLICITY and cycle.public_to is not None and clock.today() <= cycle.public_to


def _text(text: str, field: str, ask: str) -> str:
    text = text.strip()
    if not text:
        raise AssessmentRefused({field: ask}, "empty")
    if len(text) > TEXT:
        raise AssessmentRefused({field: _("Write at most 400 characters.")}, "too_long")
    return text


@transaction.atomic
def raise_dispute(
    *, cycle: Cycle, assessed: Assessed, line: RubricLine, record: Record | None, text: str, actor: Actor
) -> Dispute:
    """Say that a pre-filled figure is wrong, and by which record.

    Raises AssessmentRefused: ``wrong_stage``, ``exempt``, ``no_line``, ``not_counted`` (only figures of the system are
    pre-filled), ``other_pairing``, ``open`` (one of the same line waits), ``empty``, ``too_long``, ``over`` (the public
    notice has ended).
    """
    cycle = locked(cycle, CycleState.SELF_REPORT, CycleState.PUBLICITY)
    if cycle.state == CycleState.PUBLICITY and not may_object(cycle):
        raise AssessmentRefused(_("The period of public notice is over: figures are not disputed any more."), "over")
    text = _text(text, "text", _("Say what is wrong with the figure."))
    if assessed.cycle_id != cycle.pk or assessed.exempt_because:
        raise AssessmentRefused(_("The pairing is not assessed this year."), "exempt")
    if line.rubric_id != cycle.rubric_id:
        raise AssessmentRefused(_("The rubric has no line of that code. Reload the page."), "no_line")
    if not is_of_the_ledgers(line):
        raise AssessmentRefused({"line": _("Only figures counted by the system can be disputed here.")}, "not_counted")
    if record is not None and not Share.objects.filter(record=record, pairing=assessed.pairing_id).exists():
        raise AssessmentRefused(
            {"record": _("This record belongs to another pairing. Point at one of this pairing.")}, "other_pairing"
        )
    same = Dispute.objects.filter(cycle=cycle, pairing=assessed.pairing_id, line=line, record=record, answered_on=None)
    if same.exists():
        raise AssessmentRefused(_("This has been disputed already and waits for an answer."), "open")
    dispute: Dispute = Dispute.objects.create(
        tenant=current_tenant(),
        cycle=cycle,
        pairing_id=assessed.pairing_id,
        line=line,
        record=record,
        text=text,
        author_name=name_of(actor),
        raised_on=clock.today(),
    )
    audit.append(actor, "figure_disputed", object_kind="dispute", object_uid=dispute.uid)
    return dispute


@transaction.atomic
def answer_dispute(*, dispute: Dispute, is_upheld: bool, answer: str, actor: Actor) -> Dispute:
    """Uphold it or not, and say why. What is wrong in a record is put right in the record: the next computation counts it.

    Raises AssessmentRefused: ``wrong_stage``, ``answered``, ``empty``, ``too_long``.
    """
    locked(dispute.cycle, *ANSWERED_AT)
    answer = _text(answer, "answer", _("Say what was found."))
    row: Dispute = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if row.answered_on is not None:
        raise AssessmentRefused(_("Somebody has answered this already. Reload the page to see it."), "answered")
    row.is_upheld, row.answer = is_upheld, answer
    row.answered_on, row.answered_name = clock.today(), name_of(actor)
    row.save()
    audit.append(actor, "dispute_answered", object_kind="dispute", object_uid=row.uid)
    return row
