"""Waivers: for all, one town, one pairing, some rules; previewed by the same counting; withdrawn with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from activities.actions.waivers import WaiverFacts, WaiverRefused, add_waiver, preview_waiver, withdraw_waiver
from activities.models import Obligation, Waiver
from activities.obligations import refresh
from pairing.models import Programme
from tests import factories as make
from tests.activities.rules.conftest import ACTOR


@pytest.fixture
def pairings(year: Programme) -> list[Any]:
    """Two in 曹江镇, one in 根子镇."""
    village = make.make_village("荷垌村", town=make.make_town("曹江镇"))
    far = make.make_village("茅坡村", town=make.make_town("根子镇"))
    rows = [
        make.make_pairing(make.make_unit("高州市林业局"), village, year),
        make.make_pairing(make.make_unit("高州市水务局"), village, year),
        make.make_pairing(make.make_unit("高州市档案馆"), far, year),
    ]
    refresh()
    return rows


def facts(year: Programme, **values: Any) -> WaiverFacts:
    # W46 of 2024.
    plain = {"starts_on": date(2024, 11, 11), "ends_on": date(2024, 11, 17), "reason": "台风"}
    return WaiverFacts(programme=year, **{**plain, **values})


def waived(year: Programme) -> list[tuple[str, str, str]]:
    rows = Obligation.objects.filter(programme=year, state="waived", waived_because__startswith="waiver:")
    named = rows.order_by("pairing_id", "starts_on").values_list("pairing__unit__name", "rule__code", "period_kind")
    return [(unit, rule, kind) for unit, rule, kind in named]


def test_a_waiver_for_a_town_waives_the_week_of_its_villages_only(year: Programme, pairings: list[Any]) -> None:
    add_waiver(facts=facts(year, scope="town", town=pairings[0].village.parent), actor=ACTOR)

    assert waived(year) == [("高州市林业局", "reception", "week"), ("高州市水务局", "reception", "week")]


def test_a_waiver_for_one_pairing_and_some_rules_waives_these(year: Programme, pairings: list[Any]) -> None:
    month = {"starts_on": date(2024, 11, 1), "ends_on": date(2024, 11, 30)}

    add_waiver(facts=facts(year, scope="pairing", pairing=pairings[1], rules=["courtyard"], **month), actor=ACTOR)

    assert waived(year) == [("高州市水务局", "courtyard", "month")]


def test_what_it_would_waive_is_told_and_nothing_is_written(year: Programme, pairings: list[Any]) -> None:
    effect = preview_waiver(facts=facts(year), actor=ACTOR)

    assert (effect.n_cells, effect.by_rule, effect.n_met) == (3, {"reception": 3}, 0)
    assert not Waiver.objects.exists()
    assert waived(year) == []


def test_a_waiver_is_withdrawn_once_and_its_periods_are_owed_again(year: Programme, pairings: list[Any]) -> None:
    waiver = add_waiver(facts=facts(year), actor=ACTOR)
    assert len(waived(year)) == 3

    withdraw_waiver(waiver=waiver, reason="误填", actor=ACTOR)

    assert waived(year) == []
    waiver.refresh_from_db()
    assert waiver.withdrawn_because == "误填"
    with pytest.raises(WaiverRefused) as refusal:
        withdraw_waiver(waiver=waiver, reason="又一次", actor=ACTOR)
    assert refusal.value.code == "already_done"


def test_waivers_that_cannot_be_are_refused_under_the_names_of_their_fields(year: Programme, pairings: list[Any]) -> None:
    other = make.make_pairing(programme=make.make_programme(2025), unit=pairings[0].unit, village=pairings[0].village)
    village, town = pairings[0].village, pairings[0].village.parent
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"ends_on": date(2024, 11, 10)}, {"ends_on"}),
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 2)}, {"starts_on"}),
        ({"scope": "town"}, {"town"}),
        ({"scope": "town", "town": village}, {"town"}),
        ({"scope": "all", "town": town}, {"town"}),
        ({"scope": "pairing"}, {"pairing"}),
        ({"scope": "pairing", "pairing": other}, {"pairing"}),
        ({"scope": "moon"}, {"scope"}),
        ({"rules": ["nothing"]}, {"rules"}),
        ({"reason": " "}, {"reason"}),
        ({"reason": "风" * 201}, {"reason"}),
        ({"approver": "某" * 61}, {"approver"}),
    ]
    for values, fields in cases:
        with pytest.raises(WaiverRefused) as refusal:
            add_waiver(facts=facts(year, **values), actor=ACTOR)
        assert set(refusal.value.message_dict) == fields
    assert not Waiver.objects.exists()
