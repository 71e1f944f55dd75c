"""A public notice that turns out wrong: taken back to the group's decision, with what it said kept (domain.md §4.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from assessment.actions.cycles import given, move
from assessment.models import Correction, Cycle, CycleState, Sheet, SheetChange, SheetLine, UnitResult
from assessment.refusals import locked
from tenancy import audit, clock
from tenancy.scope import Actor, because, current_tenant
from units.signing import name_of


@transaction.atomic
def take_back(*, cycle: Cycle, reason: str, actor: Actor) -> Correction:
    """Back from the public notice to the decision: units see no grades any more, the group decides once more.

    What the notice said is kept, with the reason; the number of the minutes is typed in anew.
    Raises AssessmentRefused: ``wrong_stage``, ``reason``.
    """
    cycle = locked(cycle, CycleState.PUBLICITY)
    reason = given(reason)
    because(reason, actor=actor)
    kept = _kept(cycle, reason, actor, is_taken_back=True)
    kept.save()
    cycle.minutes_no, cycle.decided_on = "", None
    cycle.public_from = cycle.public_to = None
    move(cycle, CycleState.DECISION, actor)
    audit.append(actor, "notice_taken_back", object_kind="cycle", object_uid=cycle.uid, reason=reason)
    return kept


def before_computing(cycle: Cycle, reason: str, actor: Actor) -> Correction:
    """What stands in public, not written yet: ``keep_if_changed`` writes it when something became another."""
    return _kept(cycle, reason, actor, is_taken_back=False)


def keep_if_changed(kept: Correction) -> None:
    """Write down what stood in public before a computation, if a score or a grade is another now."""
    if (kept.results, kept.scores) != (_results(kept.cycle), _scores(kept.cycle)):
        kept.save()


def write_down_changes(cycle: Cycle, actor: Actor) -> int:
    """At publication after a notice was taken back: each score that is another than the one published before.

    Answers how many.
    """
    last = Correction.objects.filter(cycle=cycle).order_by("id").last()
    if last is None or not last.is_taken_back:
        return 0
    now = _scores(cycle)
    sheets = {str(one.pairing.uid): one for one in Sheet.objects.filter(cycle=cycle).select_related("pairing")}
    rows = []
    for uid, then in last.scores.items():
        if uid not in now or now[uid] == then:
            continue
        lines = {
            code: [then["lines"].get(code), points]
            for code, points in now[uid]["lines"].items()
            if then["lines"].get(code) != points
        }
        rows.append(
            SheetChange(
                tenant=current_tenant(),
                cycle=cycle,
                pairing_id=sheets[uid].pairing_id,
                final_before=Decimal(then["final"]),
                final_after=Decimal(now[uid]["final"]),
                grade_before=then["grade"],
                grade_after=now[uid]["grade"],
                lines=lines,
                reason=last.reason,
                author_name=name_of(actor),
                at=clock.now(),
            )
        )
    SheetChange.objects.bulk_create(rows)
    return len(rows)


def _kept(cycle: Cycle, reason: str, actor: Actor, *, is_taken_back: bool) -> Correction:
    return Correction(
        tenant=current_tenant(),
        cycle=cycle,
        is_taken_back=is_taken_back,
        reason=reason,
        author_name=name_of(actor),
        at=clock.now(),
        public_from=cycle.public_from,
        public_to=cycle.public_to,
        minutes_no=cycle.minutes_no,
        decided_on=cycle.decided_on,
        results=_results(cycle),
        scores=_scores(cycle),
    )


def _results(cycle: Cycle) -> dict[str, dict[str, str]]:
    return {
        str(row.unit.uid): {
            "final": f"{row.final:.2f}",
            "grade_by_score": row.grade_by_score,
            "grade_final": row.grade_final,
            "changed_because": row.changed_because,
        }
        for row in UnitResult.objects.filter(cycle=cycle).select_related("unit")
    }


def _scores(cycle: Cycle) -> dict[str, dict[str, Any]]:
    lines: dict[int, dict[str, str | None]] = {}
    for sheet, code, points in SheetLine.objects.filter(sheet__cycle=cycle).values_list("sheet_id", "line__code", "score"):
        lines.setdefault(sheet, {})[code] = None if points is None else f"{points:.2f}"
    return {
        str(sheet.pairing.uid): {"final": f"{sheet.final:.2f}", "grade": sheet.grade, "lines": lines.get(sheet.pk, {})}
        for sheet in Sheet.objects.filter(cycle=cycle).select_related("pairing")
    }
