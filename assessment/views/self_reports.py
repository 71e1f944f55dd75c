"""A unit's report on one pairing: figures filled in beforehand and read-only, text, own score, disputes; approving it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Record
from activities.views.frame import attempt, done, form_page
from assessment.actions import disputes as dispute_actions
from assessment.actions import self_reports as actions
from assessment.forms.cycles import ReasonForm
from assessment.forms.self_reports import AnswerForm, DisputeForm, SelfReportForm
from assessment.models import Assessed, Cycle, CycleState, Dispute, LineSource, RubricLine, Section, SelfReport
from assessment.queries.lists import scored_ones
from assessment.queries.prefilled import Prefilled, is_of_the_ledgers, prefilled
from assessment.queries.sheets import Ref
from assessment.rights import reported_by, sees_scores
from assessment.stages import is_public, reached
from assessment.views.cycles import report_chip
from assessment.views.frame import address, assessed_of, cycle_of, of_cycle, points, short, sides, trail
from lib.htmx import answer
from lib.kinds import cells
from tenancy.access import TenantRequest, allow

# Lines that a unit says nothing of: what the village and the villagers think of it.
_NOT_ASKED = (LineSource.OTHER_SIDE, LineSource.POLL)


def asked(lines: list[Prefilled]) -> list[RubricLine]:
    """The lines on which a unit may give itself points."""
    return [one.line for one in lines if one.line.source not in _NOT_ASKED and one.line.group.section == Section.BASE]


def _report_of(cycle: Cycle, row: Assessed) -> SelfReport | None:
    found: SelfReport | None = SelfReport.objects.filter(cycle=cycle, pairing=row.pairing_id).first()
    return found


def _open_cycle(uid: UUID, request: TenantRequest) -> Cycle:
    """The cycle, from the day on which self-reports were opened."""
    cycle = cycle_of(uid, request.access)
    if not reached(cycle.state, CycleState.SELF_REPORT):
        raise Http404
    return cycle


@allow("self_report", GET="R", POST="U")
def one(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID) -> HttpResponse:
    """The report: written by the liaison, read by the county."""
    row = _open_cycle(cycle, request)
    action = "U" if request.method == "POST" else "R"
    assessed = assessed_of(reported_by(request.access, row, action), pairing)
    report = _report_of(row, assessed)
    lines = prefilled(row, assessed)
    may_write = _may_write(request, row, assessed, report)
    form = SelfReportForm(request.POST or None, lines=asked(lines), initial=_initial(report))
    hands_in = request.POST.get("do") == "hand_in"
    saved = attempt(
        form,
        lambda: actions.save_report(
            cycle=row, pairing_id=assessed.pairing_id, saying=form.saying(), actor=request.access.actor, hand_in=hands_in
        ),
    )
    if saved is not None:
        sentence = (
            _("Handed in. The head of the unit approves it now.") if hands_in else _("Kept. Hand it in when it is finished.")
        )
        return done(request, sentence, address("self_report", tenant, row.uid, pairing))
    context = _page(request, tenant, row, assessed, report, lines, form if may_write else None)
    return answer(request, "assessment/self_reports/report.html", context, status=422 if form.is_bound else 200)


def _may_write(request: TenantRequest, cycle: Cycle, row: Assessed, report: SelfReport | None) -> bool:
    if cycle.state != CycleState.SELF_REPORT or row.exempt_because or (report and report.approved_on):
        return False
    return request.access.can("self_report", "U") and reported_by(request.access, cycle, "U").filter(pk=row.pk).exists()


def _may_object(request: TenantRequest, cycle: Cycle, row: Assessed) -> bool:
    """While grades are public, a figure is disputed as it was in the self-report."""
    if row.exempt_because or not dispute_actions.may_object(cycle):
        return False
    return request.access.can("self_report", "U") and reported_by(request.access, cycle, "U").filter(pk=row.pk).exists()


def _initial(report: SelfReport | None) -> dict[str, Any]:
    if report is None:
        return {}
    return {
        "text": report.text,
        "self_score": report.self_score,
        **{f"line_{code}": score for code, score in report.line_scores.items()},
    }


def _page(
    request: TenantRequest, tenant: str, cycle: Cycle, row: Assessed, report: SelfReport | None, lines: list[Prefilled],
    form: SelfReportForm | None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    heading = _("Self-report: %(pairing)s") % {"pairing": sides(row)}
    disputes = list(Dispute.objects.filter(cycle=cycle, pairing=row.pairing_id).select_related("line", "record"))
    own = report.line_scores if report else {}
    may_dispute = form is not None or _may_object(request, cycle, row)
    return {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(cycle, tenant), last=heading),
        "help_text": _("Figures come from the ledgers and are not typed again. What is wrong in one is disputed by its record."),
        "exempt": row.exempt_because,
        "chip": report_chip(report),
        "until": cells.long_day(cycle.self_report_until) if cycle.self_report_until else "",
        "lines": [_line(one, tenant, cycle, row, own, form, disputes, may_dispute=may_dispute) for one in lines],
        "may_object": may_dispute and form is None,
        "form": form,
        "text": report.text if report else "",
        "self_score": short(report.self_score) if report and report.self_score is not None else "",
        "signed": _signed(report),
        "disputes": [_dispute(one, tenant, cycle, request) for one in disputes],
        **more,
    }


def _signed(report: SelfReport | None) -> list[dict[str, str]]:
    if report is None:
        return []
    found = []
    if report.submitted_on:
        found.append({"label": _("Handed in"), "text": f"{report.author_name} {cells.long_day(report.submitted_on)}"})
    if report.approved_on:
        found.append({"label": _("Approved"), "text": f"{report.approved_name} {cells.long_day(report.approved_on)}"})
    return found


def _line(
    one: Prefilled,
    tenant: str,
    cycle: Cycle,
    row: Assessed,
    own: dict[str, str],
    form: SelfReportForm | None,
    disputes: list[Dispute],
    *,
    may_dispute: bool,
) -> dict[str, Any]:
    line = one.line
    can_dispute = may_dispute and is_of_the_ledgers(line)
    return {
        "code": line.code,
        "name": line.name,
        "marks": short(line.max_score),
        "rule": one.rule,
        "figures": one.figures,
        "source": LineSource(line.source).label,
        "counted": [_ref(ref, tenant) for ref in one.counted],
        "not_counted": [_ref(ref, tenant) for ref in one.not_counted],
        "field": form[f"line_{line.code}"] if form is not None and f"line_{line.code}" in form.fields else None,
        "own": points(own[line.code]) if line.code in own else "",
        "dispute_url": address("dispute", tenant, cycle.uid, row.pairing.uid, line.code) if can_dispute else "",
        "n_disputes": sum(dispute.line_id == line.pk for dispute in disputes),
    }


def _ref(ref: Ref, tenant: str) -> dict[str, str]:
    """A record, paper or period as a link, with why it does not count."""
    url = reverse(ref.url_name, args=[tenant, ref.uid]) if ref.url_name and ref.uid else ""
    return {"label": ref.label, "url": url, "why": ref.why or ref.note}


def _dispute(one: Dispute, tenant: str, cycle: Cycle, request: TenantRequest) -> dict[str, Any]:
    if one.is_upheld is None:
        chip = {"word": _("waits for an answer"), "tone": "indigo", "mark": "hourglass"}
    elif one.is_upheld:
        chip = {"word": _("the unit is right"), "tone": "green", "mark": "tick"}
    else:
        chip = {"word": _("the figure stands"), "tone": "grey", "mark": "dash"}
    waits = one.is_upheld is None and request.access.can("programme", "U")
    return {
        "line": f"{one.line.code} {one.line.name}",
        "text": one.text,
        "who": f"{one.author_name} {cells.long_day(one.raised_on)}",
        "record": str(one.record) if one.record else "",
        "record_url": reverse("activities:record", args=[tenant, one.record.uid]) if one.record else "",
        "chip": chip,
        "answer": one.answer,
        "answered": f"{one.answered_name} {cells.long_day(one.answered_on)}" if one.answered_on else "",
        "answer_url": address("dispute_answer", tenant, cycle.uid, one.uid) if waits else "",
    }


# -- the head of the unit ------------------------------------------------------------------------


@allow("self_report", GET="X", POST="X")
def approve(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID) -> HttpResponse:
    """The head of the unit reads the report and stands by it."""
    row = _open_cycle(cycle, request)
    assessed = assessed_of(reported_by(request.access, row, "X"), pairing)
    form = ReasonForm()
    if request.method == "POST":
        here = address("self_report_approve", tenant, row.uid, pairing)
        form = ReasonForm({"reason": request.POST.get("reason", "") or "-"})
        did = attempt(form, lambda: actions.approve_report(cycle=row, pairing_id=assessed.pairing_id, actor=request.access.actor))
        if did is not None:
            return done(request, _("Approved. The report stands."), here)
    return _approving(request, tenant, row, assessed, form)


@allow("self_report", POST="X")
def give_back(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID) -> HttpResponse:
    """The head of the unit gives the report back to the liaison, saying why."""
    row = _open_cycle(cycle, request)
    assessed = assessed_of(reported_by(request.access, row, "X"), pairing)
    form = ReasonForm(request.POST)
    did = attempt(
        form,
        lambda: actions.return_report(
            cycle=row, pairing_id=assessed.pairing_id, reason=form.cleaned_data["reason"], actor=request.access.actor
        ),
    )
    if did is not None:
        return done(request, _("Given back to the liaison."), address("self_report_approve", tenant, row.uid, pairing))
    return _approving(request, tenant, row, assessed, form)


def _approving(request: TenantRequest, tenant: str, cycle: Cycle, row: Assessed, form: ReasonForm) -> HttpResponse:
    report = _report_of(cycle, row)
    waits = bool(report and report.submitted_on and not report.approved_on and cycle.state == CycleState.SELF_REPORT)
    more = {
        "approve_url": address("self_report_approve", tenant, cycle.uid, row.pairing.uid) if waits else "",
        "return_url": address("self_report_return", tenant, cycle.uid, row.pairing.uid) if waits else "",
        "reason_form": form,
    }
    context = _page(request, tenant, cycle, row, report, prefilled(cycle, row), None, **more)
    return answer(request, "assessment/self_reports/report.html", context, status=422 if form.is_bound else 200)


# -- disputes ------------------------------------------------------------------------------------


def _records(cycle: Cycle, row: Assessed) -> QuerySet[Record]:
    """Records of the pairing in the assessed period, the newest first."""
    found: QuerySet[Record] = Record.objects.filter(
        shares__pairing=row.pairing_id, occurred_on__range=(cycle.starts_on, cycle.ends_on)
    ).distinct()
    return found.order_by("-occurred_on", "-id")


@allow("self_report", GET="U", POST="U")
def dispute(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID, code: str) -> HttpResponse:
    """Say that a figure is wrong, and by which record."""
    row = _open_cycle(cycle, request)
    assessed = assessed_of(reported_by(request.access, row, "U"), pairing)
    line: RubricLine = get_object_or_404(RubricLine, rubric=row.rubric_id, code=code)
    back = address("self_report", tenant, row.uid, pairing)
    form = DisputeForm(request.POST or None, records=_records(row, assessed))
    raised = attempt(
        form,
        lambda: dispute_actions.raise_dispute(
            cycle=row, assessed=assessed, line=line, record=form.cleaned_data["record"], text=form.cleaned_data["text"],
            actor=request.access.actor,
        ),
    )  # fmt: skip
    if raised is not None:
        public = is_public(row.state)
        words_of = (
            _("The county answers it before the year is closed.")
            if public
            else _("The county answers it before the scores are worked out.")
        )
        return done(request, words_of, back)
    heading = _("Dispute the figure of %(line)s") % {"line": str(line)}
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(tenant, of_cycle(row, tenant), (sides(assessed), back), last=heading),
        cancel_url=back,
        help_text=_("Point at the record and say what is wrong; the county looks at it."),
    )


@allow("programme", GET="U", POST="U")
def answer_dispute(request: TenantRequest, tenant: str, cycle: UUID, dispute: UUID) -> HttpResponse:
    """The county's answer."""
    row = _open_cycle(cycle, request)
    found: Dispute = get_object_or_404(
        Dispute.objects.select_related("line", "record", "cycle", "pairing"), cycle=row, uid=dispute
    )
    back = address("self_reports", tenant, row.uid)
    form = AnswerForm(request.POST or None)
    did = attempt(form, lambda: dispute_actions.answer_dispute(dispute=found, actor=request.access.actor, **form.cleaned_data))
    if did is not None:
        return done(request, _("Answered. What is wrong in a record is put right in the record."), back)
    heading = _("Answer a dispute of %(line)s") % {"line": str(found.line)}
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(tenant, of_cycle(row, tenant), (_("Self-reports and disputes"), back), last=heading),
        cancel_url=back,
        template="assessment/self_reports/answer.html",
        dispute=_dispute(found, tenant, row, request),
    )


# -- the county ----------------------------------------------------------------------------------


@allow("score", GET="R")
def listing(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """Who has reported, in administrative order, and every dispute."""
    if not sees_scores(request.access):
        raise Http404
    row = _open_cycle(cycle, request)
    reports = {one.pairing_id: one for one in SelfReport.objects.filter(cycle=row)}
    rows = []
    for one in scored_ones(row):
        report = reports.get(one.pairing_id)
        rows.append(
            {
                "url": address("self_report", tenant, row.uid, one.pairing.uid),
                "cells": [
                    {"text": one.unit.name},
                    {"text": one.village.name, "label": _("Village")},
                    {"chip": report_chip(report), "label": _("Self-report")},
                    {
                        "text": points(report.self_score) if report and report.self_score is not None else "",
                        "label": _("Own score"),
                        "numeric": True,
                    },
                    {
                        "text": cells.day(report.submitted_on) if report and report.submitted_on else "",
                        "label": _("Handed in on"),
                    },
                ],
            }
        )
    disputes = Dispute.objects.filter(cycle=row).select_related("line", "record", "pairing__unit", "pairing__village")
    heading = _("Self-reports and disputes")
    n = sum(one.is_upheld is None for one in disputes)
    columns = [
        {"key": "unit", "label": _("Unit"), "wide": True},
        {"key": "village", "label": _("Village")},
        {"key": "state", "label": _("Self-report")},
        {"key": "own", "label": _("Own score"), "numeric": True},
        {"key": "day", "label": _("Handed in on")},
    ]
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), last=heading),
        "help_text": _("In administrative order. A unit that reports nothing is scored all the same."),
        "disputes": [
            {**_dispute(one, tenant, row, request), "pairing": f"{one.pairing.unit.name} — {one.pairing.village.name}"}
            for one in disputes
        ],
        "excel_url": address("self_reports_excel", tenant, row.uid) if request.access.can("export", "E") else "",
        "waiting": ngettext("%(n)d dispute waits for an answer", "%(n)d disputes wait for an answer", n) % {"n": n},
        "table": {
            "id": "reports", "caption": heading, "columns": columns, "rows": rows,
            "empty": {"title": _("Nobody is assessed."), "text": _("The list of this assessment is empty.")},
        },
    }  # fmt: skip
    return answer(request, "assessment/self_reports/list.html", context)
