"""The steps that lead an assessment on: each says beforehand what will happen, then does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.views.frame import attempt, done
from assessment.actions import corrections, cycles, decisions
from assessment.forms.cycles import NothingForm, ReasonForm, UntilForm
from assessment.models import Cycle
from assessment.views.frame import address, cycle_of, of_cycle, trail
from lib.htmx import answer
from tenancy.access import TenantRequest, allow
from tenancy.scope import Actor

Deed = Callable[[Cycle, dict[str, Any], Actor], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title, what will happen, the button, the sentence afterwards, what is asked."""

    title: Promise
    points: tuple[Promise, ...]
    label: Promise
    afterwards: Promise
    deed: Deed
    form: type[forms.Form] = NothingForm
    # Where to go afterwards; the cycle's page unless told.
    then: str = "cycle"


STEPS: Mapping[str, Step] = {
    "open-reports": Step(
        _("Open the self-reports"),
        (
            _("The figures of each pairing are counted from the ledgers, and its unit sees them."),
            _("Liaisons write, heads of units approve; a figure is disputed by pointing at its record."),
        ),
        _("Open the self-reports"),
        _("Self-reports are open."),
        lambda cycle, given, actor: cycles.open_self_reports(cycle=cycle, until=given["until"], actor=actor),
        UntilForm,
    ),
    "extend": Step(
        _("Give more time"),
        (_("Units hand in until the new day."),),
        _("Give more time"),
        _("Units have more time."),
        lambda cycle, given, actor: cycles.extend_self_reports(cycle=cycle, until=given["until"], actor=actor),
        UntilForm,
    ),
    "open-review": Step(
        _("Begin the review"),
        (
            _("Units cannot change their reports any more. A unit that reported nothing is scored all the same."),
            _("Scorers enter their figures, line by line."),
        ),
        _("Begin the review"),
        _("The review has begun."),
        lambda cycle, given, actor: cycles.open_review(cycle=cycle, actor=actor),
    ),
    "score": Step(
        _("Compute the scores"),
        (
            _("All assessed pairings are computed from records, papers, households and what people entered."),
            _("A figure that is missing counts nothing so far and is named on the page of the assessment."),
        ),
        _("Compute the scores"),
        _("The scores are computed."),
        lambda cycle, given, actor: decisions.score(cycle=cycle, actor=actor),
    ),
    "reopen": Step(
        _("Reopen the review"),
        (_("Scorers may enter again. Afterwards the scores are computed anew."),),
        _("Reopen the review"),
        _("The review is open again."),
        lambda cycle, given, actor: cycles.reopen_review(cycle=cycle, reason=given["reason"], actor=actor),
        ReasonForm,
    ),
    "decide": Step(
        _("Bring before the leading group"),
        (
            _("A unit's score is the mean of its pairings' scores."),
            _("The share of the top grade is applied, equal scores by the rubric's order; nobody is lifted to fill it."),
        ),
        _("Work out the grades"),
        _("Grades are worked out. Type in what the leading group decides."),
        lambda cycle, given, actor: decisions.bring_before_group(cycle=cycle, actor=actor),
        then="decision",
    ),
    "publish": Step(
        _("Publish the grades"),
        (
            _("Units see every unit's grade, in administrative order, without scores and without ranks."),
            _("The notice lasts five working days by the county's calendar, counted from the day after today."),
        ),
        _("Publish"),
        _("Published."),
        lambda cycle, given, actor: decisions.publish(cycle=cycle, actor=actor),
        then="publicity",
    ),
    "recompute": Step(
        _("Compute again"),
        (
            _("Grades are public already: each score that changes is kept with before and after, and with the reason."),
            _("The share of the top grade is applied again."),
        ),
        _("Compute again"),
        _("Computed again; what changed is listed below."),
        lambda cycle, given, actor: decisions.recompute(cycle=cycle, reason=given["reason"], actor=actor),
        ReasonForm,
        then="results",
    ),
    "take-back": Step(
        _("Take the notice back"),
        (
            _("Units see no grades any more; what the notice said is kept, with the reason."),
            _("A figure is put right, scores are computed again, the group decides once more, and grades are published anew."),
            _("Scores and grades that became others are listed with before and after."),
        ),
        _("Take the notice back"),
        _("The notice is taken back. Type in what the group decides now, or reopen the review."),
        lambda cycle, given, actor: corrections.take_back(cycle=cycle, reason=given["reason"], actor=actor),
        ReasonForm,
    ),
    "finish": Step(
        _("Close the year"),
        (
            _("Rubric, list, figures, scores and decisions are frozen into an archive with a digest."),
            _("What is corrected later does not change it. This cannot be taken back."),
        ),
        _("Close the year"),
        _("The year is closed; its archive is below."),
        lambda cycle, given, actor: decisions.finish(cycle=cycle, actor=actor),
        then="archive",
    ),
}


@allow("result", GET="X", POST="X")
def step(request: TenantRequest, tenant: str, cycle: UUID, step: str) -> HttpResponse:
    """One step of an assessment, asked before it is done."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    row = cycle_of(cycle, request.access)
    initial = {"until": row.self_report_until}
    form = chosen.form(request.POST if request.method == "POST" else None, initial=initial)
    did = attempt(form, lambda: chosen.deed(row, form.cleaned_data, request.access.actor) or True)
    if did is not None:
        return done(request, str(chosen.afterwards), address(chosen.then, tenant, row.uid))
    context = {
        "heading": chosen.title,
        "breadcrumb": trail(tenant, of_cycle(row, tenant), last=str(chosen.title)),
        "help_text": gettext("Read what will happen, then do it."),
        "confirm": {
            "title": row.title,
            "points": chosen.points,
            "action": "",
            "label": chosen.label,
            "cancel_url": address("cycle", tenant, row.uid),
            "grave": step in ("finish", "take-back"),
        },
        "form": form,
    }
    return answer(request, "assessment/cycles/step.html", context, status=422 if form.is_bound else 200)
