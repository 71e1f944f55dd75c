"""What understanding a sheet gives: rows of values, and what a person still has to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from lib.sheets.columns import SheetKind
from lib.sheets.grid import Visibility

Level = Literal["error", "question", "note"]
AnswerType = Literal["", "text", "date", "number", "money", "phone"]


class AnswerKey(NamedTuple):
    """Under which an answer is kept: the problem, the column, and what was written there.

    For a problem of `scope` cell the last part also names the sheet and row: such an answer is good
    for this file only, and whoever stores it stores the file's hash with it.
    """

    code: str
    column: str
    original: str


Answers = Mapping[AnswerKey, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer on offer. `key` is what `answers` takes; "" leaves the cell empty."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a cell (or, with column "", a row) that a person must know or decide.

    An error keeps the row out until the file is mended; a question until it is answered; a note
    keeps nothing. `answer_type` says which free answer fits beside the choices. A problem of
    `scope` value is about a word (`subject`) wherever it stands, not about this one cell.
    """

    level: Level
    column: str
    code: str
    message: str
    choices: tuple[Choice, ...] = ()
    answer_type: AnswerType = ""
    scope: Literal["cell", "value"] = "cell"
    subject: str = ""
    answer_key: AnswerKey | None = None


@dataclass(frozen=True, slots=True)
class DateValue:
    """A day, or a span; `precision` is how exactly it was written (day, ten_days, month, year)."""

    start: date
    end: date
    precision: str = "day"


@dataclass(frozen=True, slots=True)
class NumberValue:
    """A count or measure; `approx` when the cell said 约, 余 …; `low`/`high` when it gave bounds."""

    value: Decimal
    approx: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MoneyValue:
    """An amount in yuan."""

    yuan: Decimal
    approx: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PersonValue:
    """A person as a ledger names one."""

    name: str
    phone: str = ""


Value = str | bool | tuple[str, ...] | DateValue | NumberValue | MoneyValue | PersonValue


@dataclass(slots=True)
class RowReading:
    """One row of a ledger. `row` is the number Excel shows; `originals` what the cells showed.

    A column without a value is absent from `values`; every mapped column is in `originals`.
    """

    sheet: str
    row: int
    values: dict[str, Value] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    hidden: bool = False

    @property
    def status(self) -> Literal["ok", "question", "error"]:
        """ok, question or error: the worst of the row's problems."""
        levels = {problem.level for problem in self.problems}
        return "error" if "error" in levels else "question" if "question" in levels else "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the caller knows that the sheet may not say.

    `year` is the programme's year, used when neither title nor tab nor filled-in date names one;
    `candidate_years` are offered as answers when nothing names one.
    """

    year: int | None = None
    candidate_years: tuple[int, ...] = ()


@dataclass(slots=True)
class SheetReading:
    """A sheet understood as one kind of ledger.

    `header_row` is the Excel number of the (first) heading row. `columns` gives the letters of the
    columns read, by column name. `missing_columns` are required columns without a heading: as long
    as there are any, no row can be imported, and every row says so.
    """

    sheet: str
    kind: SheetKind
    rows: list[RowReading] = field(default_factory=list)
    title: str = ""
    reporter: str = ""
    filled_on: date | None = None
    header_row: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    missing_columns: list[str] = field(default_factory=list)
    dropped_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    visibility: Visibility = Visibility.VISIBLE

    @property
    def n_by_status(self) -> dict[str, int]:
        """How many rows are ok, question and error."""
        counts = {"ok": 0, "question": 0, "error": 0}
        for row in self.rows:
            counts[row.status] += 1
        return counts
