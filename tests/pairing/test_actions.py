"""What people do with pairings, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from pairing import actions, queries
from pairing.models import Pairing, PairingPost, PairingState, Programme
from tenancy.access import Access, LiveGrant
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import (
    make_account,
    make_pairing,
    make_person,
    make_programme,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    county = make_tenant()
    with tenant_scope(county):
        yield county


@pytest.fixture
def staff(tenant: Tenant) -> Access:
    return Access(make_account(), tenant, (LiveGrant("CA", "tenant", None, None),))


def facts(programme: Programme, unit: Unit, village: Unit, **more: object) -> actions.PairingFacts:
    return actions.PairingFacts(programme=programme, unit=unit, village=village, **{"starts_on": date(2024, 9, 3), **more})  # type: ignore[arg-type]


def test_two_sides_are_paired_once_in_a_programme(staff: Access) -> None:
    programme, unit, village = make_programme(), make_unit(), make_village()
    actions.create_pairing(facts=facts(programme, unit, village), access=staff)
    with pytest.raises(actions.PairingRefused):
        actions.create_pairing(facts=facts(programme, unit, village), access=staff)
    assert Pairing.objects.count() == 1
    assert [entry.action for entry in AuditEntry.objects.order_by("seq")] == ["pairing_created"]


def test_a_pairing_that_ended_may_be_written_again(staff: Access) -> None:
    programme, unit, village = make_programme(), make_unit(), make_village()
    first = actions.create_pairing(facts=facts(programme, unit, village), access=staff)
    actions.end_pairing(pairing=first, on=date(2024, 12, 31), reason="year_adjustment", access=staff)
    actions.create_pairing(facts=facts(programme, unit, village, starts_on=date(2025, 1, 1)), access=staff)
    assert sorted(Pairing.objects.values_list("state", flat=True)) == ["agreed", "ended"]


def test_naming_a_lead_unit_takes_it_from_the_one_before(staff: Access) -> None:
    programme, village = make_programme(), make_village()
    first = actions.create_pairing(facts=facts(programme, make_unit("高州市林业局"), village, is_lead=True), access=staff)
    second = actions.create_pairing(facts=facts(programme, make_unit("高州市水务局"), village, is_lead=True), access=staff)
    leads = dict(Pairing.objects.values_list("pk", "is_lead"))
    assert leads == {first.pk: False, second.pk: True}


@pytest.mark.parametrize(
    "wrong",
    [
        {"village": "unit"},
        {"starts_on": date(2023, 12, 31)},
        {"agreement_signed_on": date(2027, 1, 1)},
        {"party_org": "foreign"},
    ],
)
def test_facts_that_do_not_fit_are_refused_and_nothing_is_written(staff: Access, wrong: dict[str, object]) -> None:
    programme, unit, other = make_programme(), make_unit(), make_unit("高州市水务局")
    village = make_village()
    if wrong.get("village") == "unit":
        village, wrong = other, {}
    if wrong.get("party_org") == "foreign":
        wrong = {"party_org": make_unit("高州市水务局党支部", "party_organisation", parent=other)}
    with pytest.raises(actions.PairingRefused):
        actions.create_pairing(facts=facts(programme, unit, village, **wrong), access=staff)
    assert Pairing.objects.count() == 0


def test_a_new_group_leader_ends_the_one_before_the_day_before(staff: Access) -> None:
    pairing = make_pairing()
    first, second = make_person("组长甲"), make_person("组长乙")
    actions.name_holder(
        pairing=pairing, kind="group_leader", person=first, phone="13900000001", on=date(2024, 9, 3), access=staff
    )
    actions.name_holder(pairing=pairing, kind="group_leader", person=second, phone="", on=date(2024, 11, 1), access=staff)
    held = list(PairingPost.objects.order_by("starts_on").values_list("person__name", "starts_on", "ends_on"))
    assert held == [("组长甲", date(2024, 9, 3), date(2024, 10, 31)), ("组长乙", date(2024, 11, 1), None)]
    with pytest.raises(actions.PairingRefused):
        actions.name_holder(pairing=pairing, kind="group_leader", person=first, phone="", on=date(2024, 10, 1), access=staff)


def test_ending_closes_posts_and_is_done_once(staff: Access) -> None:
    pairing = make_pairing()
    actions.name_holder(pairing=pairing, kind="liaison", person=make_person(), phone="", on=date(2024, 9, 3), access=staff)
    actions.end_pairing(pairing=pairing, on=date(2024, 12, 31), reason="reorganisation", access=staff)
    pairing.refresh_from_db()
    assert (pairing.state, pairing.ends_on) == (PairingState.ENDED, date(2024, 12, 31))
    assert [post.ends_on for post in PairingPost.objects.all()] == [date(2024, 12, 31)]
    assert pairing.versions.order_by("-pgh_id").first().pgh_context["reason"] == "机构改革"
    with pytest.raises(actions.PairingRefused):
        actions.end_pairing(pairing=pairing, on=date(2025, 1, 1), reason="other", access=staff)
    with pytest.raises(actions.PairingRefused):
        actions.update_pairing(
            pairing=pairing, facts=facts(pairing.programme, pairing.unit, pairing.village), reason="x", access=staff
        )


def test_each_role_sees_the_pairings_of_its_scope(tenant: Tenant) -> None:
    programme, town = make_programme(), make_town("曹江镇")
    forestry, water = make_unit("高州市林业局"), make_unit("高州市水务局")
    hedong, luoping = make_village("荷垌村", town=town), make_village("罗平村", town=make_town("根子镇"))
    one = make_pairing(forestry, hedong, programme)
    two = make_pairing(water, luoping, programme)

    def seen(role: str, kind: str, unit: Unit | None) -> set[int]:
        access = Access(make_account(), tenant, (LiveGrant(role, kind, unit.pk if unit else None, None),))
        return set(queries.visible_pairings(access).values_list("pk", flat=True))

    assert seen("CS", "tenant", None) == {one.pk, two.pk}
    assert seen("TO", "town", town) == {one.pk}
    assert seen("UL", "unit", water) == {two.pk}
    assert seen("VS", "village", hedong) == {one.pk}
    assert seen("CL", "village", luoping) == {two.pk}
    assert seen("HC", "village", hedong) == set()
