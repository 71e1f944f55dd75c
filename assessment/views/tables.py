"""The tables of an assessment as Excel: who may see one on its page, and may take data away, takes it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import override

from assessment import tables
from assessment.models import Cycle, CycleState, SelfReport
from assessment.queries.lists import scored_ones
from assessment.queries.paper import paper_of, standing_sheet
from assessment.queries.results import grade_order, provisional, results, sheets_of
from assessment.rights import sees_grades, sees_scores
from assessment.stages import is_public, reached
from assessment.tables import Table
from assessment.views.frame import cycle_of
from assessment.views.sheets import seen_sheet
from tenancy.access import TenantRequest, allow
from tenancy.kinds import PORTS
from tenancy.views.files import EXCEL, file_answer


def _file(request: TenantRequest, table: Table, cycle: Cycle) -> HttpResponse:
    name, content, n_rows = tables.excel(table, PORTS.paper(request))
    return file_answer(request, content, name, EXCEL, of="cycle", uid=cycle.uid, n_rows=n_rows)


@allow("export", GET="E")
def grades(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """Scores and grades of every unit: the county's and the auditors'."""
    row = cycle_of(cycle, request.access)
    if not sees_scores(request.access) or not reached(row.state, CycleState.SCORED):
        raise Http404
    rows = list(results(row)) if reached(row.state, CycleState.DECISION) else provisional(row)
    return _file(request, tables.grades(row.title, rows, grade_order(row.rubric), sheets_of(row)), row)


@allow("export", GET="E")
def publicity(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """The public notice."""
    row = cycle_of(cycle, request.access)
    if not is_public(row.state) or not sees_grades(request.access, row):
        raise Http404
    return _file(request, tables.public_notice(row.title, results(row), grade_order(row.rubric)), row)


@allow("export", GET="E")
def self_reports(request: TenantRequest, tenant: str, cycle: UUID) -> HttpResponse:
    """Who has reported."""
    row = cycle_of(cycle, request.access)
    if not sees_scores(request.access) or not reached(row.state, CycleState.SELF_REPORT):
        raise Http404
    reports = {one.pairing_id: one for one in SelfReport.objects.filter(cycle=row)}
    return _file(request, tables.self_reports(row.title, scored_ones(row), reports), row)


@allow("export", GET="E")
def sheet(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID) -> HttpResponse:
    """One score sheet, as much of it as is seen on its page."""
    found, row, how = seen_sheet(request, cycle, pairing)
    standing = standing_sheet(found, row)
    if standing is None:
        raise Http404
    standing.cycle = found
    own = SelfReport.objects.filter(cycle=found, pairing=row.pairing_id).first()
    with override("zh-hans"):
        paper = paper_of(standing, row, how)
    return _file(request, tables.score_sheet(paper, own.line_scores if own else {}), found)
