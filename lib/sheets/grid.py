"""A workbook as plain values: what stands in which cell, nothing understood yet."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple


class CellError(StrEnum):
    """An Excel error in a cell: #REF!, #N/A, #VALUE! …"""

    REF = "#REF!"
    DIVISION = "#DIV/0!"
    NOT_AVAILABLE = "#N/A"
    NAME = "#NAME?"
    NULL = "#NULL!"
    NUMBER = "#NUM!"
    VALUE = "#VALUE!"
    OTHER = "#ERROR!"


Cell = str | float | int | bool | date | datetime | time | timedelta | CellError


class MergedRange(NamedTuple):
    """A merged block, rows and columns counted from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Visibility(StrEnum):
    """How a sheet is shown in Excel; very hidden sheets can only be shown by a program."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "very_hidden"


class OffReason(StrEnum):
    """Why a sheet is not ticked for import to begin with."""

    SUMMARY = "summary"
    HIDDEN = "hidden"
    EMPTY = "empty"


@dataclass(slots=True)
class Sheet:
    """One sheet. `rows[r][c]` counts from 0; an empty cell is ""; rows may differ in length.

    `epoch_1904` is the date system of old Macs; it matters for days typed as plain numbers. `is_machine` marks our
    own machine form, where every cell means exactly what it says.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    visibility: Visibility = Visibility.VISIBLE
    off_reason: OffReason | None = None
    epoch_1904: bool = False
    is_machine: bool = False

    @property
    def default_on(self) -> bool:
        """Whether the sheet is ticked for import before anyone chose."""
        return self.off_reason is None


@dataclass(slots=True)
class Workbook:
    """A file read: its sheets in order. `encoding` is that of a csv file."""

    sheets: list[Sheet]
    format: str = "xlsx"
    encoding: str = ""

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; KeyError when there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


def column_letters(index: int) -> str:
    """A column as Excel names it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The column that Excel names so, counted from 0."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def shown(cell: Cell) -> str:
    """A cell as text, much as the person saw it: 45538 (not 45538.0), 2024-09-03."""
    if isinstance(cell, str):
        return str(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return str(cell)
