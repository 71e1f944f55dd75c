"""Assessments: their list, a new one, the page that says where one stands and who does what next, freezing its list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from activities.views.frame import attempt, done, form_page
from assessment.actions import cycles as actions
from assessment.forms.cycles import CycleForm, NothingForm
from assessment.models import Assessed, Correction, Cycle, CycleState, Grade, Rubric, SelfReport, UnitResult
from assessment.queries.cycles import Progress, missing_in, progress
from assessment.queries.lists import Candidate, candidates
from assessment.rights import reported_by, seen_list, sees_grades, sees_scores, takes_part
from assessment.rubrics import faults
from assessment.scoring.score import lines_of, score
from assessment.stages import ORDER, STAGES, is_public, reached
from assessment.views.frame import address, cycle_of, grade_words, sides, trail
from lib.htmx import answer
from lib.kinds import cells
from pairing.models import Programme
from tenancy.access import TenantRequest, allow, signed_in

# What a closed year leaves to those who do not read the archive.
_THEIRS = gettext_lazy("Look at the notice, and at your own score sheets. The county keeps the archive.")
_TONES = {CycleState.DRAFT: "grey", CycleState.PUBLICITY: "amber", CycleState.FINAL: "green"}


def stage_chip(cycle: Cycle) -> dict[str, str]:
    state = CycleState(cycle.state)
    mark = "tick" if state == CycleState.FINAL else "half"
    return {"word": str(state.label), "tone": _TONES.get(state, "blue"), "mark": mark}


@signed_in("Each role sees of assessments what the policy table says; who takes part in none finds nothing here.")
@require_safe
def listing(request: TenantRequest, tenant: str) -> HttpResponse:
    """All assessments, the newest first."""
    if not takes_part(request.access):
        raise Http404
    rows = [
        {
            "url": address("cycle", tenant, cycle.uid),
            "cells": [
                {"text": cycle.title},
                {"text": cycle.programme.title, "label": _("Programme")},
                {"text": str(cycle.year), "label": _("Year"), "numeric": True},
                {"text": str(cycle.rubric), "label": _("Rubric")},
                {"chip": stage_chip(cycle), "label": _("Stage")},
            ],
        }
        for cycle in Cycle.objects.select_related("programme", "rubric")
    ]
    may_create = request.access.can("programme", "C")
    empty = {
        "title": _("No assessment yet."),
        "text": _("An assessment belongs to a programme year: choose its rubric, freeze the list, and lead it stage by stage."),
        "action_url": address("cycle_create", tenant) if may_create else "",
        "action_label": _("New assessment"),
    }
    columns = [
        {"key": "title", "label": _("Assessment")},
        {"key": "programme", "label": _("Programme"), "wide": True},
        {"key": "year", "label": _("Year"), "numeric": True},
        {"key": "rubric", "label": _("Rubric")},
        {"key": "stage", "label": _("Stage")},
    ]
    context = {
        "heading": _("Assessment"),
        "breadcrumb": trail(tenant),
        "help_text": _("A year is assessed once: self-report, review, decision of the leading group, public notice, archive."),
        "table": {"id": "cycles", "caption": _("Assessments"), "columns": columns, "rows": rows, "empty": empty},
        "create_url": address("cycle_create", tenant) if may_create and rows else "",
        "rubrics_url": address("rubric_list", tenant) if request.access.can("programme", "R") else "",
    }
    return answer(request, "assessment/cycles/list.html", context)


@allow("programme", GET="C", POST="C")
def create(request: TenantRequest, tenant: str) -> HttpResponse:
    """Begin to prepare an assessment."""
    if not Rubric.objects.filter(is_what_if=False).exists():
        return done(request, _("An assessment needs a rubric first: make one here."), address("rubric_list", tenant))
    if not Programme.objects.exists():
        return done(
            request,
            _("An assessment belongs to a programme year: make one first."),
            reverse("pairing:programme_create", args=[tenant]),
        )
    form = CycleForm(request.POST or None)
    cycle = attempt(form, lambda: actions.create_cycle(**form.values(), actor=request.access.actor))
    if cycle is not None:
        return HttpResponseRedirect(address("cycle", tenant, cycle.uid))
    heading = _("New assessment")
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(tenant, last=heading),
        cancel_url=address("cycle_list", tenant),
        help_text=_("Nothing is frozen by this: rubric and list are looked at once more before."),
    )


# -- one cycle -----------------------------------------------------------------------------------


@signed_in("Each role sees of an assessment what the policy table says; who takes part in none finds nothing here.")
@require_safe
def one(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """Where it stands, what comes next and who does it; figures for the county, the own pairings for a unit."""
    row = cycle_of(cycle, request.access)
    stage = STAGES[CycleState(row.state)]
    is_county = sees_scores(request.access)
    can_lead = request.access.can("result", "X")
    missing: dict[str, int] = {}
    n_pending: int | None = None
    if is_county and row.state in (CycleState.REVIEW, CycleState.SCORED):
        live = score(row)
        missing, n_pending = missing_in(live), sum(one.n_pending > 0 for one in live)
    counts = progress(row) if is_county else None
    context = {
        "heading": row.title,
        "breadcrumb": trail(tenant, last=row.title),
        "help_text": _("One stage after another; the page says what happens now and what comes next."),
        "stages": _stages(row),
        "now": stage.now,
        "who": stage.who,
        "then": stage.then if is_county or row.state != CycleState.FINAL else _THEIRS,
        "facts": _facts(row, tenant, request),
        "steps": _steps(row, tenant) if can_lead else [],
        "figures": _figures(counts, n_pending) if counts else [],
        "missing": _missing(missing, row, tenant),
        "places": _places(request, row, tenant),
        "own": _own(request, row, tenant),
    }
    return answer(request, "assessment/cycles/cycle.html", context)


def _stages(cycle: Cycle) -> list[dict[str, Any]]:
    here = ORDER.index(CycleState(cycle.state))
    words = ("done", "current", "todo")
    return [{"label": state.label, "state": words[(n >= here) + (n > here)]} for n, state in enumerate(ORDER)]


def _facts(cycle: Cycle, tenant: str, request: TenantRequest) -> list[dict[str, Any]]:
    rubric_url = address("rubric", tenant, cycle.rubric.uid) if request.access.can("programme", "R") else ""
    found = [
        {"label": _("Programme"), "text": cycle.programme.title},
        {"label": _("Assessed period"), "text": f"{cells.long_day(cycle.starts_on)}—{cells.long_day(cycle.ends_on)}"},
        {
            "label": _("Rubric"),
            "text": _("%(title)s, %(code)s version %(n)d")
            % {"title": cycle.rubric.title, "code": cycle.rubric.code, "n": cycle.rubric.number},
            "url": rubric_url,
        },
    ]
    if cycle.self_report_until:
        found.append({"label": _("Self-reports until"), "text": cells.long_day(cycle.self_report_until)})
    if cycle.scored_at and sees_scores(request.access):
        found.append({"label": _("Scores computed at"), "text": cells.minute(cycle.scored_at)})
    if cycle.minutes_no and is_public(cycle.state):
        text = f"{cycle.minutes_no} {cells.long_day(cycle.decided_on)}" if cycle.decided_on else cycle.minutes_no
        found.append({"label": _("Minutes of the leading group"), "text": text})
    taken_back = Correction.objects.filter(cycle=cycle, is_taken_back=True).order_by("id").last()
    if taken_back is not None:
        text = f"{cells.long_day(localtime(taken_back.at).date())} {taken_back.reason}"
        found.append({"label": _("Public notice taken back"), "text": text})
    if cycle.public_from and cycle.public_to:
        text = f"{cells.long_day(cycle.public_from)}—{cells.long_day(cycle.public_to)}"
        found.append({"label": _("Public notice"), "text": text})
    return found


def _step(label: Any, url: str, *, primary: bool = False) -> dict[str, Any]:
    return {"label": label, "url": url, "primary": primary}


def _steps(cycle: Cycle, tenant: str) -> list[dict[str, Any]]:
    """What the county administrator can do now; the first is the way forward."""

    def to(code: str) -> str:
        return address("cycle_step", tenant, cycle.uid, code)

    configure = address("cycle_configure", tenant, cycle.uid)
    found: dict[CycleState, list[dict[str, Any]]] = {
        CycleState.DRAFT: [_step(_("Look at the list and freeze it"), configure, primary=True)],
        CycleState.CONFIGURED: [
            _step(_("Open the self-reports"), to("open-reports"), primary=True),
            _step(_("Make the list anew"), configure),
        ],
        CycleState.SELF_REPORT: [
            _step(_("Begin the review"), to("open-review"), primary=True),
            _step(_("Give more time"), to("extend")),
        ],
        CycleState.REVIEW: [_step(_("Compute the scores"), to("score"), primary=True)],
        CycleState.SCORED: [
            _step(_("Bring before the leading group"), to("decide"), primary=True),
            _step(_("Compute again"), to("score")),
            _step(_("Reopen the review"), to("reopen")),
        ],
        CycleState.DECISION: [
            _step(_("Decision of the leading group"), address("decision", tenant, cycle.uid), primary=True),
            _step(_("Publish the grades"), to("publish")),
            _step(_("Reopen the review"), to("reopen")),
        ],
        CycleState.PUBLICITY: [
            _step(_("Close the year"), to("finish"), primary=True),
            _step(_("Compute again"), to("recompute")),
            _step(_("Take the notice back"), to("take-back")),
        ],
        CycleState.FINAL: [],
    }
    return found[CycleState(cycle.state)]


def _figures(counts: Progress, n_pending: int | None) -> list[dict[str, Any]]:
    """``n_pending``: sheets that lack a figure at this moment; None at a stage where nothing is entered."""
    found = [
        {"label": _("Assessed pairings"), "value": cells.number(counts.assessed), "note": _units(counts.units)},
        {"label": _("Exempt"), "value": cells.number(counts.exempt)},
        {"label": _("Self-reports handed in"), "value": cells.number(counts.handed_in)},
        {"label": _("Approved by the head of the unit"), "value": cells.number(counts.approved)},
        {"label": _("Disputes without an answer"), "value": cells.number(counts.open_disputes)},
    ]
    if n_pending is not None:
        found.append({"label": _("Sheets that lack a figure"), "value": cells.number(n_pending)})
    return found


def _units(n: int) -> str:
    return ngettext("of %(n)d unit", "of %(n)d units", n) % {"n": n}


def _missing(missing: dict[str, int], cycle: Cycle, tenant: str) -> list[dict[str, Any]]:
    """Each line with a missing figure, as a link to where it is entered."""
    found = []
    for line in lines_of(cycle.rubric):
        n = missing.get(line.code, 0)
        if not n:
            continue
        words = ngettext("%(line)s: missing for %(n)d pairing", "%(line)s: missing for %(n)d pairings", n)
        url = f"{address('review', tenant, cycle.uid)}?line={line.code}"
        if line.reading == "poll":
            url = address("poll_list", tenant)
        found.append({"label": words % {"line": str(line), "n": n}, "url": url})
    return found


def _places(request: TenantRequest, cycle: Cycle, tenant: str) -> list[dict[str, str]]:
    """Pages of the cycle that this person may open now."""
    access, found = request.access, []
    has_list = reached(cycle.state, CycleState.CONFIGURED)
    if has_list and access.can("entry", "R"):
        found.append((_("Review: figures of the scorers"), address("review", tenant, cycle.uid)))
    if sees_scores(access) and reached(cycle.state, CycleState.SELF_REPORT):
        found.append((_("Self-reports and disputes"), address("self_reports", tenant, cycle.uid)))
    if has_list and access.can("score", "R") and access.can("programme", "U"):
        found.append((_("What if: move weights and see who changes grade"), address("what_if", tenant, cycle.uid)))
    if sees_scores(access) and reached(cycle.state, CycleState.SCORED):
        found.append((_("Scores and grades"), address("results", tenant, cycle.uid)))
    if is_public(cycle.state) and sees_grades(access, cycle):
        found.append((_("Public notice"), address("publicity", tenant, cycle.uid)))
    if cycle.state == CycleState.FINAL and sees_scores(access):
        found.append((_("Archive"), address("archive", tenant, cycle.uid)))
    return [{"label": label, "url": url} for label, url in found]


def sheet_url(tenant: str, cycle: Cycle, row: Any) -> str:
    """The score sheet of a pairing."""
    try:
        return address("sheet", tenant, cycle.uid, row.pairing.uid)
    except NoReverseMatch:
        return ""


def report_chip(report: SelfReport | None) -> dict[str, str]:
    """How far a self-report is."""
    if report is None:
        return {"word": _("not begun"), "tone": "grey", "mark": "hollow"}
    if report.approved_on:
        return {"word": pgettext("self-report", "approved"), "tone": "green", "mark": "tick"}
    if report.submitted_on:
        return {"word": _("waits for the head of the unit"), "tone": "indigo", "mark": "hourglass"}
    return {"word": _("being written"), "tone": "blue", "mark": "half"}


def _own(request: TenantRequest, cycle: Cycle, tenant: str) -> dict[str, Any] | None:
    """The pairings of a unit or a town, with their reports; nothing for the county, which has pages of its own for it."""
    access = request.access
    if sees_scores(access) or not reached(cycle.state, CycleState.SELF_REPORT):
        return None
    rows = list(seen_list(access, cycle).select_related("pairing"))
    if access.reach("self_report", "R") is None or not rows:
        return None
    reports = {
        one.pairing_id: one for one in SelfReport.objects.filter(cycle=cycle, pairing__in=[row.pairing_id for row in rows])
    }
    approves = set(reported_by(access, cycle, "X").values_list("pk", flat=True)) if access.can("self_report", "X") else set()
    grades = _grades(cycle, {row.unit_id for row in rows}) if is_public(cycle.state) else {}
    found = []
    for row in rows:
        report: dict[str, Any] = {"label": _("Self-report"), "chip": report_chip(reports.get(row.pairing_id))}
        if row.exempt_because:
            report = {"label": _("Self-report"), "text": _("exempt: %(reason)s") % {"reason": row.exempt_because}}
        has_sheet = is_public(cycle.state) and not row.exempt_because and access.can("self_report", "U")
        sheet = {
            "label": _("Score sheet"),
            "text": _("Score sheet") if has_sheet else "",
            "url": sheet_url(tenant, cycle, row) if has_sheet else "",
        }
        found.append(
            {
                "url": address(
                    "self_report_approve" if row.pk in approves else "self_report", tenant, cycle.uid, row.pairing.uid
                ),
                "cells": [{"text": sides(row)}, report, {"label": _("Grade"), "text": grades.get(row.unit_id, "")}, sheet],
            }
        )
    columns = [
        {"key": "pairing", "label": _("Pairing"), "wide": True},
        {"key": "report", "label": _("Self-report")},
        {"key": "grade", "label": _("Grade")},
        {"key": "sheet", "label": _("Score sheet")},
    ]
    if not is_public(cycle.state):
        columns = columns[:2]
        found = [{**row, "cells": row["cells"][:2]} for row in found]
    return {"id": "own", "caption": _("Own pairings"), "columns": columns, "rows": found}


def _grades(cycle: Cycle, units: set[int]) -> dict[int, str]:
    words = grade_words(cycle.rubric_id)
    rows = UnitResult.objects.filter(cycle=cycle, unit__in=units).values_list("unit_id", "grade_final")
    return {unit: words.get(grade, str(Grade(grade).label)) for unit, grade in rows}


# -- freezing ------------------------------------------------------------------------------------


@allow("programme", GET="X", POST="X")
def configure(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """The list as it would be frozen: months, and who is exempt with which reason."""
    row = cycle_of(cycle, request.access)
    if row.state not in (CycleState.DRAFT, CycleState.CONFIGURED):
        return done(request, _("The list is frozen: it does not change any more."), address("cycle", tenant, row.uid))
    found = candidates(row)
    typed = (
        {one.pairing.pk: request.POST.get(f"exempt_{one.pairing.uid}", "") for one in found} if request.method == "POST" else {}
    )
    refused: list[str] = []
    if request.method == "POST":
        form = NothingForm(request.POST)
        n = attempt(form, lambda: actions.configure(cycle=row, exempt=typed, actor=request.access.actor))
        if n is not None:
            words = ngettext("Frozen: %(n)d pairing is assessed.", "Frozen: %(n)d pairings are assessed.", n)
            return done(request, words % {"n": n}, address("cycle", tenant, row.uid))
        refused = [str(sentence) for sentence in form.non_field_errors()]
    kept = dict(Assessed.objects.filter(cycle=row).values_list("pairing_id", "exempt_because"))
    heading = _("Freeze rubric and list")
    problems = faults(row.rubric)
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, (row.title, address("cycle", tenant, row.uid)), last=heading),
        "help_text": _("From then on neither the rubric nor the list changes. A pairing is exempt by a reason beside it."),
        "refused": refused,
        "faults": [one for one in problems if not one.is_warning],
        "warnings": [one for one in problems if one.is_warning],
        "rubric": {"label": row.rubric.title, "url": address("rubric", tenant, row.rubric.uid)},
        "rows": [_candidate(one, typed, kept) for one in found],
        "cancel_url": address("cycle", tenant, row.uid),
    }
    return answer(request, "assessment/cycles/configure.html", context, status=422 if refused else 200)


def _candidate(one: Candidate, typed: dict[int, str], kept: dict[int, str]) -> dict[str, Any]:
    return {
        "name": f"exempt_{one.pairing.uid}",
        "unit": one.pairing.unit.name,
        "village": one.pairing.village.name,
        "town": one.pairing.village.parent.name if one.pairing.village.parent else "",
        "months": one.months,
        "reason": typed.get(one.pairing.pk, kept.get(one.pairing.pk, "")),
        "short": one.months == 0,
    }
