"""A sheet, understood as one kind of ledger: rows of values, questions and errors."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lib.chinese.dates import YearHint
from lib.sheets import doubts
from lib.sheets.answers import settle, with_key
from lib.sheets.cells import Context, read_cell
from lib.sheets.columns import Column, Part, SheetKind, Type
from lib.sheets.grid import Cell, Sheet, Workbook, column_letters, shown
from lib.sheets.headers import Headers, find_headers
from lib.sheets.people import read_person
from lib.sheets.readings import Answers, DateValue, Defaults, Problem, RowReading, SheetReading, Value
from lib.sheets.refusals import SheetRefused
from lib.sheets.stamps import read_stamp, year_hint
from lib.sheets.table import TableRow, read_table, title_texts

_NO_ANSWERS: Answers = {}
_NUMERIC = frozenset({Type.INTEGER, Type.NUMBER, Type.MONEY})


@dataclass(slots=True)
class _Plan:
    """Where one declared column stands in this sheet, and how its cells are read."""

    column: Column
    context: Context
    place: int = -1
    phone_place: int = -1
    repeated: tuple[int, ...] = ()


def understand(
    sheet: Sheet,
    kind: SheetKind,
    defaults: Defaults | None = None,
    *,
    answers: Answers = _NO_ANSWERS,
    fill_down: Collection[str] = (),
    other_kinds: Sequence[SheetKind] = (),
) -> SheetReading:
    """Read one sheet as `kind`.

    `answers` are those given before, by `Problem.answer_key`; `fill_down` names columns whose blank
    cells repeat the cell above. Raises SheetRefused when there is no heading row, or when the sheet
    looks like one of `other_kinds`.
    """
    defaults = defaults or Defaults()
    headers = find_headers(sheet, kind)
    _refuse_other_ledger(sheet, kind, headers, other_kinds)
    stamp = read_stamp(title_texts(sheet, headers))
    hint = year_hint(stamp, sheet.name, defaults.year)
    plans = _plans(kind, headers, hint, defaults, sheet.epoch_1904)
    filled = frozenset(p.place for p in plans if p.column.name in fill_down)
    table = read_table(sheet, headers, literal=sheet.is_machine, fill_down=filled)
    missing = [c for c in kind.columns if c.required and not headers.covers(c.name)]
    reading = SheetReading(
        sheet=sheet.name,
        kind=kind,
        title=stamp.title,
        reporter=stamp.reporter,
        filled_on=stamp.filled_on,
        header_row=headers.row + 1,
        columns={p.column.name: column_letters(p.place if p.place >= 0 else p.phone_place) for p in plans},
        headings={m.spot.column: m.heading for m in reversed(headers.mapped)},
        unknown_columns=[text for _index, text in headers.unknown],
        missing_columns=[c.name for c in missing],
        dropped_columns=headers.dropped,
        notes=table.notes,
        visibility=sheet.visibility,
    )
    lacks = [doubts.missing_column("、".join(c.heading for c in missing))] if missing else []
    for row in table.rows:
        reading.rows.append(_read_row(sheet, row, plans, answers, lacks))
    _note_year(reading, hint)
    return reading


def _refuse_other_ledger(sheet: Sheet, kind: SheetKind, headers: Headers, other_kinds: Sequence[SheetKind]) -> None:
    lacks = sum(c.required and not headers.covers(c.name) for c in kind.columns)
    if headers.n_known >= kind.n_needed and not lacks:
        return
    best, likely = headers.n_known, None
    for other in other_kinds:
        found = find_headers(sheet, other)
        complete = all(found.covers(c.name) for c in other.columns if c.required)
        if other.code != kind.code and complete and found.n_known >= other.n_needed and found.n_known > best:
            best, likely = found.n_known, other
    if likely is not None:
        raise SheetRefused("wrong_ledger", sheet=sheet.name, wanted=str(kind.label), likely=str(likely.label))
    if headers.n_known < kind.n_needed:
        names = "、".join([c.heading for c in kind.columns if not c.dropped][:6])
        raise SheetRefused("no_header", sheet=sheet.name, need=kind.n_needed, names=names)


def _plans(kind: SheetKind, headers: Headers, hint: YearHint | None, defaults: Defaults, epoch_1904: bool) -> list[_Plan]:
    plans: dict[str, _Plan] = {}
    for mapped in headers.mapped:
        column = kind.column(mapped.spot.column)
        plan = plans.setdefault(
            column.name,
            _Plan(column, Context(hint, defaults.candidate_years, epoch_1904, mapped.unit, mapped.heading)),
        )
        if mapped.spot.part is Part.PHONE:
            plan.phone_place = mapped.index
        elif plan.place < 0 or mapped.spot.part is Part.NAME:
            plan.place = mapped.index
    for mapped in headers.repeated:
        plan = plans[mapped.spot.column]
        if mapped.spot.part is not Part.PHONE:
            plan.repeated = (*plan.repeated, mapped.index)
    return [plans[c.name] for c in kind.columns if c.name in plans]


def _read_row(sheet: Sheet, row: TableRow, plans: list[_Plan], answers: Answers, lacks: list[Problem]) -> RowReading:
    place = (sheet.name, row.index + 1)
    reading = RowReading(*place, problems=list(lacks), hidden=row.hidden)
    for plan in plans:
        column = plan.column
        value, problem, cell = _read_person(row, plan) if plan.phone_place >= 0 else _read_value(row, plan)
        if problem is not None:
            value, problem = settle(value, problem, cell, column, plan.context, answers, place)
        original = shown(cell)
        if problem is not None:
            reading.problems.append(with_key(problem, *place, original))
            if problem.level == "question" and column.type is not Type.PERSON:
                value = None
        elif value is None and column.required:
            reading.problems.append(doubts.required(column))
        if value is not None:
            reading.values[column.name] = value
        reading.originals[column.name] = row.marks.get(plan.place, original) if row.marks else original
    return reading


def _read_person(row: TableRow, plan: _Plan) -> tuple[Value | None, Problem | None, Cell]:
    """A person whose phone stands in a column of its own; the cell is both together."""
    name, phone = row.cells.get(plan.place, ""), row.cells.get(plan.phone_place, "")
    value, problem = read_person(name, phone, plan.column)
    return value, problem, f"{shown(name)} {shown(phone)}".strip()


def _read_value(row: TableRow, plan: _Plan) -> tuple[Value | None, Problem | None, Cell]:
    cell = row.cells.get(plan.place, "")
    if row.ditto_without_source and plan.place in row.ditto_without_source:
        return None, doubts.ditto_without_source(plan.column), cell
    if plan.repeated:
        problem = _differing(row, plan, cell)
        if problem is not None:
            return None, problem, cell
        cell = _first_filled(row, plan, cell)
    value, problem = read_cell(cell, plan.column, plan.context)
    if plan.place in row.copied and plan.column.type in _NUMERIC and value is not None:
        problem = doubts.merged_number(plan.column, shown(cell), _key_of(value))
    return value, problem, cell


def _first_filled(row: TableRow, plan: _Plan, cell: Cell) -> Cell:
    """A heading that stands twice: the first of its columns that holds something here."""
    if cell != "":
        return cell
    return next((other for place in plan.repeated if (other := row.cells.get(place, "")) != ""), "")


def _differing(row: TableRow, plan: _Plan, cell: Cell) -> Problem | None:
    first = shown(cell)
    for place in plan.repeated:
        second = shown(row.cells.get(place, ""))
        if first and second and first != second:
            return doubts.repeated_heading(plan.column, first, second)
    return None


def _key_of(value: Value) -> str:
    amount = getattr(value, "yuan", None) or getattr(value, "value", 0)
    return format(amount, "f")


def _note_year(reading: SheetReading, hint: YearHint | None) -> None:
    """Say where the year of dates without one came from, once for the sheet."""
    if hint is None:
        return
    date_columns = [c.name for c in reading.kind.columns if c.type is Type.DATE]
    lent = any(
        isinstance(row.values.get(name), DateValue) and str(hint.year) not in row.originals.get(name, "")
        for row in reading.rows
        for name in date_columns
        if "月" in row.originals.get(name, "") or len(row.originals.get(name, "")) <= 5
    )
    if lent:
        sources = {
            "title": _("the title"),
            "tab": _("the name of the sheet"),
            "filled_on": _("the filled-in date"),
            "programme": _("the programme's year"),
        }
        reading.notes.append(
            _("Dates without a year were read as %(year)d, after %(source)s.")
            % {"year": hint.year, "source": sources[hint.source]}
        )


def understand_workbook(
    workbook: Workbook,
    kind: SheetKind,
    defaults: Defaults | None = None,
    *,
    sheets: Collection[str] | None = None,
    answers: Answers = _NO_ANSWERS,
    fill_down: Collection[str] = (),
    other_kinds: Sequence[SheetKind] = (),
) -> tuple[list[SheetReading], list[SheetRefused]]:
    """Read the chosen sheets (None: those ticked to begin with), and say which were refused.

    Raises the first refusal when no sheet could be read.
    """
    readings: list[SheetReading] = []
    refused: list[SheetRefused] = []
    chosen = [s for s in workbook.sheets if (s.default_on if sheets is None else s.name in sheets)]
    if not chosen:
        raise SheetRefused("no_sheets")
    for sheet in chosen:
        try:
            readings.append(understand(sheet, kind, defaults, answers=answers, fill_down=fill_down, other_kinds=other_kinds))
        except SheetRefused as refusal:
            refused.append(refusal)
    if not readings:
        raise refused[0]
    return readings, refused
