"""Periods: whole, without a gap, named the same way there and back (domain.md §2.3)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.periods import KINDS, Span, period_named, period_of, periods, shown_month

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
KIND = st.sampled_from(KINDS)
LENGTHS = {"week": {7}, "month": {28, 29, 30, 31}, "quarter": {90, 91, 92}, "half": {181, 182, 184}, "year": {365, 366}}
DAY = timedelta(days=1)


@given(KIND, DAYS)
def test_a_day_lies_in_its_period_which_has_a_length_of_its_kind(kind: str, day: date) -> None:
    span = period_of(kind, day)
    assert day in span
    assert (span.ends_on - span.starts_on).days + 1 in LENGTHS[kind]
    assert span.starts_on.weekday() == 0 if kind == "week" else span.starts_on.day == 1


@given(KIND, DAYS)
def test_periods_follow_one_another_without_gap_or_overlap(kind: str, day: date) -> None:
    span = period_of(kind, day)
    before, after = period_of(kind, span.starts_on - DAY), period_of(kind, span.ends_on + DAY)
    assert (before.ends_on + DAY, after.starts_on - DAY) == (span.starts_on, span.ends_on)
    assert {period_of(kind, one) for one in (span.starts_on, day, span.ends_on)} == {span}
    assert len({before.code, span.code, after.code}) == 3


@given(KIND, DAYS)
def test_a_code_names_its_period_and_sorts_with_it(kind: str, day: date) -> None:
    span = period_of(kind, day)
    assert period_named(span.code) == span
    assert span.code < period_of(kind, span.ends_on + DAY).code


@given(KIND, DAYS, st.integers(0, 500))
def test_periods_cover_exactly_the_days_asked_for(kind: str, first: date, n: int) -> None:
    last = first + timedelta(days=n)
    found = list(periods(kind, first, last))
    assert (found[0], found[-1]) == (period_of(kind, first), period_of(kind, last))
    assert all(one.ends_on + DAY == two.starts_on for one, two in pairwise(found))


@given(DAYS)
def test_a_week_is_shown_in_the_month_that_holds_most_of_it(day: date) -> None:
    week = period_of("week", day)
    days = [week.starts_on + timedelta(days=n) for n in range(7)]
    months = [one.replace(day=1) for one in days]
    assert shown_month(week) == max(set(months), key=months.count)
    assert shown_month(week, by="sunday") == week.ends_on.replace(day=1)


@pytest.mark.parametrize(("year", "n"), [(2024, 52), (2025, 52), (2026, 53), (2020, 53)])
def test_a_year_has_as_many_weeks_as_thursdays(year: int, n: int) -> None:
    weeks = [span for span in periods("week", date(year, 1, 1), date(year, 12, 31)) if span.code.startswith(f"{year}-W")]
    assert (len(weeks), weeks[0].code, weeks[-1].code) == (n, f"{year}-W01", f"{year}-W{n}")


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on"),
    [
        ("2024-W40", date(2024, 9, 30), date(2024, 10, 6)),
        ("2024-W44", date(2024, 10, 28), date(2024, 11, 3)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_codes_name_these_days(code: str, starts_on: date, ends_on: date) -> None:
    span = period_named(code)
    assert isinstance(span, Span)
    assert (span.starts_on, span.ends_on) == (starts_on, ends_on)


# Where the calendar ends there is no next period: nobody is owed anything then.
FAR = ["9999", "9999-12", "9999-W52", "9999-H2", "2200-01", "1899-Q4", "0001", "0001-W01", "２０２４-10"]


@pytest.mark.parametrize(
    "code", ["2024-W54", "2025-W53", "2024-W1", "2024-13", "2024-1", "2024-Q5", "2024-H0", "24", "", "24-", "x", *FAR]
)
def test_other_texts_name_no_period(code: str) -> None:
    with pytest.raises(ValueError, match="2024-W41"):
        period_named(code)


@given(st.text(max_size=10))
def test_whatever_is_written_is_a_period_or_refused(text: str) -> None:
    try:
        found = period_named(text).code
    except ValueError:
        return
    assert found == text
