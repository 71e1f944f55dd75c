"""Rubrics: their versions, one of them in words with what the validator says, and changing a draft of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from activities.views.frame import attempt, done, form_page
from assessment.actions import rubrics as actions
from assessment.forms.rubrics import BandsForm, GroupForm, LineForm, RubricForm
from assessment.models import Cycle, LineSource, Rubric, RubricBand, RubricGroup, RubricLine, Section
from assessment.patterns import words
from assessment.readings import READINGS
from assessment.refusals import AssessmentRefused
from assessment.rubrics import faults
from assessment.views.frame import address, short, trail
from lib.htmx import answer
from lib.kinds import cells
from tenancy.access import TenantRequest, allow


def _rubric(uid: UUID) -> Rubric:
    found: Rubric = get_object_or_404(Rubric.objects.select_related("copied_from"), uid=uid)
    return found


def _above(tenant: str) -> tuple[str, str]:
    return _("Rubrics"), address("rubric_list", tenant)


def version_words(rubric: Rubric) -> str:
    return _("%(code)s version %(n)d") % {"code": rubric.code, "n": rubric.number}


def state_chip(rubric: Rubric) -> dict[str, str]:
    """Frozen, a draft, or a what-if copy."""
    if rubric.is_what_if:
        return {"word": _("what-if"), "tone": "indigo", "mark": "question"}
    if rubric.frozen_at:
        return {"word": _("frozen"), "tone": "green", "mark": "lock"}
    return {"word": _("draft"), "tone": "blue", "mark": "half"}


@allow("programme", GET="R")
def listing(request: TenantRequest, tenant: str) -> HttpResponse:
    """Every version of every rubric; what-if copies stand with their assessment."""
    used: dict[int, list[str]] = {}
    for rubric, title in Cycle.objects.values_list("rubric_id", "title"):
        used.setdefault(rubric, []).append(title)
    rows = [
        {
            "url": address("rubric", tenant, one.uid),
            "cells": [
                {"text": one.title},
                {"text": version_words(one), "label": _("Version")},
                {"text": short(one.full_marks), "label": _("Full marks"), "numeric": True},
                {"text": _(", ").join(used.get(one.pk, [])), "label": _("Used by")},
                {"chip": state_chip(one), "label": _("State")},
            ],
        }
        for one in Rubric.objects.filter(is_what_if=False).order_by("code", "-number")
    ]
    heading = _("Rubrics")
    empty = {
        "title": _("No rubric yet."),
        "text": _("Begin with the preset JDGJ-100: all its lines can be changed before it is frozen."),
    }
    columns = [
        {"key": "title", "label": _("Rubric")},
        {"key": "version", "label": _("Version")},
        {"key": "marks", "label": _("Full marks"), "numeric": True},
        {"key": "used", "label": _("Used by"), "wide": True},
        {"key": "state", "label": _("State")},
    ]
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, last=heading),
        "help_text": _(
            "How a year is scored, line by line. A version that an assessment rests on is frozen; a change is the next version."
        ),
        "table": {"id": "rubrics", "caption": heading, "columns": columns, "rows": rows, "empty": empty},
        "preset_url": address("rubric_preset", tenant) if request.access.can("programme", "C") else "",
    }
    return answer(request, "assessment/rubrics/list.html", context)


@allow("programme", POST="C")
def preset(request: TenantRequest, tenant: str) -> HttpResponse:
    """JDGJ-100 as the next version of that code."""
    rubric = actions.make_preset(actor=request.access.actor)
    return done(
        request,
        _("The rubric is made. Read it line by line; nothing binds before it is frozen."),
        address("rubric", tenant, rubric.uid),
    )


@allow("programme", GET="R")
def one(request: TenantRequest, tenant: str, rubric: UUID) -> HttpResponse:
    """A rubric in words: each line a sentence, groups, bands, limits; beside it what the validator finds."""
    row = _rubric(rubric)
    is_draft = row.frozen_at is None
    may_edit = is_draft and request.access.can("programme", "U")
    found = faults(row)
    context = {
        "heading": row.title,
        "breadcrumb": trail(tenant, _above(tenant), last=row.title),
        "help_text": _("Each line says what it reads, how that becomes points, and who brings the figure."),
        "chip": state_chip(row),
        "version": version_words(row),
        "frozen_on": cells.minute(row.frozen_at) if row.frozen_at else "",
        "source": row.source_text,
        "doc_no": row.doc_no,
        "faults": [one for one in found if not one.is_warning],
        "warnings": [one for one in found if one.is_warning],
        "limits": _limits(row),
        "bands": _bands(row),
        "groups": _groups(row, tenant, may_edit=may_edit),
        "edit_url": address("rubric_edit", tenant, row.uid) if may_edit else "",
        "bands_url": address("rubric_bands", tenant, row.uid) if may_edit else "",
        "copy_url": address("rubric_copy", tenant, row.uid)
        if request.access.can("programme", "C") and not row.is_what_if
        else "",
        "group_add_url": address("rubric_group_add", tenant, row.uid) if may_edit else "",
        "drop_url": address("rubric_drop", tenant, row.uid) if may_edit else "",
    }
    return answer(request, "assessment/rubrics/rubric.html", context)


def _limits(rubric: Rubric) -> list[dict[str, str]]:
    ties = _(", then ").join([_("final score"), *rubric.tie_breakers])
    return [
        {"label": _("Full marks"), "text": short(rubric.full_marks)},
        {"label": _("Bonus at most"), "text": short(rubric.bonus_cap)},
        {"label": _("Deduction at most"), "text": short(rubric.deduction_cap)},
        {"label": _("Final score"), "text": _("from 0 to %(most)s") % {"most": short(rubric.final_cap)}},
        {"label": _("Top grade"), "text": _("for at most %(share)d %% of the units, rounded down") % {"share": rubric.top_share}},
        {"label": _("Order among equal scores"), "text": ties},
        {"label": _("Grade under a veto at most"), "text": str(rubric.get_veto_grade_display())},
    ]


def _bands(rubric: Rubric) -> list[dict[str, str]]:
    """From the best down: “good: 90 and above”, “fairly good: 80 up to below 90”."""
    rows = list(RubricBand.objects.filter(rubric=rubric))
    rows.sort(key=lambda band: (band.from_score is None, -(band.from_score or 0)))
    told, above = [], None
    for band in rows:
        if above is None:
            text = _("%(from)s and above") % {"from": short(band.from_score)}
        elif band.from_score is None:
            text = _("below %(to)s") % {"to": short(above)}
        else:
            text = _("%(from)s up to below %(to)s") % {"from": short(band.from_score), "to": short(above)}
        told.append({"label": band.word, "text": text})
        above = band.from_score
    return told


def _groups(rubric: Rubric, tenant: str, *, may_edit: bool) -> list[dict[str, Any]]:
    lines: dict[int, list[RubricLine]] = {}
    for line in RubricLine.objects.filter(rubric=rubric).order_by("position", "id"):
        lines.setdefault(line.group_id, []).append(line)
    found = []
    for group in RubricGroup.objects.filter(rubric=rubric):
        inside = lines.get(group.pk, [])
        found.append(
            {
                "code": group.code,
                "title": f"{group.code} {group.name}",
                "section": "" if group.section == Section.BASE else Section(group.section).label,
                "marks": short(sum((line.max_score for line in inside), start=0 * rubric.full_marks)),
                "cap": short(group.cap) if group.cap is not None else "",
                "url": address("rubric_group", tenant, rubric.uid, group.code) if may_edit else "",
                "add_url": address("rubric_line_add", tenant, rubric.uid, group.code) if may_edit else "",
                "drop_url": address("rubric_group_drop", tenant, rubric.uid, group.code) if may_edit and not inside else "",
                "lines": [_line(line, rubric, tenant, may_edit=may_edit) for line in inside],
            }
        )
    return found


def _line(line: RubricLine, rubric: Rubric, tenant: str, *, may_edit: bool) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "marks": short(line.max_score),
        "words": words(line),
        "reads": READINGS[line.reading].title,
        "source": LineSource(line.source).label,
        "department": line.department,
        "evidence": line.evidence,
        "on_site": line.on_site,
        "url": address("rubric_line", tenant, rubric.uid, line.code) if may_edit else "",
        "drop_url": address("rubric_line_drop", tenant, rubric.uid, line.code) if may_edit else "",
    }


# -- changing a draft ----------------------------------------------------------------------------


def draft_of(request: TenantRequest, tenant: str, uid: UUID) -> Rubric | HttpResponse:
    """The rubric, or the way back to its page when it is frozen."""
    row = _rubric(uid)
    if row.frozen_at is not None:
        sentence = _("This version is frozen: assessments rest on it. Copy it to the next version to change it.")
        return done(request, sentence, address("rubric", tenant, row.uid))
    return row


def edited(request: TenantRequest, tenant: str, row: Rubric, form: Any, deed: Any, heading: str, help_text: str) -> HttpResponse:
    """A form over a draft: save and go back to where one came from. ``deed`` None: it was tried already."""
    back = _back(request, tenant, row)
    if deed is not None and attempt(form, lambda: deed() or True) is not None:
        return HttpResponseRedirect(back)
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(tenant, _above(tenant), (row.title, address("rubric", tenant, row.uid)), last=heading),
        cancel_url=back,
        help_text=help_text,
    )


def _back(request: TenantRequest, tenant: str, row: Rubric) -> str:
    """The page of the rubric; of a what-if copy, the comparison that it belongs to."""
    if row.is_what_if:
        cycle = Cycle.objects.filter(rubric=row.copied_from_id).order_by("-id").first()
        if cycle is not None:
            return address("what_if_compare", tenant, cycle.uid, row.uid)
    return address("rubric", tenant, row.uid)


@allow("programme", GET="U", POST="U")
def edit(request: TenantRequest, tenant: str, rubric: UUID) -> HttpResponse:
    """Limits of the whole."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    initial = {name: getattr(row, name) for name in RubricForm.base_fields}
    form = RubricForm(request.POST or None, initial={**initial, "tie_breakers": ", ".join(row.tie_breakers)})
    deed = lambda: actions.change_rubric(rubric=row, values=form.values(), actor=request.access.actor)  # noqa: E731
    return edited(request, tenant, row, form, deed, _("Change limits"), _("What holds for the whole rubric."))


@allow("programme", GET="U", POST="U")
def bands(request: TenantRequest, tenant: str, rubric: UUID) -> HttpResponse:
    """Words and bounds of the grades."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    form = BandsForm(request.POST or None, bands=RubricBand.objects.filter(rubric=row).order_by("grade"))
    deed = lambda: actions.change_bands(rubric=row, bands=form.values(), actor=request.access.actor)  # noqa: E731
    help_text = _("A grade reaches from its bound to where the next higher one begins: no score falls between two.")
    return edited(request, tenant, row, form, deed, _("Change grades"), help_text)


@allow("programme", GET="U", POST="U")
def group(request: TenantRequest, tenant: str, rubric: UUID, code: str) -> HttpResponse:
    """Name and cap of a group."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    found: RubricGroup = get_object_or_404(RubricGroup.objects.select_related("rubric"), rubric=row, code=code)
    form = GroupForm(request.POST or None, initial={"name": found.name, "cap": found.cap})
    deed = lambda: actions.change_group(group=found, actor=request.access.actor, **form.cleaned_data)  # noqa: E731
    return edited(request, tenant, row, form, deed, str(found), _("A cap holds for all lines of the group together."))


@allow("programme", GET="U", POST="U")
def line(request: TenantRequest, tenant: str, rubric: UUID, code: str) -> HttpResponse:
    """Marks and terms of a line."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    found: RubricLine = get_object_or_404(RubricLine.objects.select_related("rubric"), rubric=row, code=code)
    form = LineForm(request.POST or None, line=found)
    deed = lambda: actions.change_line(line=found, values=form.values(), actor=request.access.actor)  # noqa: E731
    return edited(request, tenant, row, form, deed, str(found), words(found))


@allow("programme", POST="C")
def copy(request: TenantRequest, tenant: str, rubric: UUID) -> HttpResponse:
    """The next version, as a draft."""
    twin = actions.copy_rubric(rubric=_rubric(rubric), actor=request.access.actor)
    sentence = _("Version %(n)d is a draft: change it as long as no assessment begins with it.") % {"n": twin.number}
    return done(request, sentence, address("rubric", tenant, twin.uid))


@allow("programme", POST="U")
def drop(request: TenantRequest, tenant: str, rubric: UUID) -> HttpResponse:
    """Throw a draft away."""
    row = _rubric(rubric)
    back = _back(request, tenant, row)
    try:
        actions.drop_rubric(rubric=row, actor=request.access.actor)
    except AssessmentRefused as refused:
        return done(request, " ".join(refused.messages), address("rubric", tenant, row.uid))
    away = address("rubric_list", tenant)
    if row.is_what_if:
        away = back.split("what-if/")[0] + "what-if/"
    return done(request, _("The draft is gone."), away)
