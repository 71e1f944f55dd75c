"""The score sheet of a pairing: the paper form, why each figure is what it is, and the same as Word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from activities.queries.records import visible_records
from assessment.models import Assessed, Cycle, Entry, Sheet
from assessment.patterns.declare import plain
from assessment.queries.figures import beside, number, of_line
from assessment.queries.lists import on_the_list
from assessment.queries.paper import SheetPaper, line_of, paper_of, standing_sheet
from assessment.queries.sheets import ExplainedLine, Ref, explained
from assessment.queries.withheld import Withheld, withheld
from assessment.rights import takes_part
from assessment.sheet_rights import Sight, sight
from assessment.sheet_word import sheet_word
from assessment.stages import is_public
from assessment.views.frame import address, assessed_of, cycle_of, of_cycle, sides, trail
from lib.htmx import answer
from lib.kinds import cells, panels
from lib.kinds.panels import Panel
from pairing.models import Pairing
from tenancy.access import TenantRequest, signed_in
from tenancy.views.files import WORD, file_answer

_WHY = "each sheet has its own rule: scorers' county before publication, the pairing's unit after it (assessment.sheet_rights)"


def seen_sheet(request: TenantRequest, cycle: UUID, pairing: UUID) -> tuple[Cycle, Assessed, Sight]:
    """What is asked for and how much of it is seen; 404 for whoever sees none of it."""
    found = cycle_of(cycle, request.access)
    row = assessed_of(on_the_list(found), pairing)
    how = sight(request.access, found, row)
    if how is None:
        raise Http404
    return found, row, how


def _sheet(cycle: Cycle, row: Assessed) -> Sheet | None:
    sheet = standing_sheet(cycle, row)
    if sheet is not None:
        sheet.cycle = cycle
    return sheet


@signed_in(_WHY)
@require_safe
def sheet(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID) -> HttpResponse:
    """The paper form; each line opens why."""
    found, row, how = seen_sheet(request, cycle, pairing)
    standing = _sheet(found, row)
    paper = paper_of(standing, row, how) if standing is not None else None
    heading = _("Score sheet")
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(found, tenant), last=sides(row)),
        "help_text": _("As on paper. Open a figure to see its rule, its arithmetic and the records behind it."),
        "paper": paper,
        "groups": _linked(paper, found, row, tenant) if paper else [],
        "who": {"label": sides(row), "url": reverse("pairing:pairing", args=[tenant, row.pairing.uid])},
        "exempt": row.exempt_because,
        "is_kept": is_public(found.state),
        "actions": panels.actions_of("sheet", request, row) if paper else [],
        "word_url": address("sheet_word", tenant, found.uid, row.pairing.uid) if paper else "",
        "excel_url": address("sheet_excel", tenant, found.uid, row.pairing.uid)
        if paper and request.access.can("export", "E")
        else "",
    }
    return answer(request, "assessment/sheets/sheet.html", context)


def _linked(paper: SheetPaper, cycle: Cycle, row: Assessed, tenant: str) -> list[dict[str, Any]]:
    """Groups and lines with the address that tells why."""
    return [
        {
            "group": group,
            "lines": [
                {"line": line, "url": address("sheet_line", tenant, cycle.uid, row.pairing.uid, line.code)}
                for line in group.lines
            ],
        }
        for group in paper.groups
    ]


@signed_in(_WHY)
@require_safe
def sheet_line(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID, code: str) -> HttpResponse:
    """Why a line has the points it has: beside the sheet where scripts run, else on a page of its own."""
    found, row, how = seen_sheet(request, cycle, pairing)
    standing = _sheet(found, row)
    lines = explained(standing) if standing is not None else []
    one = next((line for line in lines if line.line.code == code), None)
    if one is None:
        raise Http404
    hidden = withheld(lines) if how == Sight.OWN else Withheld()
    heading = f"{one.line.code} {one.line.name}"
    sheet_url = address("sheet", tenant, found.uid, row.pairing.uid)
    above = (_("Score sheet, %(village)s") % {"village": row.village.name}, sheet_url)
    context = {
        "heading": heading,
        "breadcrumb": trail(tenant, of_cycle(found, tenant), above, last=heading),
        "why": _why(request, found, one, hidden, how),
        "sheet_url": sheet_url,
        "page_url": request.path,
    }
    return answer(request, "assessment/sheets/line.html", context, parts={"why": "side"})


def _why(request: TenantRequest, cycle: Cycle, one: ExplainedLine, hidden: Withheld, how: Sight) -> dict[str, Any]:
    """Everything the panel says, in ready words."""
    rubric = cycle.rubric
    told = line_of(one, hidden)
    common = {
        "rule": one.rule_words,
        "marks": plain(one.max_score),
        "version": _("%(title)s, version %(number)d") % {"title": rubric.title, "number": rubric.number},
        "rubric_url": address("rubric", request.tenant.slug, rubric.uid) if request.access.can("programme", "R") else "",
        "source": one.line.get_source_display(),
        "evidence": one.line.evidence,
        "score": told.score,
        "is_withheld": told.is_withheld,
    }
    if told.is_withheld:
        return common
    entered = one.line.reading == "entry"
    refs = [*one.counted, *one.not_counted]
    seen = _seen_records(request, refs)
    return common | {
        "formula": one.formula,
        "figures": beside(one.line, one.system_figures) if entered else of_line(one.line, one.figures),
        "difference": told.difference,
        "entries": [_entry(entry, how) for entry in one.entries],
        "counted": [_ref(request, ref, seen) for ref in one.counted],
        "not_counted": [_ref(request, ref, seen) for ref in one.not_counted],
        "has_records": bool(refs) or not entered,
    }


def _entry(entry: Entry, how: Sight) -> dict[str, str]:
    """A reviewer's figure with its note; who gave it is the county's to know."""
    by = f"{entry.scorer_name} {cells.day(entry.entered_on)}" if how == Sight.FULL else ""
    return {"value": number(entry.value), "note": entry.note, "by": by}


def _seen_records(request: TenantRequest, refs: Iterable[Ref]) -> set[UUID]:
    uids = {ref.uid for ref in refs if ref.url_name == "activities:record" and ref.uid}
    return set(visible_records(request.access).filter(uid__in=uids).values_list("uid", flat=True)) if uids else set()


def _ref(request: TenantRequest, ref: Ref, seen: set[UUID]) -> dict[str, str]:
    is_open = ref.uid is not None and bool(ref.url_name) and (ref.url_name != "activities:record" or ref.uid in seen)
    url = ""
    if is_open:
        try:
            url = reverse(ref.url_name, args=[request.tenant.slug, ref.uid])
        except NoReverseMatch:
            url = ""
    return {"label": ref.label, "url": url, "why": ref.why, "note": ref.note}


@signed_in(_WHY)
@require_safe
def word(request: TenantRequest, tenant: str, cycle: UUID, pairing: UUID) -> HttpResponse:
    """The sheet as Word: the page's cells. Papers are Chinese."""
    found, row, how = seen_sheet(request, cycle, pairing)
    standing = _sheet(found, row)
    if standing is None:
        raise Http404
    with override("zh-hans"):
        content = sheet_word(paper_of(standing, row, how))
    name = f"{found.title}评分表_{row.unit.name}_{row.village.name}.docx"
    return file_answer(request, content, name, WORD, of="sheet", uid=row.pairing.uid)


def sheets_panel(request: Any, pairing: Pairing) -> Panel | None:
    """A pairing's assessments by year, on its page; for whoever sees any of them."""
    access = request.access
    if not takes_part(access):
        return None
    rows = Assessed.objects.filter(pairing=pairing).select_related("cycle", "pairing").order_by("-cycle__year", "-id")
    seen = [row for row in rows if sight(access, row.cycle, row) is not None]
    if not seen:
        return None
    finals = dict(Sheet.objects.filter(pairing=pairing).values_list("cycle_id", "final"))
    links = [
        {
            "label": row.cycle.title,
            "url": address("sheet", request.tenant.slug, row.cycle.uid, pairing.uid),
            "note": _panel_note(access, row, finals),
        }
        for row in seen
    ]
    return Panel(
        key="sheets",
        title=_("Assessment"),
        template="kinds/parts/links.html",
        context={"links": links, "empty": ""},
        order=32,
    )


def _panel_note(access: Any, row: Assessed, finals: dict[int, Any]) -> str:
    if row.exempt_because:
        return _("exempt: %(reason)s") % {"reason": row.exempt_because}
    # A unit's figure is told on its sheet only, where it is decided whether sums are shown.
    if sight(access, row.cycle, row) == Sight.FULL and row.cycle_id in finals and is_public(row.cycle.state):
        return f"{finals[row.cycle_id]:.2f}"
    return str(row.cycle.get_state_display())
