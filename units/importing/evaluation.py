"""From a file to rows that are ok, in question or wrong, and to what importing the first would write.

Used alike by the preview, which shows it, by the commit, which writes it from the county as it is then, and by
the command line. Asks a fixed number of queries however many rows there are.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lib.chinese.text import match_key
from lib.sheets.columns import Type
from lib.sheets.grid import Workbook
from lib.sheets.limited import read_limited
from lib.sheets.readings import Defaults, SheetReading
from lib.sheets.refusals import SheetRefused
from lib.sheets.understand import understand_workbook
from tenancy.models import Tenant
from units.importing.answers import KeptAnswers
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context, ImportKind, kinds
from units.importing.rows import Row
from units.models import UnitAlias

Progress = Callable[[int, int], None]


@dataclass
class Evaluation:
    """A file understood as one kind of ledger."""

    kind: ImportKind
    rows: list[Row]
    plan: Plan
    sheets: list[dict[str, Any]]
    information: list[str] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, Any]:
        """Counts by status and by effect, and the sentences about the whole."""
        counts: dict[str, Any] = {"ok": 0, "question": 0, "error": 0, "add": 0, "change": 0, "same": 0}
        for row in self.rows:
            counts[row.status] += 1
            if row.is_ok and row.effect:
                counts[row.effect] += 1
        return counts | {"information": self.information}


def read_file(path: Path, file_name: str) -> Workbook:
    """Open an upload in a limited child process. Raises SheetRefused with a sentence for people."""
    return read_limited(path, file_name)


def evaluate(
    workbook: Workbook,
    kind: ImportKind,
    *,
    tenant: Tenant,
    sha256: str,
    today: date,
    options: Mapping[str, Any],
    reach: frozenset[int] | None = None,
    who: str = "",
    progress: Progress = lambda done, total: None,
) -> Evaluation:
    """Understand, match and plan, in the scope of the county. The workbook is used up: its cells are let go.

    Raises SheetRefused when no sheet can be read.
    """
    with _no_collecting():
        return _evaluate(
            workbook, kind, tenant=tenant, sha256=sha256, today=today, options=options, reach=reach, who=who, progress=progress
        )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Hundreds of thousands of small objects without cycles: looking through them for cycles takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _evaluate(
    workbook: Workbook,
    kind: ImportKind,
    *,
    tenant: Tenant,
    sha256: str,
    today: date,
    options: Mapping[str, Any],
    reach: frozenset[int] | None,
    who: str,
    progress: Progress,
) -> Evaluation:
    answers = KeptAnswers.load(kind.code, sha256)
    defaults = Defaults(year=kind.year(options), candidate_years=(today.year, today.year - 1))
    chosen = options.get("sheets")
    others = tuple(other.sheet for other in kinds() if other.code != kind.code)
    readings, refused = understand_workbook(workbook, kind.sheet, defaults, sheets=chosen, answers=answers, other_kinds=others)
    for sheet in workbook.sheets:
        sheet.rows = []
    n_rows = sum(len(reading.rows) for reading in readings)
    if n_rows == 0:
        raise SheetRefused("no_sheets")
    progress(0, n_rows)
    rows = [Row(row, answers) for reading in readings for row in reading.rows]
    for row in rows:
        if row.reading.hidden:
            row.note("", "hidden_row", _("This row is hidden in Excel."))
    context = Context(tenant, today, answers, options, reach, readings, who)
    kind.match(rows, context)
    progress(n_rows // 2, n_rows)
    plan = Plan()
    importable = [row for row in rows if row.is_ok]
    kind.plan(importable, context, plan)
    _plan_aliases(importable, context, plan)
    progress(n_rows, n_rows)
    information = kind.information(rows, context)
    if sum(row.is_ok for row in rows) and plan.is_empty:
        information.append(_("Everything that can be imported is there already: nothing would be added or changed."))
    return Evaluation(kind, rows, plan, _sheets(workbook, readings, refused, chosen), information)


def _plan_aliases(rows: list[Row], context: Context, plan: Plan) -> None:
    """Other names that people answered for units: known to every ledger from the commit on."""
    known = {(key, unit.uid) for key, units in context.places.aliases.items() for unit in units}
    for row in rows:
        for text, unit in row.learnt:
            key = match_key(text)[:80]
            if (key, unit.uid) in known or key == match_key(unit.name):
                continue
            known.add((key, unit.uid))
            plan.add(row, Wave.BELOW_LEDGER, new(UnitAlias, tenant=context.tenant, unit=unit, name=text[:80], key=key))


def _sheets(
    workbook: Workbook, readings: list[SheetReading], refused: list[SheetRefused], chosen: list[str] | None
) -> list[dict[str, Any]]:
    """What is kept of each sheet for the preview: whether it is ticked, its headings, what was noticed."""
    by_name = {reading.sheet: reading for reading in readings}
    problems = {refusal.params.get("sheet"): refusal.message for refusal in refused}
    told = []
    for sheet in workbook.sheets:
        reading = by_name.get(sheet.name)
        told.append(
            {
                "name": sheet.name,
                "on": sheet.default_on if chosen is None else sheet.name in chosen,
                "off_reason": str(sheet.off_reason or ""),
                "visibility": str(sheet.visibility),
                "problem": problems.get(sheet.name, ""),
                "rows": len(reading.rows) if reading else 0,
                "title": reading.title if reading else "",
                "header_row": reading.header_row if reading else 0,
                "columns": _columns(reading) if reading else [],
                "notes": _notes(reading) if reading else [],
            }
        )
    return told


def _columns(reading: SheetReading) -> list[list[str]]:
    """[name, heading] of the columns read, as they stand in the sheet from left to right."""
    order = sorted(reading.columns.items(), key=lambda item: (len(item[1]), item[1]))
    told = []
    for name, _letters in order:
        column = reading.kind.column(name)
        # A person takes two columns of the sheet and one of the preview.
        heading = column.heading if column.type is Type.PERSON else reading.headings.get(name, column.heading)
        told.append([name, heading])
    return told


def _notes(reading: SheetReading) -> list[str]:
    notes = list(reading.notes)
    if reading.unknown_columns:
        names = "、".join(reading.unknown_columns)
        notes.append(_("These columns are not known and were not read: %(names)s.") % {"names": names[:200]})
    if reading.dropped_columns:
        names = "、".join(reading.dropped_columns)
        notes.append(_("These columns are never read: %(names)s.") % {"names": names[:200]})
    n_hidden = sum(row.hidden for row in reading.rows)
    if n_hidden:
        notes.append(_("%(n)d rows are hidden in Excel; they were read too.") % {"n": n_hidden})
    return notes
