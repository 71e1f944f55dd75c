"""From scores to grades: computed, limited by the share of the top grade, decided by the group, published, closed.

The leading group decides offline; what its minutes say is typed in here (domain.md §4.5, group_decision).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.queries.calendar import work_calendar
from assessment.actions.corrections import before_computing, keep_if_changed, write_down_changes
from assessment.actions.cycles import given, move
from assessment.actions.evidence import keep_evidence
from assessment.actions.scoring import Changes, compute, unit_results
from assessment.actions.snapshots import take
from assessment.models import Cycle, CycleState, Dispute, Grade, Sheet, UnitResult
from assessment.refusals import AssessmentRefused, locked
from tenancy import audit, clock
from tenancy.models import Account
from tenancy.scope import Actor, because, current_tenant

# 公示期: domain.md §4.5.
PUBLIC_DAYS = 5
# From the best grade down.
GRADES = tuple(Grade.values)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the group decided otherwise than the computation for one unit, and why."""

    grade: str
    reason: str


def n_pending(cycle: Cycle) -> int:
    """How many sheets lack a figure."""
    found: int = Sheet.objects.filter(cycle=cycle, n_pending__gt=0).count()
    return found


@transaction.atomic
def score(*, cycle: Cycle, actor: Actor) -> Changes:
    """Compute all scores and end the review; again: compute anew before anything is decided.

    Raises AssessmentRefused (``wrong_stage``). Figures that are missing count nothing so far; ``bring_before_group``
    refuses until they are there.
    """
    cycle = locked(cycle, CycleState.REVIEW, CycleState.SCORED)
    changes = _computed_now(cycle, actor)
    move(cycle, CycleState.SCORED, actor)
    return changes


def _computed_now(cycle: Cycle, actor: Actor) -> Changes:
    """Compute all scores, and have the locked row say when: it is saved afterwards."""
    changes = compute(cycle=cycle, actor=actor)
    cycle.scored_at = clock.now()
    return changes


@transaction.atomic
def bring_before_group(*, cycle: Cycle, actor: Actor) -> None:
    """Work out each unit's score and grade, with the share of the top grade applied.

    Raises AssessmentRefused: ``wrong_stage``, ``pending`` (figures are missing), ``disputes`` (unanswered).
    """
    cycle = locked(cycle, CycleState.SCORED)
    _nothing_pending(cycle)
    _no_open_disputes(cycle)
    UnitResult.objects.filter(cycle=cycle).delete()
    _write_results(cycle, {})
    move(cycle, CycleState.DECISION, actor)


def _nothing_pending(cycle: Cycle) -> None:
    """Raises AssessmentRefused (``pending``) as long as a sheet lacks a figure."""
    missing = n_pending(cycle)
    if missing:
        sentence = ngettext(
            "%(n)d sheet lacks a figure. Enter what the list of missing figures names, then compute again.",
            "%(n)d sheets lack a figure. Enter what the list of missing figures names, then compute again.",
            missing,
        )
        raise AssessmentRefused(sentence % {"n": missing}, "pending")


def _no_open_disputes(cycle: Cycle) -> None:
    """Raises AssessmentRefused (``disputes``) as long as one has no answer."""
    n_open = Dispute.objects.filter(cycle=cycle, answered_on=None).count()
    if n_open:
        sentence = ngettext(
            "%(n)d dispute has no answer yet. Answer it first.", "%(n)d disputes have no answer yet. Answer them first.", n_open
        )
        raise AssessmentRefused(sentence % {"n": n_open}, "disputes")


def _write_results(cycle: Cycle, kept: Mapping[int, UnitResult]) -> None:
    """Results of all units as computed now; ``kept``: rows that the group had changed, whose grade stays.

    A top grade that the group gave stays only as long as the share allows it beside the computed ones.
    """
    held = {row.unit_id: row for row in UnitResult.objects.filter(cycle=cycle)}
    computed = unit_results(cycle)
    n_top = sum((kept[one.unit_id].grade_final if one.unit_id in kept else one.grade_final) == GRADES[0] for one in computed)
    is_over = n_top > top_limit(cycle, len(computed))
    for one in computed:
        row = held.get(one.unit_id) or UnitResult(tenant=current_tenant(), cycle=cycle, unit_id=one.unit_id)
        row.final, row.grade_by_score = one.final, one.grade_by_score
        row.limited_by_quota, row.is_vetoed = one.limited_by_quota, one.is_vetoed
        if one.unit_id not in kept or (is_over and row.grade_final == GRADES[0]):
            row.grade_final, row.changed_because = one.grade_final, ""
        row.save()


def drifted(cycle: Cycle) -> bool:
    """Whether scores are others than those that the group had before it: a record was voided, a night has passed."""
    then = dict(UnitResult.objects.filter(cycle=cycle).values_list("unit_id", "final"))
    return then != {one.unit_id: one.final for one in unit_results(cycle)}


@transaction.atomic
def decide(
    *, cycle: Cycle, minutes_no: str, decided_on: date, changes: Mapping[int, Decision], account: Account | None, actor: Actor
) -> list[UnitResult]:
    """Type in what the group decided: the number of its minutes, and grades that differ from the computed ones.

    ``changes``: unit id → decision; a unit left out has the computed grade. Answers the rows that differ from it.
    Scores are those of this moment, as the page of the decision shows them.
    Raises AssessmentRefused: ``wrong_stage``, ``minutes``, ``future``, ``reason``, ``share`` (more top grades than the
    share allows), ``vetoed``, ``no_unit``.
    """
    cycle = locked(cycle, CycleState.DECISION)
    minutes_no = minutes_no.strip()
    if not minutes_no:
        raise AssessmentRefused({"minutes_no": _("Write the number of the minutes of the meeting.")}, "minutes")
    if decided_on > clock.today():
        raise AssessmentRefused({"decided_on": _("The meeting cannot lie in the future.")}, "future")
    _computed_now(cycle, actor)
    rows = {row.unit_id: row for row in UnitResult.objects.select_for_update().filter(cycle=cycle).select_related("unit")}
    if set(changes) - set(rows):
        raise AssessmentRefused(_("A unit is not on the list. Reload the page."), "no_unit")
    computed = {one.unit_id: one for one in unit_results(cycle)}
    differing = []
    for unit_id, row in rows.items():
        wanted, one = changes.get(unit_id), computed[unit_id]
        row.final, row.grade_by_score = one.final, one.grade_by_score
        row.limited_by_quota, row.is_vetoed = one.limited_by_quota, one.is_vetoed
        row.grade_final, row.changed_because = one.grade_final, ""
        row.decided_by = account
        if wanted is not None and wanted.grade != row.grade_final:
            _allowed(cycle, row, wanted)
            row.grade_final, row.changed_because = wanted.grade, wanted.reason.strip()
            differing.append(row)
    _within_share(cycle, list(rows.values()))
    for row in rows.values():
        row.save()
    cycle.minutes_no, cycle.decided_on = minutes_no, decided_on
    cycle.save()
    audit.append(actor, "grades_decided", object_kind="cycle", object_uid=cycle.uid, changed=len(differing))
    return differing


def _allowed(cycle: Cycle, row: UnitResult, wanted: Decision) -> None:
    name = row.unit.name
    if wanted.grade not in GRADES:
        raise AssessmentRefused({f"grade_{row.unit.uid}": _("Choose a grade from the list.")}, "grade")
    reason = wanted.reason.strip()
    if not reason or len(reason) > 200:
        sentence = _("%(unit)s: say in at most 200 characters why its grade differs from the computed one.") % {"unit": name}
        raise AssessmentRefused({f"reason_{row.unit.uid}": sentence}, "reason")
    if row.is_vetoed and GRADES.index(wanted.grade) < GRADES.index(cycle.rubric.veto_grade):
        sentence = _("%(unit)s is under a veto: its grade cannot be better than the rubric allows then.") % {"unit": name}
        raise AssessmentRefused({f"grade_{row.unit.uid}": sentence}, "vetoed")


def top_limit(cycle: Cycle, n_units: int) -> int:
    """How many units may have the top grade: the rubric's share, rounded down (domain.md §3.2)."""
    return n_units * cycle.rubric.top_share // 100


def _within_share(cycle: Cycle, rows: list[UnitResult]) -> None:
    limit = top_limit(cycle, len(rows))
    n_top = sum(row.grade_final == GRADES[0] for row in rows)
    if n_top > limit:
        words = {"n": n_top, "limit": limit, "share": cycle.rubric.top_share, "units": len(rows)}
        raise AssessmentRefused(
            _("%(n)d units would have the top grade; %(share)d %% of %(units)d units are %(limit)d. Move another one down first.")
            % words,
            "share",
        )


def last_public_day(first: date) -> date:
    """The fifth working day after the day of publication, by the county's own calendar."""
    calendar = work_calendar(first, first + timedelta(days=60))
    day, left = first, PUBLIC_DAYS
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return day


@transaction.atomic
def publish(*, cycle: Cycle, actor: Actor) -> None:
    """Show grades to the units for five working days; once more after a notice was taken back, with the changes written down.

    Scores are computed once more before: what is published is what the group had before it, or it is refused.
    Raises AssessmentRefused: ``wrong_stage``, ``undecided``, ``drifted``, ``pending``, ``disputes`` (unanswered).
    """
    cycle = locked(cycle, CycleState.DECISION)
    # What is published rests on the records of this moment, and these are kept beside it.
    _computed_now(cycle, actor)
    if not cycle.minutes_no or cycle.decided_on is None:
        raise AssessmentRefused(
            _("The group has not decided yet: type in the number of the minutes and what they say first."), "undecided"
        )
    if drifted(cycle):
        raise AssessmentRefused(
            _("Scores have changed since the group decided. Look at the page of the decision and keep it once more."), "drifted"
        )
    _nothing_pending(cycle)
    _no_open_disputes(cycle)
    keep_evidence(cycle)
    write_down_changes(cycle, actor)
    cycle.public_from = clock.today()
    cycle.public_to = last_public_day(cycle.public_from)
    move(cycle, CycleState.PUBLICITY, actor)


@transaction.atomic
def recompute(*, cycle: Cycle, reason: str, actor: Actor) -> Changes:
    """Compute anew after publication, with a reason. Each score that changed is kept with before and after.

    The share of the top grade is applied again; grades that the group decided otherwise stay as it decided.
    Raises AssessmentRefused: ``wrong_stage``, ``reason``.
    """
    cycle = locked(cycle, CycleState.PUBLICITY)
    reason = given(reason)
    because(reason, actor=actor)
    before = before_computing(cycle, reason, actor)
    changes = compute(cycle=cycle, actor=actor, reason=reason)
    kept = {row.unit_id: row for row in UnitResult.objects.filter(cycle=cycle).exclude(changed_because="")}
    _write_results(cycle, kept)
    keep_evidence(cycle)
    keep_if_changed(before)
    audit.append(actor, "cycle_recomputed", object_kind="cycle", object_uid=cycle.uid, reason=reason)
    return changes


@transaction.atomic
def finish(*, cycle: Cycle, actor: Actor) -> None:
    """Close the year: freeze everything into an archive.

    Raises AssessmentRefused: ``wrong_stage``, ``still_public``, ``disputes`` (unanswered), ``drifted`` (a unit's result is
    not the mean of its scores: nothing is frozen that does not add up).
    """
    cycle = locked(cycle, CycleState.PUBLICITY)
    if cycle.public_to is None or clock.today() <= cycle.public_to:
        words = {"day": cycle.public_to.isoformat() if cycle.public_to else ""}
        raise AssessmentRefused(
            _("The period of public notice lasts to %(day)s. Close the year after that day.") % words, "still_public"
        )
    _no_open_disputes(cycle)
    if drifted(cycle):
        raise AssessmentRefused(
            _("A unit's result is not that of its scores any more. Compute again, then close the year."), "drifted"
        )
    cycle.finished_at = clock.now()
    move(cycle, CycleState.FINAL, actor)
    take(cycle=cycle, actor=actor)
