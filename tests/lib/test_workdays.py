"""Working days of the mainland's calendar."""

from __future__ import annotations

from datetime import date

import pytest

from lib.workdays import add_workdays, is_workday


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 9, 3), True),
        (date(2024, 9, 7), False),  # a Saturday
        (date(2024, 9, 14), True),  # a Saturday worked in exchange
        (date(2024, 10, 1), False),  # the national day
        (date(2040, 9, 3), True),  # not published yet: plain weeks
        (date(2040, 9, 1), False),
    ],
)
def test_workdays(day: date, works: bool) -> None:
    assert is_workday(day) == works


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2024, 9, 3), 0, date(2024, 9, 3)),
        (date(2024, 9, 3), 5, date(2024, 9, 10)),
        (date(2024, 9, 30), 1, date(2024, 10, 8)),  # over the national holiday
        (date(2024, 9, 13), 1, date(2024, 9, 14)),
    ],
)
def test_adding_passes_over_days_off(day: date, n: int, expected: date) -> None:
    assert add_workdays(day, n) == expected
