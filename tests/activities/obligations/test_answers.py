"""Answers of the API and of rehearsals: cells with their records, now and as they stood on a day."""

from __future__ import annotations

from datetime import date

import pytest

from activities.actions import records
from activities.hands import system_hand
from activities.queries.obligations import Answer, answers, answers_as_of
from tenancy import clock
from tenancy.access import access_for
from tests.activities.obligations.conftest import County, local
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def _of(found: list[Answer], period: str) -> Answer:
    return next(answer for answer in found if answer.period == period)


def test_says_what_counted_what_not_and_why(county: County) -> None:
    held = county.write("labour_day", "2024-10-09")
    waits = county.write("labour_day", "2024-10-20", confirmed=None)
    county.judge("2024-12-20")

    october = _of(answers(county.first, "labour_day"), "2024-10")
    assert (october.state, october.required, october.counted) == ("met", 1, 1)
    assert october.records == (held.uid,)
    assert october.not_counted == ((waits.uid, "waiting"),)
    assert october.pairing == county.first.uid
    assert october.waived_because is None


def test_stretch_takes_periods_that_begin_in_it(county: County) -> None:
    county.judge("2024-12-20")

    found = answers(county.first, "reception", date(2024, 10, 1), date(2024, 10, 31))
    assert [one.period for one in found] == ["2024-W41", "2024-W42", "2024-W43", "2024-W44"]


def test_order_is_first_day_then_rule(county: County) -> None:
    county.judge("2024-12-20")

    found = answers(county.first, starts_from=date(2024, 10, 1), starts_to=date(2024, 10, 1))
    assert [one.rule for one in found][:2] == ["labour_day", "benefit_project"]
    everything = answers(county.first)
    assert [one.starts_on for one in everything] == sorted(one.starts_on for one in everything)


def test_waived_because_is_told_in_words(county: County) -> None:
    county.judge("2024-12-20")

    week = _of(answers(county.first, "reception"), "2024-W40")
    assert (week.state, week.waived_because) == ("waived", "只有1个工作日")


def test_day_of_the_past_is_judged_by_the_steps_taken_by_then(county: County) -> None:
    record = county.write("labour_day", "2024-10-09", confirmed="2024-11-20T09:00")
    with clock.at(local("2025-02-03T09:00")):
        records.void_record(record=record, hand=system_hand("county"), reason="抽查不属实")
    county.judge("2025-02-04")
    access = access_for(make_member(county.tenant, "CA"), county.tenant)
    assert access is not None

    def then(day: str) -> tuple[str, int, tuple[tuple[object, str], ...]]:
        found = _of(answers_as_of(access, date.fromisoformat(day), pairing=county.first.uid, rule="labour_day"), "2024-10")
        return found.state, found.counted, found.not_counted

    assert then("2024-10-01") == ("open", 0, ())
    assert then("2024-10-09") == ("waiting", 0, ((record.uid, "waiting"),))
    assert then("2024-11-19") == ("waiting", 0, ((record.uid, "waiting"),))
    assert then("2024-11-20") == ("met", 1, ())
    assert then("2025-02-02") == ("met", 1, ())
    assert then("2025-02-03") == ("missed", 0, ((record.uid, "voided"),))


def test_today_stood_as_it_stands(county: County) -> None:
    county.write("labour_day", "2024-10-09")
    county.write("reception", "2024-10-16", leader_present=True, pairing=county.pairings[1])
    county.judge("2024-12-20")
    access = access_for(make_member(county.tenant, "CA"), county.tenant)
    assert access is not None

    assert answers_as_of(access, date(2024, 12, 20)) == answers()


def test_who_sees_which(county: County) -> None:
    county.judge("2024-12-20")
    mine = access_for(make_member(county.tenant, "UL", unit=county.first.unit), county.tenant)
    assert mine is not None

    found = answers_as_of(mine, date(2024, 12, 20))
    assert {one.pairing for one in found} == {county.first.uid}
