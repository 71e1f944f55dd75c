"""What came back after its month was locked: whose turn it is, and that it can be corrected once the month is open again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from activities.models import Record, RecordEvent
from tenancy import clock
from tenancy.scope import current_tenant, tenant_scope
from tests.activities.records.conftest import TODAY, County, sent
from tests.factories import make_record, make_reopening

AsRole = Callable[[str], Client]
AFTER_THE_YEAR = TODAY.replace(year=2025, month=3, day=10)
CORRECT = "修改后重新提交"


def returned(county: County, day: date, at: datetime, *more: Any) -> Record:
    with tenant_scope(county.tenant), clock.at(at):
        made: Record = make_record(
            county.first, *more, status="returned", occurred_on=day, submitted_on=day, text="修水渠", author=county.members["UL"]
        )
        RecordEvent.objects.create(
            tenant=current_tenant(),
            record=made,
            deed="returned",
            to_status="returned",
            actor_name="村书记",
            at=at,
            reason="人数不符",
        )
    return made


def reopen(county: County, month: date, **fields: Any) -> None:
    with tenant_scope(county.tenant):
        make_reopening(county.programme, month, clock.today() + timedelta(days=5), **fields)


@pytest.fixture
def later(county: County) -> Iterator[County]:
    """The spring after the year: its pairings are no longer offered for anything new."""
    with clock.at(AFTER_THE_YEAR):
        yield county


def test_a_locked_record_says_whom_to_ask_and_offers_nothing_in_vain(county: County, as_role: AsRole) -> None:
    record = returned(county, date(2024, 9, 20), TODAY)
    page = county.url(f"records/{record.uid}/")
    locked = as_role("UL").get(page).content.decode()
    reopen(county, date(2024, 9, 1))
    opened = as_role("UL").get(page).content.decode()

    assert "2024-09 已于 2024-10-15 锁定" in locked
    assert (CORRECT in locked, CORRECT in opened) == (False, True)
    assert "锁定" not in opened


def test_a_month_opened_for_one_of_two_pairings_stays_shut_for_what_both_held(county: County, as_role: AsRole) -> None:
    joint = returned(county, date(2024, 9, 20), TODAY, county.second)
    reopen(county, date(2024, 9, 1), pairing=county.first)
    page = county.url(f"records/{joint.uid}/")

    assert CORRECT not in as_role("UL").get(page).content.decode()
    reopen(county, date(2024, 9, 1), pairing=county.second)
    assert CORRECT in as_role("UL").get(page).content.decode()


def test_what_came_back_is_corrected_when_its_year_is_over(later: County, as_role: AsRole) -> None:
    record = returned(later, date(2024, 12, 20), AFTER_THE_YEAR)
    reopen(later, date(2024, 12, 1))
    page = later.url(f"records/{record.uid}/edit/")
    form = as_role("UL").get(page)
    done = as_role("UL").post(page, sent(later.first, occurred_on="2024-12-20", text="修水渠三百米"))

    assert form.status_code == 200
    assert form.context["form"]["pairings"].value() == [str(later.first.uid)]
    assert done.status_code == 302
    with tenant_scope(later.tenant):
        record.refresh_from_db()
    assert (record.status, record.text) == ("submitted", "修水渠三百米")


def test_another_units_record_stays_out_of_reach_when_the_year_is_over(later: County, as_role: AsRole) -> None:
    record = returned(later, date(2024, 12, 20), AFTER_THE_YEAR)
    reopen(later, date(2024, 12, 1))

    assert as_role("water").get(later.url(f"records/{record.uid}/edit/")).status_code == 404


@pytest.mark.parametrize(
    ("day", "ago", "is_shown"),
    [(date(2024, 10, 10), 40, True), (date(2024, 9, 20), 2, True), (date(2024, 9, 5), 31, False)],
)
def test_the_first_page_leaves_out_what_was_locked_long_ago(
    county: County, as_role: AsRole, day: date, ago: int, is_shown: bool
) -> None:
    returned(county, day, TODAY - timedelta(days=ago))

    assert ("修水渠" in as_role("UL").get(county.url()).content.decode()) is is_shown
