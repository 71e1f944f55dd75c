"""A record is judged in the trip that writes it, by what the rules asked for the last time; what has changed since counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities import obligations
from activities.actions.rules import publish_terms
from activities.actions.waivers import WaiverFacts, add_waiver
from activities.models import Obligation, Rule
from activities.obligations.parts import ALL, Parts
from activities.obligations.passing import pass_time
from activities.obligations.statement import Limits, judging
from activities.rehearsal.setting import staff
from pairing.actions import suspend_pairing
from tenancy import clock
from tenancy.scope import SYSTEM, current_tenant
from tests.activities.test_kept_cells import Place, local, place

__all__ = ["place"]
pytestmark = pytest.mark.django_db


@contextmanager
def trips(n: int) -> Iterator[None]:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        yield
    told = [query["sql"][:200] for query in caught.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(told) == n, "\n".join(told)


def kept(place: Place, rule: str, starts_on: date, *, of: Any = None) -> tuple[str, int, str]:
    """State, count and why it is waived, as the record's own transaction left it: nothing is refreshed."""
    cell = Obligation.objects.get(rule__code=rule, pairing=of or place.p1, starts_on=starts_on)
    return cell.state, cell.counted, cell.waived_because


def assert_as_rebuilt(at: str) -> None:
    with clock.at(local(at)):
        pass_time()
        assert not obligations.refresh()


def test_second_record_of_its_kind_needs_two_trips(place: Place) -> None:
    place.write("reception", "2024-10-09")
    with trips(2):
        place.write("reception", "2024-10-16", confirm=False)

    assert kept(place, "reception", date(2024, 10, 14)) == ("waiting", 0, "")
    with trips(2):
        place.write("reception", "2024-10-16", confirm=False, pairing=place.p2)
    assert_as_rebuilt("2024-10-16T20:00")


def test_rule_that_is_now_owed_together_counts_for_the_other(place: Place) -> None:
    place.write("reception", "2024-10-09")
    with clock.at(local("2024-10-10T08:00")):
        rule = Rule.objects.get(code="reception")
        publish_terms(rule=rule, changes={"scope": "village"}, effective_from=date(2024, 10, 14), reason="改", actor=SYSTEM)

    place.write("reception", "2024-10-16")

    assert kept(place, "reception", date(2024, 10, 14), of=place.p2) == ("met", 1, "")
    assert_as_rebuilt("2024-10-16T20:00")


def test_rule_that_now_carries_a_surplus_counts_for_the_next_week(place: Place) -> None:
    place.write("reception", "2024-10-09")
    with clock.at(local("2024-10-10T08:00")):
        rule = Rule.objects.get(code="reception")
        publish_terms(rule=rule, changes={"carry_over": True}, effective_from=date(2024, 10, 14), reason="改", actor=SYSTEM)

    place.write("reception", "2024-10-16")
    place.write("reception", "2024-10-17", at="2024-10-22T20:00")

    assert kept(place, "reception", date(2024, 10, 21))[0] == "met"
    assert_as_rebuilt("2024-10-22T20:00")


def test_waiver_and_suspension_that_came_since_hold(place: Place) -> None:
    place.write("reception", "2024-10-09")
    with clock.at(local("2024-10-10T08:00")):
        facts = WaiverFacts(place.p1.programme, date(2024, 10, 14), date(2024, 10, 20), "防汛")
        add_waiver(facts=facts, actor=SYSTEM)
    place.write("reception", "2024-10-16")
    assert kept(place, "reception", date(2024, 10, 14)) == ("waived", 1, "waiver:防汛")

    with clock.at(local("2024-10-22T08:00")):
        suspend_pairing(pairing=place.p1, on=date(2024, 10, 22), reason="撤并", access=staff(current_tenant()))
    place.write("reception", "2024-10-21", at="2024-10-23T20:00")
    assert kept(place, "reception", date(2024, 10, 21)) == ("waived", 1, "suspended:撤并")
    assert_as_rebuilt("2024-10-23T20:00")


@pytest.mark.parametrize("limits", [Limits(), Limits(pairings=True, rules=True, window=True)])
def test_parts_only_leave_out(limits: Limits) -> None:
    """Every line of a shorter text stands in the whole one, or is a plain value in the place of a part that is left out."""
    whole = set(judging(limits, parts=ALL).splitlines())
    none = judging(limits, parts=Parts(*[False] * len(ALL.asked())))

    plain = [line.strip() for line in none.splitlines() if line not in whole]
    assert len(plain) <= 9, plain
    for table in ("units_unit", "activities_waiver", "pairing_pairingsuspension", "activities_workingday", "pairing_pairingpost"):
        assert table in judging(limits)
        assert table not in none
