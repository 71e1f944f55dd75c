"""An assessment from its beginning to the review: created, configured, self-reports opened and closed (domain.md §4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessment.actions.rubrics import freeze
from assessment.models import Assessed, Cycle, CycleState, Rubric
from assessment.queries.lists import candidates
from assessment.refusals import AssessmentRefused, locked
from pairing.models import Programme
from tenancy import audit, clock
from tenancy.scope import Actor, because, current_tenant

REASON = 200


def move(cycle: Cycle, state: CycleState, actor: Actor) -> None:
    """Put a locked cycle at a stage and write it down. For the actions of this package."""
    cycle.state = state
    cycle.save()
    audit.append(actor, "cycle_moved", object_kind="cycle", object_uid=cycle.uid, state=str(state))


@transaction.atomic
def create_cycle(
    *, programme: Programme, year: int, title: str, rubric: Rubric, starts_on: date, ends_on: date, actor: Actor
) -> Cycle:
    """Begin to prepare the assessment of a calendar year.

    Raises AssessmentRefused: ``exists`` (a programme's year is assessed once), ``outside`` (the days are not in the
    programme year), ``what_if``.
    """
    if rubric.is_what_if:
        raise AssessmentRefused({"rubric": _("This is a what-if copy. Choose a version of a rubric.")}, "what_if")
    if starts_on > ends_on:
        raise AssessmentRefused({"ends_on": _("The last day lies before the first. Correct one of them.")}, "outside")
    if starts_on > programme.ends_on or ends_on < programme.starts_on:
        raise AssessmentRefused({"starts_on": _("The programme year does not reach into these days. Correct them.")}, "outside")
    try:
        with transaction.atomic():
            cycle: Cycle = Cycle.objects.create(
                tenant=current_tenant(),
                programme=programme,
                year=year,
                title=title.strip(),
                rubric=rubric,
                starts_on=starts_on,
                ends_on=ends_on,
            )
    except IntegrityError as problem:
        raise AssessmentRefused({"year": _("This year of the programme has its assessment already.")}, "exists") from problem
    audit.append(actor, "cycle_created", object_kind="cycle", object_uid=cycle.uid)
    return cycle


@transaction.atomic
def choose_rubric(*, cycle: Cycle, rubric: Rubric, actor: Actor) -> None:
    """Take another rubric while the cycle is being prepared. Raises AssessmentRefused (``wrong_stage``, ``what_if``)."""
    cycle = locked(cycle, CycleState.DRAFT)
    if rubric.is_what_if:
        raise AssessmentRefused({"rubric": _("This is a what-if copy. Choose a version of a rubric.")}, "what_if")
    cycle.rubric = rubric
    cycle.save()
    audit.append(actor, "cycle_changed", object_kind="cycle", object_uid=cycle.uid, fields=["rubric"])


@transaction.atomic
def configure(*, cycle: Cycle, exempt: Mapping[int, str], actor: Actor) -> int:
    """Freeze rubric and list; ``exempt``: pairing id → reason. Answers how many are assessed. Again: the list is made anew.

    Raises AssessmentRefused: ``wrong_stage``, ``rubric_faulty``, ``nobody`` (the list would be empty), ``reason``.
    """
    cycle = locked(cycle, CycleState.DRAFT, CycleState.CONFIGURED)
    freeze(rubric=cycle.rubric, actor=actor)
    rows = []
    for one in candidates(cycle):
        because_of = exempt.get(one.pairing.pk, "").strip()
        if len(because_of) > REASON:
            raise AssessmentRefused(_("A reason has at most 200 characters."), "reason")
        if one.months == 0 and not because_of:
            because_of = _("Active for less than a whole month of the year")
        rows.append(
            Assessed(
                tenant=current_tenant(),
                cycle=cycle,
                pairing=one.pairing,
                unit_id=one.pairing.unit_id,
                village_id=one.pairing.village_id,
                months_active=one.months,
                exempt_because=because_of,
            )
        )
    n_assessed = sum(not row.exempt_because for row in rows)
    if n_assessed == 0:
        raise AssessmentRefused(
            _("No pairing would be assessed: none was active for a whole month of the year, or all are exempt."), "nobody"
        )
    Assessed.objects.filter(cycle=cycle).delete()
    Assessed.objects.bulk_create(rows)
    move(cycle, CycleState.CONFIGURED, actor)
    return n_assessed


@transaction.atomic
def open_self_reports(*, cycle: Cycle, until: date, actor: Actor) -> None:
    """Let the units look at their figures and report. Raises AssessmentRefused (``wrong_stage``, ``past``)."""
    from assessment.actions.scoring import compute

    cycle = locked(cycle, CycleState.CONFIGURED)
    if until < clock.today():
        raise AssessmentRefused({"until": _("This day has passed. Choose today or a later day.")}, "past")
    cycle.self_report_until = until
    move(cycle, CycleState.SELF_REPORT, actor)
    # The figures that the reports are filled with beforehand are those of a computation: what reviewers bring is still missing.
    compute(cycle=cycle, actor=actor)


@transaction.atomic
def extend_self_reports(*, cycle: Cycle, until: date, actor: Actor) -> None:
    """Give the units more time. Raises AssessmentRefused (``wrong_stage``, ``past``)."""
    cycle = locked(cycle, CycleState.SELF_REPORT)
    if until < clock.today():
        raise AssessmentRefused({"until": _("This day has passed. Choose today or a later day.")}, "past")
    cycle.self_report_until = until
    cycle.save()
    audit.append(actor, "cycle_changed", object_kind="cycle", object_uid=cycle.uid, fields=["self_report_until"])


@transaction.atomic
def open_review(*, cycle: Cycle, actor: Actor) -> None:
    """Close the self-reports and let scorers enter. Units that reported nothing are scored all the same.

    Raises AssessmentRefused (``wrong_stage``).
    """
    from assessment.actions.scoring import compute

    cycle = locked(cycle, CycleState.SELF_REPORT)
    move(cycle, CycleState.REVIEW, actor)
    compute(cycle=cycle, actor=actor)


@transaction.atomic
def reopen_review(*, cycle: Cycle, reason: str, actor: Actor) -> None:
    """Back to the review to correct a figure, before anything is public.

    Raises AssessmentRefused (``wrong_stage``, ``reason``).
    """
    cycle = locked(cycle, CycleState.SCORED, CycleState.DECISION)
    because(given(reason), actor=actor)
    move(cycle, CycleState.REVIEW, actor)


def given(reason: str) -> str:
    """The reason as kept. Raises AssessmentRefused (``reason``) when it is missing or too long."""
    reason = reason.strip()
    if not reason:
        raise AssessmentRefused({"reason": _("Say why: the reason stands in the history.")}, "reason")
    if len(reason) > REASON:
        raise AssessmentRefused({"reason": _("Write at most 200 characters.")}, "reason")
    return reason
