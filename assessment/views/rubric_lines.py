"""Adding groups and lines to a draft of a rubric, and taking them away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from activities.views.frame import attempt, done
from assessment.actions import rubric_lines as actions
from assessment.forms.rubric_lines import GroupAddForm, LineAddForm
from assessment.models import RubricGroup, RubricLine, Section
from assessment.refusals import AssessmentRefused
from assessment.views.frame import address
from assessment.views.rubrics import draft_of, edited
from tenancy.access import TenantRequest, allow


@allow("programme", GET="U", POST="U")
def group_add(request: TenantRequest, tenant: str, rubric: UUID) -> HttpResponse:
    """Another group of lines."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    form = GroupAddForm(request.POST or None, initial={"section": Section.BASE})

    def deed() -> Any:
        return actions.add_group(rubric=row, actor=request.access.actor, **form.cleaned_data)

    return edited(request, tenant, row, form, deed, _("Add a group"), _("Its lines are added afterwards."))


@allow("programme", GET="U", POST="U")
def line_add(request: TenantRequest, tenant: str, rubric: UUID, code: str) -> HttpResponse:
    """Another line of a group; its numbers are looked at next."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    group: RubricGroup = get_object_or_404(RubricGroup.objects.select_related("rubric"), rubric=row, code=code)
    form = LineAddForm(request.POST or None, group=group)
    line = attempt(form, lambda: actions.add_line(group=group, actor=request.access.actor, **form.values()))
    if line is not None:
        return HttpResponseRedirect(address("rubric_line", tenant, row.uid, line.code))
    heading = _("Add a line to %(group)s") % {"group": str(group)}
    help_text = _("Choose the rule that comes nearest to the wording of the plan.")
    return edited(request, tenant, row, form, None, heading, help_text)


@allow("programme", POST="U")
def group_drop(request: TenantRequest, tenant: str, rubric: UUID, code: str) -> HttpResponse:
    """Take an empty group away."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    group: RubricGroup = get_object_or_404(RubricGroup.objects.select_related("rubric"), rubric=row, code=code)
    back = address("rubric", tenant, row.uid)
    try:
        actions.drop_group(group=group, actor=request.access.actor)
    except AssessmentRefused as refused:
        return done(request, " ".join(refused.messages), back)
    return done(request, _("Group %(group)s is taken away.") % {"group": str(group)}, back)


@allow("programme", POST="U")
def line_drop(request: TenantRequest, tenant: str, rubric: UUID, code: str) -> HttpResponse:
    """Take a line away."""
    row = draft_of(request, tenant, rubric)
    if isinstance(row, HttpResponse):
        return row
    line: RubricLine = get_object_or_404(RubricLine.objects.select_related("rubric"), rubric=row, code=code)
    back = address("rubric", tenant, row.uid)
    try:
        actions.drop_line(line=line, actor=request.access.actor)
    except AssessmentRefused as refused:
        return done(request, " ".join(refused.messages), back)
    sentence = _("Line %(line)s is taken away. What the validator finds stands above.") % {"line": str(line)}
    return done(request, sentence, back)
