"""One cell to one value, by the column's type. Doubts become problems, never guesses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lib.chinese.dates import DateParse, YearHint, parse_date
from lib.chinese.money import MoneyUnit, parse_money
from lib.chinese.names import clean_name, clean_unit_name, split_people
from lib.chinese.numbers import parse_number
from lib.chinese.text import fold, match_key, tidy, without_list_mark
from lib.chinese.yesno import parse_yes_no, says_none
from lib.sheets import doubts
from lib.sheets.columns import Column, Type
from lib.sheets.grid import Cell, CellError, shown
from lib.sheets.people import read_person, read_phone
from lib.sheets.readings import DateValue, MoneyValue, NumberValue, Problem, Value

Outcome = tuple[Value | None, Problem | None]


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell's meaning depends on outside the cell."""

    hint: YearHint | None = None
    candidate_years: tuple[int, ...] = ()
    epoch_1904: bool = False
    unit: MoneyUnit | None = None
    heading: str = ""


def read_cell(cell: Cell, column: Column, context: Context) -> Outcome:
    """The value of a cell, or the problem with it; a note comes with a value."""
    if cell == "":
        return None, None
    if type(cell) is CellError:
        return None, doubts.excel_error(column, str(cell))
    if isinstance(cell, str):
        if column.type is not Type.TEXT or column.none_words:
            # 无 in a yes/no column is an answer; elsewhere it says that there is nothing.
            if says_none(cell) and not (column.type is Type.YES_NO and parse_yes_no(cell) is not None):
                return None, None
        elif not cell.strip():
            return None, None
    return _READERS[column.type](cell, column, context)


def _text(cell: Cell, column: Column, context: Context) -> Outcome:
    text = tidy(shown(cell))
    if len(text) > column.max_length:
        return None, doubts.too_long(column, len(text))
    return (text or None), None


def _unit_name(cell: Cell, column: Column, context: Context) -> Outcome:
    return _limited(clean_unit_name(shown(cell)), column)


def _name(cell: Cell, column: Column, context: Context) -> Outcome:
    return _limited(clean_name(shown(cell)), column)


def _limited(text: str, column: Column) -> Outcome:
    limit = min(column.max_length, 200)
    return (None, doubts.too_long(column, len(text), limit)) if len(text) > limit else (text or None, None)


def _names(cell: Cell, column: Column, context: Context) -> Outcome:
    names = split_people(tidy(shown(cell)))
    return names or None, None


def _date(cell: Cell, column: Column, context: Context) -> Outcome:
    if isinstance(cell, bool) or not isinstance(cell, str | float | int | date | datetime):
        return None, doubts.date(column, DateParse(doubt="unreadable"), shown(cell), ())
    found = parse_date(cell, hint=context.hint, epoch_1904=context.epoch_1904)
    return date_outcome(found, cell, column, context)


def date_outcome(found: DateParse, cell: Cell, column: Column, context: Context) -> Outcome:
    """A parsed date as a value, if it is as exact as the column asks."""
    if found.doubt or found.start is None or found.end is None:
        choices = found.choices
        if found.doubt == "needs_year" and isinstance(cell, str | float | int):
            choices = _with_candidate_years(cell, context)
        return None, doubts.date(column, found, shown(cell), choices)
    if found.precision == "year" or (column.precision == "day" and found.precision != "day"):
        return None, doubts.needs_day(column, shown(cell))
    return DateValue(found.start, found.end, found.precision), None


def _with_candidate_years(cell: str | float | int, context: Context) -> tuple[str, ...]:
    found = (parse_date(cell, hint=YearHint(year, "candidate")) for year in context.candidate_years)
    return tuple(
        f.start.isoformat() if f.start == f.end else f"{f.start.isoformat()}~{f.end.isoformat()}"
        for f in found
        if f.start and f.end
    )


def _integer(cell: Cell, column: Column, context: Context) -> Outcome:
    value, problem = _number(cell, column, context)
    if isinstance(value, NumberValue) and (value.value != value.value.to_integral_value() or value.value < 0):
        return None, doubts.not_whole(column, shown(cell))
    return value, problem


def _number(cell: Cell, column: Column, context: Context) -> Outcome:
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        return None, doubts.number_unreadable(column, shown(cell))
    found = parse_number(cell)
    if found is None:
        return None, doubts.number_unreadable(column, shown(cell))
    if found.value is None:
        return None, doubts.number_parts(column, found.parts, shown(cell))
    value = NumberValue(found.value, found.approx, found.low, found.high)
    return value, doubts.number_range(column, value) if found.is_range else None


def _money(cell: Cell, column: Column, context: Context) -> Outcome:
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        return None, doubts.number_unreadable(column, shown(cell))
    found = parse_money(cell, context.unit or column.unit)
    if found.doubt or found.yuan is None:
        return None, doubts.money(column, found, shown(cell), context.heading)
    if found.yuan < 0:
        return None, doubts.number_unreadable(column, shown(cell))
    return MoneyValue(found.yuan, found.approx, found.low, found.high), None


def _yes_no(cell: Cell, column: Column, context: Context) -> Outcome:
    value = parse_yes_no(cell) if isinstance(cell, str | bool | float | int) else None
    return value, None if value is not None else doubts.yes_no(column, shown(cell))


def _choice(cell: Cell, column: Column, context: Context) -> Outcome:
    code = find_option(column, shown(cell))
    return code, None if code else doubts.choice(column, shown(cell))


def _choices(cell: Cell, column: Column, context: Context) -> Outcome:
    text = shown(cell)
    whole = find_option(column, text)
    if whole:
        return (whole,), None
    codes: dict[str, None] = {}
    for piece in _pieces(text):
        code = find_option(column, piece)
        if code is None:
            return None, doubts.choice(column, piece)
        codes[code] = None
    return tuple(codes) or None, None


def _pieces(text: str) -> list[str]:
    for separator in "、,;/\n+":
        text = text.replace(separator, "，")
    text = fold(text.replace("，", "|")).replace(",", "|").replace(";", "|")
    return [piece.strip() for piece in text.split("|") if piece.strip()]


def find_option(column: Column, text: str) -> str | None:
    """The code of the option that a text names, by code, label or alias."""
    wanted = {match_key(text), match_key(without_list_mark(text))}
    for option in column.options:
        if not wanted.isdisjoint(match_key(word) for word in (option.code, option.label, *option.aliases)):
            return option.code
    return None


def plain_number(text: str) -> Decimal | None:
    """A number answered by a person or a program: digits only."""
    found = parse_number(text)
    return found.value if found else None


def _phone(cell: Cell, column: Column, context: Context) -> Outcome:
    return read_phone(cell, column)


def _person(cell: Cell, column: Column, context: Context) -> Outcome:
    return read_person(cell, "", column)


_READERS: dict[Type, Callable[[Cell, Column, Context], Outcome]] = {
    Type.TEXT: _text,
    Type.UNIT_NAME: _unit_name,
    Type.NAME: _name,
    Type.NAMES: _names,
    Type.PERSON: _person,
    Type.PHONE: _phone,
    Type.DATE: _date,
    Type.INTEGER: _integer,
    Type.NUMBER: _number,
    Type.MONEY: _money,
    Type.YES_NO: _yes_no,
    Type.CHOICE: _choice,
    Type.CHOICES: _choices,
}
