"""Grades: typed in as the group decided, shown to the county with scores, to the units without, and the archive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from activities.views.frame import attempt, done
from assessment.actions import decisions as actions
from assessment.archive import reader
from assessment.forms.decision import DecisionForm
from assessment.models import Cycle, CycleState, Sheet, SheetChange, Snapshot, UnitResult
from assessment.queries.corrections import Told, corrections_of
from assessment.queries.results import changes_of, grade_order, provisional, results, sheets_of
from assessment.rights import sees_grades, sees_scores
from assessment.scoring import UnitScored, unit_results
from assessment.stages import is_public, reached
from assessment.views.cycles import sheet_url
from assessment.views.frame import address, cycle_of, of_cycle, points, trail
from lib.htmx import answer
from lib.kinds import cells
from tenancy import audit
from tenancy.access import TenantRequest, allow, signed_in


def _notes(row: UnitResult, *, is_tied: bool) -> list[dict[str, str]]:
    """Why a grade is not the one of the score."""
    found = []
    if row.is_vetoed:
        found.append({"word": _("veto"), "tone": "red", "mark": "lock"})
    if is_tied:
        found.append({"word": _("tied for the last places"), "tone": "amber", "mark": "question"})
    elif row.limited_by_quota:
        found.append({"word": _("held down by the share"), "tone": "amber", "mark": "dash"})
    if row.changed_because:
        found.append({"word": _("decided otherwise"), "tone": "indigo", "mark": "flag"})
    return found


def _unit(
    row: UnitResult, words: dict[str, str], sheets: list[Sheet], cycle: Cycle, tenant: str, *, is_tied: bool
) -> dict[str, Any]:
    return {
        "unit": row.unit.name,
        "final": points(row.final),
        "by_score": words.get(row.grade_by_score, row.get_grade_by_score_display()),
        "grade": words.get(row.grade_final, row.get_grade_final_display()),
        "notes": _notes(row, is_tied=is_tied),
        "because": row.changed_because,
        "sheets": [
            {"label": f"{one.pairing.village.name} {points(one.final)}", "url": sheet_url(tenant, cycle, one)} for one in sheets
        ],
    }


@allow("result", GET="X", POST="X")
def decision(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """What the leading group decided, typed in from its minutes."""
    row = cycle_of(cycle, request.access)
    if row.state != CycleState.DECISION:
        sentence = _("Grades are decided after the scores are computed and brought before the group, and before they are public.")
        return done(request, sentence, address("cycle", tenant, row.uid))
    # As keeping it will compute them: a record that was voided an hour ago is out already.
    computed = {one.unit_id: one for one in unit_results(row, rubric=row.rubric)}
    rows, words, sheets = _as_computed(row, computed), grade_order(row.rubric), sheets_of(row)
    tied = {one.unit_id for one in computed.values() if one.is_tied}
    form = DecisionForm(
        request.POST or None, results=rows, words=words, initial={"minutes_no": row.minutes_no, "decided_on": row.decided_on}
    )
    decided = attempt(
        form,
        lambda: (
            actions.decide(
                cycle=row,
                minutes_no=form.cleaned_data["minutes_no"],
                decided_on=form.cleaned_data["decided_on"],
                changes=form.decisions(),
                account=request.access.account,
                actor=request.access.actor,
            ),
        ),
    )
    if decided is not None:
        n = len(decided[0])
        words_of = ngettext("Kept: the group changed %(n)d grade.", "Kept: the group changed %(n)d grades.", n)
        return done(request, words_of % {"n": n}, address("cycle", tenant, row.uid))
    limit = actions.top_limit(row, len(rows))
    n_top = sum(one.grade_final == next(iter(words), "") for one in rows)
    heading = _("Decision of the leading group")
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), last=heading),
        "help_text": _(
            "The group decides in its meeting; here stands what its minutes say. A grade that differs needs a reason."
        ),
        "share": _("Top grade: %(n)d of at most %(limit)d (%(share)d %% of %(units)d units, rounded down).")
        % {"n": n_top, "limit": limit, "share": row.rubric.top_share, "units": len(rows)},
        "tied": _tied(len(tied)),
        "rows": [
            {
                **_unit(one, words, sheets.get(one.unit_id, []), row, tenant, is_tied=one.unit_id in tied),
                "grade_field": form[f"grade_{one.unit.uid}"],
                "reason_field": form[f"reason_{one.unit.uid}"],
            }
            for one in rows
        ],
        "form": form,
        "cancel_url": address("cycle", tenant, row.uid),
    }
    return answer(request, "assessment/results/decision.html", context, status=422 if form.is_bound else 200)


def _as_computed(cycle: Cycle, computed: Mapping[int, UnitScored]) -> list[UnitResult]:
    """The results as keeping the decision would write them: scores of the sheets, grades that the group gave otherwise."""
    found = []
    for row in results(cycle):
        one = computed.get(row.unit_id)
        if one is not None:
            row.final, row.grade_by_score = one.final, one.grade_by_score
            row.limited_by_quota, row.is_vetoed = one.limited_by_quota, one.is_vetoed
            if not row.changed_because:
                row.grade_final = one.grade_final
        found.append(row)
    return found


def _tied(n: int) -> str:
    if not n:
        return ""
    words = ngettext(
        "%(n)d unit is tied for the last places of the top grade: the group decides. Until then it has the grade below.",
        "%(n)d units are tied for the last places of the top grade: the group decides. Until then they have the grade below.",
        n,
    )
    return words % {"n": n}


@allow("score", GET="R")
def scores(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """For the county: every unit with score, both grades and the way to its sheets; what changed after publication."""
    if not sees_scores(request.access):
        raise Http404
    row = cycle_of(cycle, request.access)
    if not reached(row.state, CycleState.SCORED):
        raise Http404
    words, sheets = grade_order(row.rubric), sheets_of(row)
    rows = list(results(row)) if reached(row.state, CycleState.DECISION) else provisional(row)
    tied = {one.unit_id for one in unit_results(row) if one.is_tied} if not is_public(row.state) else set()
    heading = _("Scores and grades")
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), last=heading),
        "help_text": _("In administrative order. A unit's score is the mean of its pairings; each score opens its sheet."),
        "rows": [_unit(one, words, sheets.get(one.unit_id, []), row, tenant, is_tied=one.unit_id in tied) for one in rows],
        "changes": [_change(one, words) for one in changes_of(row)],
        "corrections": [_correction(one, words) for one in corrections_of(row)],
        "is_stale": row.state == CycleState.DECISION and actions.drifted(row),
        "is_decided": reached(row.state, CycleState.DECISION),
        "excel_url": address("results_excel", tenant, row.uid) if request.access.can("export", "E") else "",
    }
    return answer(request, "assessment/results/scores.html", context)


def _change(one: SheetChange, words: dict[str, str]) -> dict[str, Any]:
    return {
        "pairing": f"{one.pairing.unit.name} — {one.pairing.village.name}",
        "before": f"{points(one.final_before)} {words.get(one.grade_before, one.grade_before)}",
        "after": f"{points(one.final_after)} {words.get(one.grade_after, one.grade_after)}",
        "lines": _("; ").join(f"{code} {before or '—'} → {after or '—'}" for code, (before, after) in sorted(one.lines.items())),
        "reason": one.reason,
        "who": f"{one.author_name} {cells.minute(one.at)}",
    }


def _correction(one: Told, words: dict[str, str]) -> dict[str, Any]:
    """What a notice said before it was corrected, and what it says since."""
    kept = one.correction
    period = ""
    if kept.public_from and kept.public_to:
        period = _("public from %(from)s to %(to)s") % {"from": cells.day(kept.public_from), "to": cells.day(kept.public_to)}
    title = _("Taken back on %(day)s") if kept.is_taken_back else _("Computed again on %(day)s")
    return {
        "title": title % {"day": cells.minute(kept.at)},
        "reason": kept.reason,
        "who": kept.author_name,
        "notes": [text for text in (period, kept.minutes_no) if text],
        "units": [
            {
                "unit": unit.unit.name,
                "before": f"{points(unit.final_before)} {words.get(unit.grade_before, unit.grade_before)}",
                "after": f"{points(unit.final_after)} {words.get(unit.grade_after, unit.grade_after)}".strip(),
            }
            for unit in one.units
        ],
    }


@signed_in("A public notice is for all who take part in the assessment, from the day of publication; before it nobody finds it.")
@require_safe
def publicity(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """Unit and grade, in administrative order: no score, no rank."""
    row = cycle_of(cycle, request.access)
    if not is_public(row.state) or not sees_grades(request.access, row):
        raise Http404
    words = grade_order(row.rubric)
    heading = _("Public notice: %(title)s") % {"title": row.title}
    rows = [
        {
            "cells": [
                {"text": one.unit.name},
                {"text": words.get(one.grade_final, one.get_grade_final_display()), "label": _("Grade")},
            ]
        }
        for one in results(row)
    ]
    from_to = (
        {"from": cells.long_day(row.public_from), "to": cells.long_day(row.public_to)}
        if row.public_from and row.public_to
        else {}
    )
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), last=heading),
        "help_text": _("Units in administrative order, with the grade only."),
        "excel_url": address("publicity_excel", tenant, row.uid) if request.access.can("export", "E") else "",
        "period": _("Public from %(from)s to %(to)s.") % from_to if from_to else "",
        "table": {
            "id": "publicity", "caption": heading, "rows": rows,
            "columns": [{"key": "unit", "label": _("Unit"), "wide": True}, {"key": "grade", "label": _("Grade")}],
            "empty": {"title": _("No unit was assessed."), "text": _("The list of this assessment is empty.")},
        },
    }  # fmt: skip
    return answer(request, "assessment/results/publicity.html", context)


# -- the archive ---------------------------------------------------------------------------------


def _archived(request: TenantRequest, uid: UUID) -> Cycle:
    if not sees_scores(request.access):
        raise Http404
    row = cycle_of(uid, request.access)
    if row.state != CycleState.FINAL:
        raise Http404
    return row


@allow("score", GET="R")
def archive(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """The frozen year: its digest, the file, and how anybody checks it."""
    row = _archived(request, cycle)
    heading = _("Archive")
    snapshots = [
        {
            "number": one.number,
            "when": cells.minute(one.at),
            "who": one.author_name,
            "sha256": one.sha256,
            "size": cells.number(len(one.content.encode("utf-8"))),
            "url": address("archive_file", tenant, row.uid, one.number),
        }
        for one in Snapshot.objects.filter(cycle=row).order_by("number")
    ]
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), last=heading),
        "help_text": _("Inputs, rubric, scores and decisions as they were when the year was closed."),
        "snapshots": snapshots,
        "reader_url": address("archive_reader", tenant),
    }
    return answer(request, "assessment/results/archive.html", context)


@allow("score", GET="R")
def archive_file(request: TenantRequest, tenant: str, cycle: UUID, number: int) -> HttpResponse:
    """The archive as a file; each taking is logged."""
    row = _archived(request, cycle)
    snapshot: Snapshot = get_object_or_404(Snapshot, cycle=row, number=number)
    audit.append(request.access, "exported", object_kind="cycle", object_uid=row.uid, form="archive", n=snapshot.number)
    name = f"assessment-{row.year}-{snapshot.number}.json"
    return HttpResponse(
        snapshot.content.encode("utf-8"),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-SHA256": snapshot.sha256},
    )


@allow("score", GET="R")
def archive_reader(request: TenantRequest, tenant: str) -> HttpResponse:
    """The small program that checks an archive without this system."""
    return HttpResponse(
        Path(reader.__file__).read_bytes(),
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="check_archive.py"'},
    )
