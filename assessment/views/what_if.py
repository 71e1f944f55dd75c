"""What if: a copy of the rubric with other weights, and who would change grade by it. No sheet is touched."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.views.frame import attempt
from assessment.actions import rubrics as actions
from assessment.forms.what_if import WeightsForm
from assessment.models import Cycle, CycleState, Rubric, RubricLine, Section
from assessment.patterns import words
from assessment.queries.results import Moved, compared, grade_order
from assessment.rights import sees_scores
from assessment.rubrics import faults
from assessment.scoring.score import lines_of
from assessment.stages import reached
from assessment.views.frame import address, cycle_of, of_cycle, points, short, trail
from lib.htmx import answer
from lib.kinds import cells
from tenancy.access import TenantRequest, allow
from units.models import Unit


def _cycle(request: TenantRequest, uid: UUID) -> Cycle:
    """The cycle, for those who see scores and may change rubrics, once its list is frozen."""
    if not sees_scores(request.access):
        raise Http404
    row = cycle_of(uid, request.access)
    if not reached(row.state, CycleState.CONFIGURED):
        raise Http404
    return row


@allow("programme", GET="U", POST="U")
def listing(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """The what-if copies of an assessment's rubric; POST makes another."""
    row = _cycle(request, cycle)
    if request.method == "POST":
        twin = actions.copy_rubric(rubric=row.rubric, what_if=True, actor=request.access.actor)
        return HttpResponseRedirect(address("what_if_compare", tenant, row.uid, twin.uid))
    copies = Rubric.objects.filter(copied_from=row.rubric_id, is_what_if=True).order_by("-created_at", "-id")
    heading = _("What if")
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), last=heading),
        "help_text": _(
            "Copy the rubric, move weights, and see at once who changes grade and why. Nothing is written to any sheet."
        ),
        "copies": [
            {
                "label": _("Copy of %(when)s") % {"when": cells.minute(one.created_at)},
                "url": address("what_if_compare", tenant, row.uid, one.uid),
            }
            for one in copies
        ],
    }
    return answer(request, "assessment/rubrics/what_if_list.html", context)


@allow("programme", GET="U", POST="U")
def compare(request: TenantRequest, tenant: str, cycle: UUID, rubric: UUID) -> HttpResponse:
    """Weights on one side, on the other who changes grade."""
    row = _cycle(request, cycle)
    copy: Rubric = get_object_or_404(Rubric, uid=rubric, is_what_if=True, copied_from=row.rubric_id)
    lines = lines_of(copy)
    form = WeightsForm(request.POST or None, lines=lines)
    if attempt(form, lambda: (actions.weigh(rubric=copy, marks=form.marks(), actor=request.access.actor),)) is not None:
        return HttpResponseRedirect(address("what_if_compare", tenant, row.uid, copy.uid))
    found = faults(copy)
    # A rule that cannot be computed is no question to the database.
    broken = [one for one in found if one.code in ("terms", "figures", "reading", "pattern", "no_lines", "no_bands")]
    moved = [] if broken else compared(row, copy)
    shown = [one for one in moved if one.changes_grade or request.GET.get("all")]
    was = {line.code: line.max_score for line in RubricLine.objects.filter(rubric=row.rubric_id)}
    n = sum(one.changes_grade for one in moved)
    heading = _("Copy of %(when)s") % {"when": cells.minute(copy.created_at)}
    here = address("what_if_compare", tenant, row.uid, copy.uid)
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), (_("What if"), address("what_if", tenant, row.uid)), last=heading),
        "help_text": _(
            "Marks are moved here; the points in a line's rule move in proportion. Both sides are computed from today's figures."
        ),
        "faults": [one for one in found if not one.is_warning],
        "warnings": [one for one in found if one.is_warning],
        "form": form,
        "lines": [_line(line, was, form, tenant, copy) for line in lines],
        "total": short(sum((line.max_score for line in lines if line.group.section == Section.BASE), Decimal(0))),
        "full": short(copy.full_marks),
        "summary": ngettext("%(n)d unit changes grade", "%(n)d units change grade", n) % {"n": n},
        "rows": _moved(shown, grade_order(copy)),
        "tabs": [
            {"label": _("Who changes grade"), "url": here, "active": not request.GET.get("all"), "count": n},
            {"label": _("All units"), "url": f"{here}?all=1", "active": bool(request.GET.get("all")), "count": len(moved)},
        ],
        "rubric_url": address("rubric", tenant, copy.uid),
        "drop_url": address("rubric_drop", tenant, copy.uid),
    }
    return answer(request, "assessment/rubrics/what_if.html", context, status=422 if form.is_bound else 200)


def _line(line: RubricLine, was: dict[str, Decimal], form: WeightsForm, tenant: str, copy: Rubric) -> dict[str, Any]:
    before = was.get(line.code)
    return {
        "code": line.code,
        "name": line.name,
        "rule": words(line),
        "was": short(before) if before is not None and before != line.max_score else "",
        "field": form[f"marks_{line.code}"],
        "url": address("rubric_line", tenant, copy.uid, line.code),
    }


def _moved(rows: list[Moved], words_of: dict[str, str]) -> list[dict[str, Any]]:
    """In administrative order."""
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[one.unit_id for one in rows])}
    rows = sorted(rows, key=lambda one: (units[one.unit_id].pinyin, one.unit_id))
    return [
        {
            "unit": units[one.unit_id].name,
            "before": points(one.before.final),
            "after": points(one.after.final),
            "difference": f"{one.difference:+.2f}",
            "grade_before": words_of.get(one.before.grade_final, one.before.grade_final),
            "grade_after": words_of.get(one.after.grade_final, one.after.grade_final),
            "changes": one.changes_grade,
            "held": one.after.limited_by_quota and not one.before.limited_by_quota,
            "lines": [f"{code} {points(before)} → {points(after)}" for code, (before, after) in one.lines.items()],
        }
        for one in rows
    ]
