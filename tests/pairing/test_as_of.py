"""Pairings as they stood on any day: compared with a plain reading of the same days, day for day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from pairing.models import Pairing, PairingChange, PairingSuspension
from pairing.queries import as_of, group_leader, with_sides
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import (
    make_pairing,
    make_pairing_change,
    make_pairing_post,
    make_person,
    make_programme,
    make_suspension,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    county = make_tenant()
    with tenant_scope(county):
        yield county


def plain(pairing: Pairing, day: date) -> str | None:
    """The state on a day as the words of §4.1 say it, without SQL; None before there was anything."""
    signed = pairing.agreement_signed_on or pairing.agreement_waived_on
    steps = [
        pairing.proposed_on,
        pairing.agreed_on,
        pairing.agreement_signed_on,
        pairing.agreement_waived_on,
        pairing.active_from,
    ]
    known = [step for step in steps if step is not None]
    if day < (min(known) if known else pairing.starts_on):
        return None
    if pairing.rejected_on and pairing.rejected_on <= day:
        return "rejected"
    if pairing.ends_on and pairing.ends_on < day:
        return "ended"
    if pairing.active_from and pairing.active_from <= day:
        rests = PairingSuspension.objects.filter(pairing=pairing)
        return "suspended" if any(one.starts_on <= day <= (one.ends_on or D.max) for one in rests) else "active"
    decided = pairing.agreed_on is None and pairing.state not in ("proposed", "rejected")
    agreed = decided or (pairing.agreed_on is not None and pairing.agreed_on <= day)
    if signed and signed <= day and (agreed or pairing.agreed_on is None):
        return "signed"
    return "agreed" if agreed else "proposed"


LIVES: list[dict[str, object]] = [
    {"state": "active"},
    {"state": "proposed", "proposed_on": D(2024, 9, 10)},
    {"state": "rejected", "proposed_on": D(2024, 9, 10), "rejected_on": D(2024, 9, 12)},
    {"state": "agreed", "proposed_on": D(2024, 8, 20), "agreed_on": D(2024, 9, 5)},
    {"state": "signed", "agreed_on": D(2024, 9, 1), "agreement_signed_on": D(2024, 9, 9)},
    {"state": "signed", "agreed_on": D(2024, 9, 1), "agreement_waived": "x", "agreement_waived_on": D(2024, 9, 9)},
    {
        "state": "active",
        "proposed_on": D(2024, 8, 25),
        "agreed_on": D(2024, 8, 28),
        "agreement_signed_on": D(2024, 9, 1),
        "active_from": D(2024, 9, 8),
    },
    {"state": "ended", "active_from": D(2024, 9, 3), "ends_on": D(2024, 9, 20), "agreement_signed_on": D(2024, 9, 1)},
    {"state": "ended", "ends_on": D(2024, 9, 6)},
]


def test_every_day_is_told_as_the_words_say(tenant: Tenant) -> None:
    programme = make_programme()
    pairings = [
        make_pairing(make_unit(f"单位{i}"), make_village(f"第{i}村", town=make_town(f"第{i}镇")), programme, **life)
        for i, life in enumerate(LIVES)
    ]
    make_suspension(pairings[0], D(2024, 9, 5), D(2024, 9, 7))
    make_suspension(pairings[0], D(2024, 9, 15))
    make_suspension(pairings[7], D(2024, 9, 18), D(2024, 9, 20))
    told, day = set(), D(2024, 8, 15)
    while day < D(2024, 10, 1):
        found = dict(as_of(day).values_list("pk", "state_then"))
        expected = {one.pk: state for one in pairings if (state := plain(one, day)) is not None}
        assert found == expected, day
        told |= set(found.values())
        day += timedelta(days=1)
    assert told == {"proposed", "rejected", "agreed", "signed", "active", "suspended", "ended"}


def test_the_unit_of_a_day_is_the_one_before_the_next_move(tenant: Tenant) -> None:
    first, second, third = make_unit("甲局"), make_unit("乙局"), make_unit("丙局")
    pairing = make_pairing(third)
    make_pairing_change(pairing, "moved", from_unit=second, to_unit=third, effective_on=D(2024, 11, 1))
    make_pairing_change(pairing, "moved", from_unit=first, to_unit=second, effective_on=D(2024, 10, 1))
    make_pairing_change(pairing, "corrected", from_unit=third, to_unit=third, effective_on=D(2024, 12, 1))
    days = [D(2024, 9, 30), D(2024, 10, 1), D(2024, 10, 31), D(2024, 11, 1), D(2024, 12, 1)]
    assert [as_of(day).get().unit_then_name for day in days] == ["甲局", "乙局", "乙局", "丙局", "丙局"]
    assert PairingChange.objects.count() == 3


def test_posts_are_those_of_the_day(tenant: Tenant) -> None:
    pairing = make_pairing()
    make_pairing_post(pairing, make_person("组长甲"), ends_on=D(2024, 9, 30))
    make_pairing_post(pairing, make_person("组长乙"), starts_on=D(2024, 10, 1))
    for day, name in ((D(2024, 9, 30), "组长甲"), (D(2024, 10, 1), "组长乙")):
        post = group_leader(with_sides(as_of(day), on=day).get())
        assert post is not None
        assert post.person.name == name
