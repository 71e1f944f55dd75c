"""What an archive holds of a year: the rubric, the list, what people brought, every line with its figures, decisions.

Three kinds of facts are in it: what each line rests on (records and periods, counted and not, ``inputs``), the ``figures``
that follow from these, and the scores. ``assessment.archive.reader`` computes the second from the first and the third from
the second. Form 1 of the archive had no records in it; the reader still reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from assessment.models import (
    Assessed,
    Correction,
    Cycle,
    Dispute,
    Entry,
    Honour,
    Poll,
    Rubric,
    RubricBand,
    RubricGroup,
    RubricLine,
    SelfReport,
    Sheet,
    SheetChange,
    SheetLine,
    UnitResult,
    Veto,
)
from assessment.queries.evidence import evidence_of
from assessment.queries.lists import on_the_list
from assessment.scoring.score import lines_of
from tenancy.scope import current_tenant

FORMAT = "pairing-assessment-archive/2"


_NOTHING: Mapping[str, Any] = {"counted": [], "not_counted": []}


def plain(value: Any) -> Any:
    """A value as the archive writes it: decimals and days as text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float):
        return repr(value)
    return value


def _row(row: Any, *names: str, **more: Any) -> dict[str, Any]:
    return {**{name: plain(getattr(row, name)) for name in names}, **more}


def _rubric(rubric: Rubric) -> dict[str, Any]:
    groups = list(RubricGroup.objects.filter(rubric=rubric).order_by("position", "id"))
    codes = {group.pk: group.code for group in groups}
    lines = lines_of(rubric)
    return {
        **_row(
            rubric, "code", "number", "title", "full_marks", "bonus_cap", "deduction_cap", "final_cap", "top_share",
            "tie_breakers", "veto_grade", "source_text", "doc_no",
        ),
        "groups": [_row(group, "code", "name", "section", "cap") for group in groups],
        "lines": [
            _row(
                line, "code", "name", "max_score", "source", "reading", "reading_terms", "pattern", "pattern_terms",
                "department", "evidence", "on_site", group=codes[line.group_id],
            )
            for line in lines
        ],
        "bands": [_row(band, "grade", "word", "from_score") for band in RubricBand.objects.filter(rubric=rubric).order_by("id")],
    }  # fmt: skip


def _side(unit: Any) -> dict[str, str]:
    return {"id": str(unit.uid), "name": unit.name}


def _inputs(cycle: Cycle, pairings: dict[int, str], codes: dict[int, str]) -> dict[str, Any]:
    def of(row: Any) -> str:
        return pairings.get(row.pairing_id, "")

    def line(row: Any) -> str:
        return codes.get(row.line_id, "")

    own = {"cycle": cycle}
    honours = Honour.objects.filter(pairing__in=pairings, promoted_on__range=(cycle.starts_on, cycle.ends_on))
    return {
        "entries": [
            _row(one, "value", "note", "scorer_name", "entered_on", "is_settling", pairing=of(one), line=line(one))
            for one in Entry.objects.filter(**own).order_by("id")
        ],
        "polls": [
            _row(one, "satisfied", "fairly", "dissatisfied", "unknown", "held_on", "note", pairing=of(one))
            for one in Poll.objects.filter(**own).order_by("id")
        ],
        "honours": [
            _row(one, "matter", "level", "promoted_on", "doc_no", "withdrawn_because", pairing=of(one))
            for one in honours.order_by("id")
        ],
        "vetoes": [
            _row(one, "kind", "fact", "decided_by", "doc_no", "decided_on", "lifted_because", pairing=of(one))
            for one in Veto.objects.filter(**own).order_by("id")
        ],
        "self_reports": [
            _row(
                one, "text", "self_score", "line_scores", "author_name", "submitted_on", "approved_on", "approved_name",
                pairing=of(one),
            )
            for one in SelfReport.objects.filter(**own).order_by("id")
        ],
        "disputes": [
            _row(
                one, "text", "author_name", "raised_on", "answer", "is_upheld", "answered_on", "answered_name",
                pairing=of(one), line=line(one), record=str(one.record.uid) if one.record else None,
            )
            for one in Dispute.objects.filter(**own).select_related("record").order_by("id")
        ],
    }  # fmt: skip


def _without_pages(rests_on: Mapping[str, Any]) -> dict[str, Any]:
    """What a line rests on, without the addresses of our pages."""
    return {
        name: [{key: value for key, value in one.items() if key != "url_name"} for one in rests_on[name]]
        for name in ("counted", "not_counted")
    }


def _sheets(cycle: Cycle, pairings: dict[int, str], codes: dict[int, str]) -> list[dict[str, Any]]:
    lines: dict[int, list[dict[str, Any]]] = {}
    live: dict[tuple[int, str], dict[str, Any]] = {}
    rows = (
        SheetLine.objects.filter(sheet__cycle=cycle)
        .select_related("sheet")
        .order_by("line__group__position", "line__position", "line_id")
    )
    for one in rows:
        code = codes.get(one.line_id, "")
        # Scores that became public before evidence was kept: what the records say now.
        rests_on = one.evidence or (live := live or evidence_of(cycle)).get((one.sheet.pairing_id, code), _NOTHING)
        told = _row(one, "state", "figures", "system_figures", "score", "max_score", code=code, **_without_pages(rests_on))
        lines.setdefault(one.sheet_id, []).append(told)
    sheets = Sheet.objects.filter(cycle=cycle).select_related("unit").order_by("unit__pinyin", "unit_id", "id")
    return [
        _row(
            sheet, "scored", "marks", "base", "bonus", "deduction", "final", "grade", "is_vetoed", "n_pending",
            pairing=pairings.get(sheet.pairing_id, ""), unit=str(sheet.unit.uid), lines=lines.get(sheet.pk, []),
        )
        for sheet in sheets
    ]  # fmt: skip


def _changes(changes: Iterable[SheetChange], pairings: dict[int, str]) -> list[dict[str, Any]]:
    names = ("final_before", "final_after", "grade_before", "grade_after", "lines", "reason", "author_name", "at")
    return [_row(one, *names, pairing=pairings.get(one.pairing_id, "")) for one in changes]


def content_of(cycle: Cycle) -> dict[str, Any]:
    """Everything that the year rests on and came to; a constant number of queries where evidence was kept."""
    tenant = current_tenant()
    listed: list[Assessed] = list(on_the_list(cycle))
    pairings = {one.pairing_id: str(one.pairing.uid) for one in listed}
    codes = dict(RubricLine.objects.filter(rubric_id=cycle.rubric_id).values_list("pk", "code"))
    results = UnitResult.objects.filter(cycle=cycle).select_related("unit").order_by("unit__pinyin", "unit_id")
    return {
        "format": FORMAT,
        "county": {"name": tenant.name, "slug": tenant.slug},
        "cycle": _row(
            cycle, "title", "year", "starts_on", "ends_on", "minutes_no", "decided_on", "public_from", "public_to", "finished_at",
            id=str(cycle.uid), programme={"title": cycle.programme.title, "doc_no": cycle.programme.doc_no},
        ),
        "rubric": _rubric(cycle.rubric),
        "assessed": [
            _row(
                one, "months_active", "exempt_because",
                pairing=pairings[one.pairing_id], unit=_side(one.unit), village=_side(one.village),
            )
            for one in listed
        ],
        "inputs": _inputs(cycle, pairings, codes),
        "sheets": _sheets(cycle, pairings, codes),
        "results": [
            _row(
                one, "final", "grade_by_score", "grade_final", "limited_by_quota", "is_vetoed", "changed_because",
                unit=_side(one.unit),
            )
            for one in results
        ],
        "corrections": [
            _row(
                one, "is_taken_back", "reason", "author_name", "at", "public_from", "public_to", "minutes_no", "decided_on",
                "results", "scores",
            )
            for one in Correction.objects.filter(cycle=cycle)
        ],
        "changes": _changes(SheetChange.objects.filter(cycle=cycle).order_by("id"), pairings),
    }  # fmt: skip
