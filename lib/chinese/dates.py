"""Dates as people write them: 2024.9.3, 9月3日上午, 9.17-9.18, 9月上旬, 45538, and a bare 2024.1.

Nothing is guessed: a text that fits two days comes back with both as choices.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from lib.chinese.date_words import (
    DAY,
    MONTH,
    MONTHS,
    RANGE,
    SEVERAL,
    groups,
    plain_date_text,
)
from lib.chinese.numbers import exact
from lib.chinese.text import remember_short

Precision = Literal["day", "ten_days", "month", "year"]
DateDoubt = Literal["ambiguous", "needs_year", "impossible", "several", "after_filled", "unreadable"]
FIRST_YEAR, LAST_YEAR = 1949, 2100
FIRST_SERIAL, LAST_SERIAL = (
    30_000,
    60_000,
)  # 1982-02-18 to 2064-04-08: other numbers are no days
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_1904_SHIFT = 1462
_TENS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}


@dataclass(frozen=True, slots=True)
class YearHint:
    """The year for dates that do not say theirs, and where it was found.

    `filled_on` is the day the form was filled in, when the year was taken from there: a day after
    it cannot have happened yet, so it may belong to the year before.
    """

    year: int
    source: str
    filled_on: date | None = None


@dataclass(frozen=True, slots=True)
class DateParse:
    """A day, or a span of days, or a doubt. `choices` are ISO texts (2024-01, 2024-01-31)."""

    start: date | None = None
    end: date | None = None
    precision: Precision = "day"
    doubt: DateDoubt | None = None
    choices: tuple[str, ...] = ()
    year_was_given: bool = True


_UNREADABLE = DateParse(doubt="unreadable")
_IMPOSSIBLE = DateParse(doubt="impossible")


def parse_date(
    cell: str | float | int | date | datetime,
    *,
    hint: YearHint | None = None,
    epoch_1904: bool = False,
) -> DateParse:
    """Read the date or span in a cell."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        if not FIRST_YEAR <= cell.year <= LAST_YEAR:
            return _IMPOSSIBLE
        return DateParse(cell, cell)
    if isinstance(cell, str):
        return _parse_text(cell, hint, epoch_1904)
    return _parse_number(exact(cell), hint, epoch_1904)


def _parse_number(number: Decimal, hint: YearHint | None, epoch_1904: bool) -> DateParse:
    whole = int(number)
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        day = _SERIAL_ZERO + timedelta(days=whole + (_SERIAL_1904_SHIFT if epoch_1904 else 0))
        return DateParse(day, day)
    digits = format(number, "f")
    if number == whole:
        return _from_match_digits(digits)
    before, after = digits.split(".")
    if len(after) > 2:
        return _UNREADABLE
    if FIRST_YEAR <= whole <= LAST_YEAR:
        if after == "1":
            # 2024.10 loses its zero in a number cell, so 2024.1 is January or October.
            return DateParse(
                precision="month",
                doubt="ambiguous",
                choices=(f"{whole}-01", f"{whole}-10"),
            )
        return _month(whole, int(after))
    if not 1 <= whole <= 12 or len(before) > 2:
        return _UNREADABLE
    if len(after) == 1 and after in "123":
        return _day_lost_its_zero(whole, int(after), hint)
    return _resolve((None, whole, int(after)), None, hint)


def _day_lost_its_zero(month: int, digit: int, hint: YearHint | None) -> DateParse:
    """9.1 in a number cell is the first or, typed as 9.10, the tenth."""
    if hint is None:
        return DateParse(doubt="needs_year")
    days = [d for d in (digit, digit * 10) if d <= calendar.monthrange(hint.year, month)[1]]
    if len(days) == 1:
        return _resolve((None, month, days[0]), None, hint)
    texts = tuple(date(hint.year, month, d).isoformat() for d in days)
    return DateParse(doubt="ambiguous", choices=texts, year_was_given=False)


@remember_short
def _parse_text(text: str, hint: YearHint | None, epoch_1904: bool) -> DateParse:
    plain = plain_date_text(text)
    if not plain:
        return _UNREADABLE
    if plain.isdigit():
        if len(plain) == 5 and FIRST_SERIAL <= int(plain) <= LAST_SERIAL:
            return _parse_number(Decimal(plain), hint, epoch_1904)
        return _from_match_digits(plain)
    if re.fullmatch("[12][0-9]{3}年度?", plain):
        return _from_match_digits(plain[:4])
    if match := DAY.fullmatch(plain):
        return _resolve(_ymd(groups(match)), None, hint)
    if match := MONTH.fullmatch(plain):
        return _month_text(groups(match), hint)
    if match := RANGE.fullmatch(plain):
        return _day_range(groups(match), hint)
    if match := MONTHS.fullmatch(plain):
        return _month_range(groups(match), hint)
    if match := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", plain):
        return _american_or_british(int(match[1]), int(match[2]), int(match[3]))
    pieces = [p for p in SEVERAL.split(plain) if p]
    if len(pieces) > 1 and (DAY.fullmatch(pieces[0]) or MONTH.fullmatch(pieces[0])):
        return DateParse(doubt="several")
    return _UNREADABLE


def _from_match_digits(digits: str) -> DateParse:
    """20240903, 202409, 2024."""
    if len(digits) == 8:
        return _resolve((int(digits[:4]), int(digits[4:6]), int(digits[6:])), None, None)
    if len(digits) == 6 and digits[:2] in ("19", "20"):
        return _month(int(digits[:4]), int(digits[4:]))
    if len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        year = int(digits)
        return DateParse(date(year, 1, 1), date(year, 12, 31), "year")
    return _UNREADABLE


def _american_or_british(first: int, second: int, year: int) -> DateParse:
    choices = []
    for month, day in ((first, second), (second, first)):
        found = _day(year, month, day)
        if found and found.isoformat() not in choices:
            choices.append(found.isoformat())
    if len(choices) == 1:
        only = date.fromisoformat(choices[0])
        return DateParse(only, only)
    return DateParse(doubt="ambiguous", choices=tuple(choices)) if choices else _IMPOSSIBLE


_YMD = tuple[int | None, int, int]


def _ymd(found: dict[str, str | None]) -> _YMD:
    return _year(found["y"]), int(found["m"] or 0), int(found["d"] or 0)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _resolve(first: _YMD, last: _YMD | None, hint: YearHint | None) -> DateParse:
    """One day, or the span from `first` to `last`; the year from the hint where none is written."""
    year, month, day = first
    given = year is not None
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return _IMPOSSIBLE
    if year is None:
        if hint is None:
            return DateParse(doubt="needs_year")
        year = hint.year
    start = _day(year, month, day)
    if start is None:
        return _IMPOSSIBLE
    end: date | None = start
    if last is not None:
        last_year, last_month, last_day = last
        if last_year is None:
            last_year = year + 1 if last_month < month else year
        end = _day(last_year, last_month, last_day)
    if end is None or end < start:
        return _IMPOSSIBLE
    if not given and hint and hint.filled_on and start > hint.filled_on:
        return _after_filled(start, end, hint)
    return DateParse(start, end, year_was_given=given)


def _after_filled(start: date, end: date, hint: YearHint) -> DateParse:
    """12月30日 on a form filled in on 5 January: the year before, or still to come?"""
    earlier = [_day(d.year - 1, d.month, d.day) for d in (start, end)]
    texts = []
    for a, b in ((earlier[0], earlier[1]), (start, end)):
        if a and b:
            texts.append(a.isoformat() if a == b else f"{a.isoformat()}~{b.isoformat()}")
    return DateParse(doubt="after_filled", choices=tuple(texts), year_was_given=False)


def _day_range(found: dict[str, str | None], hint: YearHint | None) -> DateParse:
    first = _ymd(found)
    month = int(found["m2"]) if found["m2"] else first[1]
    return _resolve(first, (_year(found["y2"]), month, int(found["d2"] or 0)), hint)


def _month(year: int, month: int, given: bool = True) -> DateParse:
    if not 1 <= month <= 12 or not FIRST_YEAR <= year <= LAST_YEAR:
        return _IMPOSSIBLE
    last = calendar.monthrange(year, month)[1]
    return DateParse(date(year, month, 1), date(year, month, last), "month", year_was_given=given)


def _month_text(found: dict[str, str | None], hint: YearHint | None) -> DateParse:
    year, month = _year(found["y"]), int(found["m"] or 0)
    if year is None and hint is None:
        return DateParse(precision="month", doubt="needs_year")
    whole = _month(year or (hint.year if hint else 0), month, given=year is not None)
    part = found["part"] or ""
    if part not in _TENS or whole.start is None or whole.end is None:
        return whole
    low, high = _TENS[part]
    start, end = (
        whole.start.replace(day=low),
        whole.start.replace(day=min(high, whole.end.day)),
    )
    return DateParse(start, end, "ten_days", year_was_given=whole.year_was_given)


def _month_range(found: dict[str, str | None], hint: YearHint | None) -> DateParse:
    year = _year(found["y"])
    if year is None and hint is None:
        return DateParse(precision="month", doubt="needs_year")
    first_year = year or (hint.year if hint else 0)
    first, last = int(found["m"] or 0), int(found["m2"] or 0)
    last_year = _year(found["y2"]) or (first_year + 1 if last < first else first_year)
    start, end = _month(first_year, first), _month(last_year, last)
    if start.start is None or end.end is None or end.end < start.start:
        return _IMPOSSIBLE
    return DateParse(start.start, end.end, "month", year_was_given=year is not None)
