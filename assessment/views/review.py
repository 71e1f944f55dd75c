"""The review: a line at a time, all pairings below each other, figure and note in one row; made for the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.views.frame import done
from assessment.actions.facts import enter
from assessment.entering import asked_for, words_of
from assessment.models import Cycle, CycleState, LineSource, RubricLine
from assessment.patterns import words
from assessment.patterns.steps import name_of
from assessment.queries.cycles import missing_in
from assessment.queries.review import Row, entered_lines, review_rows
from assessment.rights import sees_scores
from assessment.scoring.score import score
from assessment.stages import reached
from assessment.views.frame import address, cycle_of, of_cycle, points, short, trail
from lib.htmx import answer
from tenancy.access import TenantRequest, allow

Typed = Mapping[str, tuple[str, str]]


@allow("entry", GET="R", POST="C")
def grid(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """One line over all pairings; POST keeps every row that was changed, or none and says which is wrong."""
    row = cycle_of(cycle, request.access)
    if not reached(row.state, CycleState.CONFIGURED):
        raise Http404
    lines = entered_lines(row)
    if not lines:
        return done(request, _("No line of the rubric is entered by people."), address("cycle", tenant, row.uid))
    asked = request.GET.get("line", "")
    line = next((one for one in lines if one.code == asked), lines[0])
    sees_all = sees_scores(request.access)
    live = score(row)
    rows = review_rows(row, line, live=live, account_id=request.access.account.pk, sees_all=sees_all)
    typed: dict[str, tuple[str, str]] = {}
    wrong: dict[str, list[str]] = {}
    if request.method == "POST":
        if row.state != CycleState.REVIEW:
            wrong[""] = [_("Figures are entered during the review. The county administrator opens it.")]
        typed = {
            _key(one): (request.POST.get(f"value_{_key(one)}", ""), request.POST.get(f"note_{_key(one)}", "")) for one in rows
        }
        if not wrong:
            n = _keep(request, row, line, rows, typed, wrong)
            if not wrong:
                sentence = ngettext("%(n)d figure is kept.", "%(n)d figures are kept.", n) % {"n": n}
                return done(request, sentence, f"{address('review', tenant, row.uid)}?line={line.code}")
    context = _context(request, tenant, row, line, lines, rows, typed, wrong, missing_in(live))
    return answer(request, "assessment/review/grid.html", context, status=422 if wrong else 200)


def _key(row: Row) -> str:
    return str(row.assessed.pairing.uid)


def _before(row: Row) -> tuple[str, str]:
    return (row.own.value, row.own.note) if row.own else ("", "")


def _keep(
    request: TenantRequest, cycle: Cycle, line: RubricLine, rows: list[Row], typed: Typed, wrong: dict[str, list[str]]
) -> int:
    """Enter what was changed; what is refused stands under its row. Nothing is kept as long as one row is wrong."""
    n_kept = 0
    for row in rows:
        value, note = typed[_key(row)]
        if (value.strip(), note.strip()) == _before(row) or (not value.strip() and row.own is None and not note.strip()):
            continue
        try:
            # Each in its own savepoint: one that is refused leaves the others to be looked at as well.
            with transaction.atomic():
                enter(cycle=cycle, pairing=row.assessed.pairing, line=line, value=value, note=note, access=request.access)
        except ValidationError as refused:
            wrong[_key(row)] = list(refused.messages)
        except PermissionDenied:
            wrong[_key(row)] = [_("Your role does not enter this line.")]
        else:
            n_kept += 1
    return n_kept


def _context(
    request: TenantRequest, tenant: str, cycle: Cycle, line: RubricLine, lines: list[RubricLine], rows: list[Row], typed: Typed,
    wrong: Mapping[str, list[str]], missing: Mapping[str, int],
) -> dict[str, Any]:  # fmt: skip
    heading = _("Review")
    url = address("review", tenant, cycle.uid)
    may_enter = request.access.can("entry", "C") and cycle.state == CycleState.REVIEW
    choices = [{"value": code, "label": f"{name_of(code)} ({short(points_)})"} for code, points_ in words_of(line).items()]
    return {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(cycle, tenant), last=heading),
        "help_text": _("Tab goes from figure to note to the next row, Enter keeps the whole page. Each figure needs a note."),
        "tabs": [
            {"label": f"{one.code} {one.name}", "url": f"{url}?line={one.code}", "active": one.code == line.code,
             "count": missing.get(one.code)}
            for one in lines
        ],
        "line": {
            "title": f"{line.code} {line.name}",
            "marks": short(line.max_score),
            "rule": words(line),
            "evidence": line.evidence,
            "department": line.department,
            "source": LineSource(line.source).label,
            "on_site": line.on_site,
        },
        "bounds": asked_for(line),
        "choices": choices,
        "rows": [_row(one, typed, wrong) for one in rows],
        "general": wrong.get("", []),
        "n_wrong": len([key for key in wrong if key]),
        "may_enter": may_enter,
        "why_not": "" if may_enter or not request.access.can("entry", "C") else _("Figures are entered during the review."),
    }  # fmt: skip


def _row(row: Row, typed: Typed, wrong: Mapping[str, list[str]]) -> dict[str, Any]:
    key = _key(row)
    value, note = typed.get(key, _before(row))
    return {
        "key": key,
        "unit": row.assessed.unit.name,
        "village": row.assessed.village.name,
        "own_score": points(row.own_score) if row.own_score is not None else "",
        "system": row.system,
        "entered": [
            {"who": one.scorer_name, "value": name_of(one.value), "is_settling": one.is_settling, "note": one.note}
            for one in row.entered
        ],
        "scored": points(row.scored) if row.scored is not None else "",
        "difference": f"{row.difference:+.2f}" if row.difference is not None else "",
        "differs": row.differs,
        "needs_third": row.needs_third,
        "needs_second": row.needs_second,
        "is_taken": row.is_taken,
        "value": value,
        "note": note,
        "errors": wrong.get(key, []),
    }
