"""The working calendar: published holidays, the county's own days, waived weeks, months opened again."""

from __future__ import annotations

from datetime import date

import pytest

from activities.actions.calendar import CalendarRefused, load_library, reopen_month, set_day, set_days
from activities.models import Obligation, Reopening, WorkingDay
from activities.queries.calendar import months_of, work_calendar
from lib.periods import period_named
from pairing.models import Programme
from tests import factories as make
from tests.activities.rules.conftest import ACTOR


def reason_of(pairing: object, code: str) -> str:
    span = period_named(code)
    cell = Obligation.objects.get(pairing=pairing, rule__code="reception", starts_on=span.starts_on)
    return str(cell.waived_because)


@pytest.mark.parametrize(("code", "n"), [("2024-W40", 1), ("2025-W05", 1), ("2025-W40", 2), ("2024-W41", 5), ("2024-W39", 6)])
def test_working_days_of_weeks_are_those_of_the_published_calendar(year: Programme, code: str, n: int) -> None:
    span = period_named(code)

    assert work_calendar(span.starts_on, span.ends_on).n_working(span.starts_on, span.ends_on) == n


def test_a_week_with_fewer_than_two_working_days_is_waived_and_51_are_due_in_2025(year: Programme) -> None:
    pairing = make.make_pairing(programme=year)
    set_day(day=date(2024, 12, 25), is_working=True, actor=ACTOR)  # counts anew; a Wednesday is worked on anyway

    assert reason_of(pairing, "2024-W40").startswith("calendar:1")
    assert reason_of(pairing, "2025-W05").startswith("calendar:1")
    assert reason_of(pairing, "2025-W40") == ""
    cells = Obligation.objects.filter(pairing=pairing, rule__code="reception", is_due=True, waived_because="")
    assert cells.filter(starts_on__range=(date(2024, 12, 30), date(2025, 12, 22))).count() == 51


def test_a_corrected_day_waives_a_week_and_takes_it_back(year: Programme) -> None:
    pairing = make.make_pairing(programme=year)
    set_days(days={date(2025, 9, 29): False}, note="防汛", actor=ACTOR)
    assert reason_of(pairing, "2025-W40").startswith("calendar:1")

    set_day(day=date(2025, 9, 29), is_working=True, actor=ACTOR)

    assert reason_of(pairing, "2025-W40") == ""
    row = WorkingDay.objects.get(day=date(2025, 9, 29))
    assert (row.is_working, row.source, row.note) == (True, "county", "")


def test_importing_again_leaves_the_county_s_days_and_mends_the_library_s(year: Programme) -> None:
    set_day(day=date(2025, 10, 1), is_working=True, note="值班", actor=ACTOR)
    WorkingDay.objects.filter(day=date(2025, 10, 2)).update(is_working=True)
    WorkingDay.objects.create(tenant=year.tenant, day=date(2025, 3, 5), is_working=False, source="library", note="x")
    WorkingDay.objects.filter(day=date(2025, 10, 3)).delete()

    loaded = load_library(programme=year, actor=ACTOR)

    told = {row.day: row.is_working for row in WorkingDay.objects.filter(day__range=(date(2025, 3, 5), date(2025, 10, 3)))}
    assert loaded.n_days == 3
    assert told[date(2025, 10, 1)] is True
    assert told[date(2025, 10, 2)] is False
    assert told[date(2025, 10, 3)] is False
    assert told[date(2025, 3, 5)] is True


def test_years_that_are_not_published_are_named(scoped: object) -> None:
    programme = make.make_programme(2040)

    assert load_library(programme=programme, actor=ACTOR).unknown == (2040, 2041, 2042)
    assert not WorkingDay.objects.exists()


def test_days_that_are_none_of_the_calendar_s_are_refused(year: Programme) -> None:
    for day, note in ((date(2009, 12, 31), ""), (date(2061, 1, 1), ""), (date(2025, 1, 2), "很" * 61)):
        with pytest.raises(CalendarRefused):
            set_day(day=day, is_working=False, note=note, actor=ACTOR)

    assert not WorkingDay.objects.filter(source="county").exists()


def test_the_months_of_a_year_show_whole_weeks_and_which_are_waived(year: Programme) -> None:
    months = months_of(2025, least=2)

    january = months[0]
    assert [week.code for week in january.weeks] == ["2025-W01", "2025-W02", "2025-W03", "2025-W04", "2025-W05"]
    assert [week.is_waived for week in january.weeks] == [False, False, False, False, True]
    assert january.n_working == 19
    assert [week.code for month in months for week in month.weeks if week.is_waived] == ["2025-W05", "2025-W05"]


def test_a_locked_month_is_opened_again_with_a_reason(year: Programme) -> None:
    # It is 20 December 2024: November was locked after the 15th.
    reopen_month(programme=year, month=date(2024, 11, 1), until=date(2024, 12, 31), reason="停电", actor=ACTOR)

    row = Reopening.objects.get()
    assert (row.month, row.until, row.pairing, row.reason) == (date(2024, 11, 1), date(2024, 12, 31), None, "停电")


@pytest.mark.parametrize(
    ("month", "until", "reason", "code"),
    [
        (date(2024, 12, 1), date(2025, 1, 31), "停电", "not_locked"),
        (date(2024, 8, 1), date(2024, 12, 31), "停电", "outside"),
        (date(2026, 1, 1), date(2026, 12, 31), "停电", "outside"),
        (date(2024, 11, 1), date(2024, 12, 19), "停电", "in_past"),
        (date(2024, 11, 1), date(2024, 12, 31), " ", "invalid"),
    ],
)
def test_a_month_that_needs_no_opening_is_refused(year: Programme, month: date, until: date, reason: str, code: str) -> None:
    with pytest.raises(CalendarRefused) as refusal:
        reopen_month(programme=year, month=month, until=until, reason=reason, actor=ACTOR)

    assert refusal.value.code == code
    assert not Reopening.objects.exists()
