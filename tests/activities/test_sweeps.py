"""The nightly judging anew: what runs or awaits its grace each night, all of it on Sundays."""

from __future__ import annotations

from datetime import date

import pytest

from activities import obligations
from activities.actions.rules import publish_terms
from activities.models import Obligation, Rule
from activities.obligations.passing import pass_time
from activities.sweeps import heal_obligations
from tenancy import clock
from tenancy.scope import SYSTEM, current_tenant
from tests.activities.test_kept_cells import Place, local, place

__all__ = ["place"]
pytestmark = pytest.mark.django_db


def heal(at: str) -> int:
    with clock.at(local(at)):
        return heal_obligations(current_tenant(), local(at))


def spoil(rule: str, starts_on: date) -> int:
    """Something that went past the actions: the cell says of itself what no record says."""
    cell = Obligation.objects.get(rule__code=rule, starts_on=starts_on, pairing__unit__name="高州市林业局")
    Obligation.objects.filter(pk=cell.pk).update(counted=9, state="met")
    return int(cell.pk)


def counted(pk: int) -> int:
    return int(Obligation.objects.get(pk=pk).counted)


def settled(at: str) -> None:
    with clock.at(local(at)):
        pass_time()
        assert not obligations.refresh()


# 2024-12-11 is a Wednesday; ten days of grace.
@pytest.mark.parametrize(
    ("rule", "starts_on", "is_current"),
    [
        ("reception", date(2024, 12, 9), True),
        ("reception", date(2024, 11, 25), True),
        ("reception", date(2024, 11, 18), False),
        ("labour_day", date(2024, 12, 1), True),
        ("labour_day", date(2024, 10, 1), False),
        # An unfinished project looks back: all its quarters are judged.
        ("benefit_project", date(2024, 10, 1), True),
    ],
)
def test_at_night_what_is_not_settled_is_mended(place: Place, rule: str, starts_on: date, is_current: bool) -> None:
    settled("2024-12-11T02:00")
    spoilt = spoil(rule, starts_on)

    assert heal("2024-12-11T02:30") == 0
    assert heal("2024-12-11T03:30") == int(is_current)
    assert counted(spoilt) == (0 if is_current else 9)


def test_on_sundays_all_is_mended(place: Place) -> None:
    settled("2024-12-15T02:00")
    spoilt = spoil("reception", date(2024, 10, 14))

    assert heal("2024-12-15T03:30") == 1
    assert counted(spoilt) == 0
    assert heal("2024-12-15T03:30") == 0


def test_what_is_judged_at_night_is_what_a_rebuild_makes(place: Place) -> None:
    """Records on both sides of the window, online ones among them, a surplus, and a rule that is owed together."""
    with clock.at(local("2024-09-04T08:00")):
        for code, changes in (("reception", {"carry_over": True}), ("labour_day", {"scope": "village"})):
            rule = Rule.objects.get(code=code)
            publish_terms(rule=rule, changes=changes, effective_from=date(2024, 9, 4), reason="改", actor=SYSTEM)
    for day in ("2024-11-20", "2024-11-29", "2024-12-03", "2024-12-10"):
        place.write("reception", day, place_kind="online")
        place.write("labour_day", day, pairing=place.p2)
    settled("2024-12-11T02:00")

    for kept in Obligation.objects.filter(starts_on__gte=date(2024, 11, 25)):
        Obligation.objects.filter(pk=kept.pk).update(counted=kept.counted + 1)
    with clock.at(local("2024-12-11T03:30")):
        # The cells of December are made again, too.
        Obligation.objects.filter(starts_on=date(2024, 12, 1), rule__code="labour_day").delete()
        mended = obligations.refresh_current()
    assert (mended.made, mended.removed) == (2, 0)
    with clock.at(local("2024-12-11T03:30")):
        left = obligations.refresh()
    # What lies ahead was spoilt and does not run yet: the only difference that is left.
    ahead = Obligation.objects.filter(starts_on__gt=date(2024, 12, 11)).exclude(rule__code__in=["reception", "benefit_project"])
    assert left.changed == ahead.count()
