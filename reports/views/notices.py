"""The notice of a unit's result, once it is public: for the county of each unit, for a unit its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.models import Assessed, Cycle, UnitResult
from assessment.rights import sees_scores, takes_part
from assessment.sheet_rights import sight
from assessment.stages import is_public
from lib.kinds.panels import Action
from lib.papers.filling import fill
from reports.papers.fields import PAPERS
from reports.papers.notice import printed, values_of
from reports.papers.pdf import NoPdf, can_make_pdf, make_pdf
from reports.queries.templates import template_in_use
from reports.views.month import no_pdf
from tenancy.access import Access, TenantRequest, signed_in
from tenancy.kinds import PORTS
from tenancy.models import Role
from tenancy.views.files import PDF, WORD, file_answer

_WHY = "a notice is the county's and that unit's, once the result is public"


def may_see(access: Access, cycle: Cycle, unit_id: int) -> bool:
    """Whether the notice of a unit may be taken: by the county, or by the unit itself; never before publication."""
    if not is_public(cycle.state):
        return False
    own = {grant.scope_unit_id for grant in access.grants if grant.role in (Role.UL, Role.UG)}
    return sees_scores(access) or unit_id in own


def _result(request: TenantRequest, cycle: UUID, unit: UUID) -> UnitResult:
    if not takes_part(request.access):
        raise Http404
    rows = UnitResult.objects.filter(cycle__uid=cycle, unit__uid=unit).select_related("cycle__rubric", "unit")
    found: UnitResult | None = rows.first()
    if found is None or not may_see(request.access, found.cycle, found.unit_id):
        raise Http404
    return found


def _name(result: UnitResult, ending: str) -> str:
    return f"{result.cycle.year}年度{PAPERS['notice'].title}_{result.unit.name}.{ending}"


@signed_in(_WHY)
@require_safe
def word(request: TenantRequest, tenant: str, cycle: UUID, unit: UUID) -> HttpResponse:
    """From the county's template, or the product's own."""
    result = _result(request, cycle, unit)
    content = fill(template_in_use("notice").content, PAPERS["notice"].fields, values_of(result, PORTS.paper(request)))
    return file_answer(request, content, _name(result, "docx"), WORD, of="unit", uid=result.unit.uid)


@signed_in(_WHY)
@require_safe
def pdf(request: TenantRequest, tenant: str, cycle: UUID, unit: UUID) -> HttpResponse:
    """As PDF; where the server makes none, a page that says so."""
    result = _result(request, cycle, unit)
    try:
        content = make_pdf(printed(result, PORTS.paper(request)))
    except NoPdf:
        return no_pdf(request, reverse("reports:notice", args=[tenant, cycle, unit]))
    return file_answer(request, content, _name(result, "pdf"), PDF, of="unit", uid=result.unit.uid)


def notice_action(request: Any, row: Assessed) -> Action | None:
    """On a score sheet: the notice of its unit."""
    if sight(request.access, row.cycle, row) is None or not may_see(request.access, row.cycle, row.unit_id):
        return None
    return Action(_("Notice of the result (Word)"), _address(request, "notice", row))


def pdf_action(request: Any, row: Assessed) -> Action | None:
    """The same as PDF, where this server makes any."""
    return (
        Action(_("Notice (PDF)"), _address(request, "notice_pdf", row))
        if can_make_pdf() and notice_action(request, row)
        else None
    )


def _address(request: Any, route: str, row: Assessed) -> str:
    return reverse(f"reports:{route}", args=[request.tenant.slug, row.cycle.uid, row.unit.uid])
