"""A list as a spreadsheet: the same rows, order and columns, in the official form or the machine form."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils import translation

from lib.kinds import cells
from lib.kinds.declare import Field, Type
from lib.kinds.listing import Listing
from lib.sheets.columns import Column, Option, SheetKind
from lib.sheets.columns import Type as ColumnType
from lib.sheets.forms import DateStyle, Row
from lib.sheets.machine import write_machine
from lib.sheets.official import OfficialForm, write_official

# "ledger" is the official form with the columns of the paper ledger, whatever the list shows.
Form = Literal["official", "machine", "ledger"]
FORMS: tuple[Form, ...] = ("official", "machine", "ledger")
_TYPES = {
    Type.TEXT: ColumnType.TEXT,
    Type.INTEGER: ColumnType.INTEGER,
    Type.NUMBER: ColumnType.NUMBER,
    Type.MONEY: ColumnType.MONEY,
    Type.DATE: ColumnType.DATE,
    Type.YES_NO: ColumnType.YES_NO,
    Type.CHOICE: ColumnType.CHOICE,
    Type.CHOICES: ColumnType.CHOICES,
    Type.NAMES: ColumnType.NAMES,
    Type.ROW: ColumnType.UNIT_NAME,
    Type.PERSON: ColumnType.PERSON,
    Type.PHONE: ColumnType.PHONE,
}


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a county's papers: who fills them in (填报单位) and how days are written."""

    county: str
    reporter: str = ""
    dates: DateStyle = "chinese"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file: built whole before a byte is sent, so that a failure is an error page and not half a file."""

    name: str
    content: bytes
    n_rows: int


def column_of(one: Field) -> Column:
    """The spreadsheet column of a field: the importer's, else one made from the declaration. Headings are Chinese data."""
    if one.column is not None:
        return one.column
    with translation.override("zh-hans"):
        options = tuple(Option(code, str(word)) for code, word in one.choices.choices) if one.choices else ()
        return Column(name=one.key, heading=one.heading or str(one.label), type=_TYPES[one.type], options=options)


def sheet_kind(code: str, label: str, fields: tuple[Field, ...]) -> SheetKind:
    """The ledger that these fields make."""
    return SheetKind(code=code, label=label, columns=tuple(column_of(one) for one in fields if one.sheet))


def _rows(listing: Listing, fields: tuple[Field, ...]) -> Iterator[Row]:
    names = {one.key: column_of(one).name for one in fields}
    for row in listing.selected(fields):
        yield {names[one.key]: cells.sheet_value(row, one) for one in fields}


def export(listing: Listing, form: Form, paper: Paper) -> ExportFile:
    """The whole list, all pages, in the columns shown. Interface language does not matter: papers are Chinese."""
    kind = listing.kind
    fields = tuple(one for one in listing.columns if one.sheet)
    if form == "ledger":
        readable = {one.key: one for one in kind.fields_for(listing.access)}
        fields = tuple(readable[key] for key in kind.ledger if key in readable)
    with translation.override("zh-hans"):
        title = kind.title or str(kind.many)
    sheet = sheet_kind(kind.code, title, fields)
    file = io.BytesIO()
    if form == "machine":
        n_rows = write_machine(file, sheet, _rows(listing, fields), sheet_name=title)
    else:
        totals = tuple(column_of(one).name for one in fields if one.total)
        official = OfficialForm(
            title=f"{paper.county}{title}",
            reporter=paper.reporter,
            filled_on=cells.long_day(listing.on),
            dates=paper.dates,
            totals=totals,
            sheet_name=title,
        )
        n_rows = write_official(file, sheet, _rows(listing, fields), official)
    return ExportFile(file_name(paper.county, title, form, listing.on), file.getvalue(), n_rows)


def file_name(county: str, title: str, form: Form, on: date) -> str:
    """高州市单位花名册_2026-11-20.xlsx; the machine form says so."""
    ending = "_数据" if form == "machine" else ""
    return f"{county}{title}{ending}_{on.isoformat()}.xlsx"
