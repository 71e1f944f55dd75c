"""When people are told things, and on which day to remind of a period's end."""

from __future__ import annotations

from datetime import date

import pytest

from notices import hours


@pytest.fixture(autouse=True)
def no_county(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published holidays alone."""
    monkeypatch.setattr(hours, "_calendars", [])


@pytest.mark.parametrize(
    ("ends_on", "days_before", "day"),
    [
        (date(2024, 10, 31), 7, date(2024, 10, 24)),  # a Thursday
        (date(2024, 11, 30), 7, date(2024, 11, 25)),  # a Saturday: the Monday after
        (date(2024, 11, 24), 3, date(2024, 11, 21)),  # the Thursday of the week
        (date(2025, 10, 5), 3, date(2025, 9, 30)),  # Thursday to Sunday are holidays: the last day that is worked
        (date(2024, 4, 7), 3, date(2024, 4, 7)),  # Qingming from Thursday to Saturday, and the Sunday is worked
    ],
)
def test_the_day_of_a_reminder_is_worked_and_lies_in_the_period_if_it_can(ends_on: date, days_before: int, day: date) -> None:
    assert hours.reminder_day(ends_on, days_before) == day


def test_working_days_are_counted_over_the_longest_holiday() -> None:
    assert hours.working_days_after(date(2025, 1, 26), 3) == [date(2025, 1, 27), date(2025, 2, 5), date(2025, 2, 6)]
    assert len(hours.working_days_after(date(2025, 1, 26), 20)) == 20


def test_an_opening_is_an_instant_in_china() -> None:
    assert hours.opening(date(2024, 11, 18)).isoformat() == "2024-11-18T08:30:00+08:00"
