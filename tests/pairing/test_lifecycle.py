"""Each step of a pairing's life: from which state, under which guard, by whom, with what effect (domain.md §4.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from pairing import actions, changes
from pairing.models import Pairing, PairingChange, PairingPost, PairingState, PairingSuspension
from pairing.sweeps import pairings_become_active
from tenancy import clock
from tenancy.access import Access, LiveGrant
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import (
    make_account,
    make_pairing,
    make_pairing_post,
    make_programme,
    make_suspension,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)
from units.models import Unit

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
TODAY = date(2024, 12, 2)
Told = list[list[int]]


def at(day: date) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=CHINA))


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    county = make_tenant()
    with tenant_scope(county), at(TODAY):
        yield county


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What listeners heard, call by call."""
    heard: Told = []
    monkeypatch.setattr(changes, "_listeners", [lambda ids: heard.append(list(ids))])
    monkeypatch.setattr(changes, "_hindrances", [])
    return heard


def access(tenant: Tenant, role: str = "CS", unit: Unit | None = None) -> Access:
    scope = {"UL": "unit", "UG": "unit", "VS": "village", "TO": "town"}.get(role, "tenant")
    return Access(make_account(), tenant, (LiveGrant(role, scope, unit.pk if unit else None, None),))


def facts(**more: Any) -> actions.PairingFacts:
    values: dict[str, Any] = {"starts_on": date(2024, 9, 3), **more}
    for name, make in (("programme", make_programme), ("unit", make_unit), ("village", make_village)):
        if name not in values:
            values[name] = make()
    return actions.PairingFacts(**values)


def kinds_of(pairing: Pairing) -> list[str]:
    return list(PairingChange.objects.filter(pairing=pairing).order_by("id").values_list("kind", flat=True))


def code_of(call: Callable[[], Any]) -> str:
    """The code of the refusal; the pairing is left as it was."""
    before = list(Pairing.objects.order_by("pk").values())
    with pytest.raises(actions.PairingRefused) as refused:
        call()
    assert list(Pairing.objects.order_by("pk").values()) == before
    return str(refused.value.code)


def test_both_sides_agree_each_for_itself(tenant: Tenant, told: Told) -> None:
    unit, village = make_unit(), make_village()
    proposer = access(tenant, "UL", unit)
    pairing = actions.propose_pairing(facts=facts(unit=unit, village=village, is_lead=True), access=proposer)
    assert (pairing.state, pairing.origin, pairing.is_lead) == ("proposed", "self_chosen", False)
    with pytest.raises(PermissionDenied):
        actions.agree_pairing(pairing=pairing, access=proposer)
    leader = access(tenant, "UG", unit)
    for _ in range(2):
        pairing = actions.agree_pairing(pairing=pairing, access=leader)
    assert (pairing.state, pairing.unit_agreed_on, pairing.village_agreed_on) == ("proposed", TODAY, None)
    pairing = actions.agree_pairing(pairing=pairing, access=access(tenant, "VS", village))
    assert (pairing.state, pairing.agreed_on, pairing.village_agreed_on) == ("agreed", TODAY, TODAY)
    assert kinds_of(pairing) == ["proposed", "agreed"]
    assert code_of(lambda: actions.agree_pairing(pairing=pairing, access=leader)) == "wrong_state"


@pytest.mark.parametrize("role", ["CA", "CS"])
def test_the_county_decides_by_decree(tenant: Tenant, told: Told, role: str) -> None:
    staff = access(tenant, role)
    pairing = actions.propose_pairing(facts=facts(), access=staff)
    pairing = actions.agree_pairing(pairing=pairing, access=staff, doc_no="高委组〔2024〕12号")
    assert (pairing.state, pairing.origin, pairing.unit_agreed_on) == ("agreed", "assigned", None)
    assert PairingChange.objects.get(kind="agreed").doc_no == "高委组〔2024〕12号"


def test_a_unit_proposes_for_itself_only(tenant: Tenant) -> None:
    with pytest.raises(PermissionDenied):
        actions.propose_pairing(facts=facts(), access=access(tenant, "UL", make_unit("高州市水务局")))
    assert Pairing.objects.count() == 0


def test_a_rejected_proposal_stays_and_may_be_proposed_again(tenant: Tenant) -> None:
    unit, village, programme = make_unit(), make_village(), make_programme()
    told = facts(unit=unit, village=village, programme=programme)
    first = actions.propose_pairing(facts=told, access=access(tenant))
    assert code_of(lambda: actions.propose_pairing(facts=told, access=access(tenant))) == "paired_already"
    with pytest.raises(PermissionDenied):
        actions.reject_pairing(
            pairing=first, reason="x", access=access(tenant, "VS", make_village("别村", town=make_town("别镇")))
        )
    village_side = access(tenant, "VS", village)
    assert code_of(lambda: actions.reject_pairing(pairing=first, reason=" ", access=village_side)) == "reason_missing"
    actions.reject_pairing(pairing=first, reason="已有结对", access=village_side)
    actions.propose_pairing(facts=told, access=access(tenant))
    assert sorted(Pairing.objects.values_list("state", flat=True)) == ["proposed", "rejected"]


def test_signing_needs_a_day_or_a_reason(tenant: Tenant, told: Told) -> None:
    staff = access(tenant)
    one = make_pairing(state="agreed")
    assert code_of(lambda: actions.sign_pairing(pairing=one, access=staff)) == "agreement_missing"
    assert code_of(lambda: actions.sign_pairing(pairing=one, on=date(2024, 12, 3), access=staff)) == "future"
    one = actions.sign_pairing(pairing=one, waived="上级已统一签订", access=staff)
    assert (one.state, one.agreement_waived, one.agreement_waived_on) == ("signed", "上级已统一签订", TODAY)
    assert code_of(lambda: actions.sign_pairing(pairing=one, on=TODAY, access=staff)) == "wrong_state"
    assert told == []


def test_signing_activates_at_once_when_led_and_tells_once(tenant: Tenant, told: Told) -> None:
    pairing = make_pairing(state="agreed")
    make_pairing_post(pairing)
    signed = actions.sign_pairing(pairing=pairing, on=date(2024, 9, 1), access=access(tenant))
    assert (signed.state, signed.active_from) == ("active", date(2024, 9, 3))
    assert told == [[pairing.pk]]
    assert kinds_of(pairing) == ["signed", "activated"]


def test_activation_asks_for_leader_and_lead_unit(tenant: Tenant, told: Told) -> None:
    staff, village, programme = access(tenant), make_village(), make_programme()
    one = make_pairing(make_unit(), village, programme, state="signed", agreement_signed_on=date(2024, 9, 1))
    two = make_pairing(make_unit("高州市水务局"), village, programme)
    assert code_of(lambda: actions.activate_pairing(pairing=one, access=staff)) == "no_group_leader"
    make_pairing_post(one)
    assert code_of(lambda: actions.activate_pairing(pairing=one, access=staff)) == "no_lead_unit"
    Pairing.objects.filter(pk=two.pk).update(is_lead=True)
    assert code_of(lambda: actions.activate_pairing(pairing=one, on=date(2024, 9, 2), access=staff)) == "before_start"
    assert code_of(lambda: actions.activate_pairing(pairing=one, on=date(2024, 12, 3), access=staff)) == "future"
    assert actions.activate_pairing(pairing=one, on=date(2024, 10, 1), access=staff).active_from == date(2024, 10, 1)
    assert told == [[one.pk]]


def test_naming_the_leader_or_the_lead_unit_is_the_last_step_that_was_missing(tenant: Tenant, told: Told) -> None:
    staff, village, programme = access(tenant), make_village(), make_programme()
    one = make_pairing(make_unit(), village, programme, state="signed", agreement_signed_on=date(2024, 9, 1))
    actions.name_new_holder(pairing=one, kind="group_leader", name="组长丙", phone="", on=TODAY, access=staff)
    one.refresh_from_db()
    assert (one.state, one.active_from) == ("active", date(2024, 9, 3))
    two = make_pairing(make_unit("高州市水务局"), village, programme, state="signed", agreement_signed_on=date(2024, 9, 1))
    make_pairing_post(two)
    assert actions.activate_ready(Pairing.objects.all()) == []
    lead = actions.PairingFacts(programme, one.unit, village, one.starts_on, is_lead=True, agreement_signed_on=date(2024, 9, 1))
    actions.update_pairing(pairing=one, facts=lead, reason="牵头", access=staff)
    two.refresh_from_db()
    assert two.state == "active"


def test_the_sweep_activates_on_the_first_day_and_leaves_what_waits(tenant: Tenant, told: Told) -> None:
    ready = make_pairing(state="signed", starts_on=date(2024, 12, 10), agreement_signed_on=date(2024, 12, 1))
    make_pairing_post(ready)
    programme = ready.programme
    waits = make_pairing(
        make_unit("高州市水务局"),
        make_village("茅坡村", town=make_town("根子镇")),
        programme,
        state="signed",
        agreement_waived="x",
        agreement_waived_on=TODAY,
    )

    def swept(day: date) -> int:
        return int(pairings_become_active(tenant, datetime(day.year, day.month, day.day, 1, tzinfo=CHINA)))

    assert [swept(date(2024, 12, 9)), swept(date(2024, 12, 10)), swept(date(2024, 12, 10))] == [0, 1, 0]
    ready.refresh_from_db()
    waits.refresh_from_db()
    assert (ready.state, ready.active_from, waits.state) == ("active", date(2024, 12, 10), "signed")
    assert PairingChange.objects.get(pairing=ready).who == "系统"
    assert told == [[ready.pk]]


def test_suspending_and_resuming_keep_the_days(tenant: Tenant, told: Told) -> None:
    staff, pairing = access(tenant), make_pairing()
    refused = [
        code_of(lambda: actions.suspend_pairing(pairing=pairing, on=TODAY, reason="", access=staff)),
        code_of(lambda: actions.suspend_pairing(pairing=pairing, on=date(2024, 12, 3), reason="防汛", access=staff)),
        code_of(lambda: actions.suspend_pairing(pairing=pairing, on=date(2024, 9, 2), reason="防汛", access=staff)),
        code_of(lambda: actions.resume_pairing(pairing=pairing, on=TODAY, access=staff)),
    ]
    assert refused == ["reason_missing", "future", "before_start", "wrong_state"]
    actions.suspend_pairing(pairing=pairing, on=date(2024, 11, 4), reason="防汛", access=staff)
    assert code_of(lambda: actions.resume_pairing(pairing=pairing, on=date(2024, 11, 4), access=staff)) == "before_suspension"
    actions.resume_pairing(pairing=pairing, on=date(2024, 11, 11), access=staff)
    assert list(PairingSuspension.objects.values_list("starts_on", "ends_on")) == [(date(2024, 11, 4), date(2024, 11, 10))]
    again = {"pairing": pairing, "reason": "防汛", "access": staff}
    assert code_of(lambda: actions.suspend_pairing(on=date(2024, 11, 10), **again)) == "overlap"
    assert told == [[pairing.pk], [pairing.pk]]


def test_the_database_itself_refuses_a_second_open_suspension(tenant: Tenant) -> None:
    pairing = make_pairing()
    make_suspension(pairing, date(2024, 10, 1), date(2024, 10, 10))
    make_suspension(pairing, date(2024, 10, 11))
    with pytest.raises(IntegrityError, match="suspension_one_open"), transaction.atomic():
        make_suspension(pairing, date(2024, 12, 1))


def test_ending_closes_everything_and_asks_those_above(tenant: Tenant, told: Told) -> None:
    staff, pairing = access(tenant), make_pairing()
    make_pairing_post(pairing)
    make_suspension(pairing, date(2024, 11, 4))
    Pairing.objects.filter(pk=pairing.pk).update(state="suspended")
    end: Any = {"pairing": pairing, "access": staff}
    assert code_of(lambda: actions.end_pairing(on=TODAY, reason="nonsense", **end)) == "unknown_reason"
    assert code_of(lambda: actions.end_pairing(on=date(2024, 12, 3), reason="expired", **end)) == "future"
    assert code_of(lambda: actions.end_pairing(on=date(2024, 9, 2), reason="expired", **end)) == "before_start"
    assert code_of(lambda: actions.end_pairing(on=date(2024, 11, 1), reason="expired", **end)) == "before_suspension"
    changes._hindrances.append(lambda one, day: "已锁定。" if day < date(2024, 11, 30) else "")
    assert code_of(lambda: actions.end_pairing(on=date(2024, 11, 29), reason="expired", **end)) == "hindered"
    actions.end_pairing(on=date(2024, 11, 30), reason="expired", remark="两年期满", **end)
    pairing.refresh_from_db()
    assert (pairing.state, pairing.ends_on, pairing.ending_reason) == ("ended", date(2024, 11, 30), "expired")
    assert PairingPost.objects.get().ends_on == PairingSuspension.objects.get().ends_on == date(2024, 11, 30)
    assert code_of(lambda: actions.end_pairing(on=TODAY, reason="expired", **end)) == "already_ended"
    assert told == [[pairing.pk]]


def test_a_merged_unit_gives_its_pairings_to_the_successor(tenant: Tenant, told: Told) -> None:
    """A23: the pairing moves with its history; where both were paired with a village, they become one."""
    staff, programme, shared = access(tenant), make_programme(), make_village()
    old, new = make_unit("高州市林业局"), make_unit("高州市自然资源局")
    alone = make_pairing(old, make_village("茅坡村", town=make_town("根子镇")), programme)
    double = make_pairing(old, shared, programme, is_lead=True)
    other = make_pairing(new, shared, programme)
    move: Any = {"from_unit": old, "to_unit": new, "doc_no": "高机编〔2024〕3号", "access": staff}
    assert code_of(lambda: actions.move_pairings(on=date(2024, 12, 3), **move)) == "future"
    assert code_of(lambda: actions.move_pairings(on=date(2024, 9, 3), **move)) == "before_start"
    assert code_of(lambda: actions.move_pairings(**{**move, "to_unit": old}, on=TODAY)) == "same_unit"
    assert actions.move_pairings(on=date(2024, 11, 1), **move) == actions.Moved(1, 1)
    for one in (alone, double, other, old):
        one.refresh_from_db()
    assert (alone.unit, double.unit, double.state, double.ends_on) == (new, old, "ended", date(2024, 10, 31))
    assert (double.ending_reason, other.is_lead, old.succeeded_by) == ("reorganisation", True, new)
    moved = PairingChange.objects.get(kind="moved")
    assert (moved.from_unit, moved.to_unit, moved.effective_on, moved.doc_no) == (
        old,
        new,
        date(2024, 11, 1),
        "高机编〔2024〕3号",
    )
    assert told == [sorted([alone.pk, double.pk, other.pk])]
    assert code_of(lambda: actions.move_pairings(on=TODAY, **move)) == "nothing_to_move"


def test_the_yearly_plan_is_approved_on_a_day(tenant: Tenant) -> None:
    pairing = make_pairing()
    for day in (date(2024, 9, 20), date(2024, 9, 20), date(2024, 9, 21)):
        actions.approve_plan(pairing=pairing, on=day, access=access(tenant))
    pairing.refresh_from_db()
    assert (pairing.plan_approved_on, kinds_of(pairing)) == (date(2024, 9, 21), ["plan_approved", "plan_approved"])
    assert code_of(lambda: actions.approve_plan(pairing=pairing, on=date(2024, 12, 3), access=access(tenant))) == "future"


def test_correcting_the_first_day_moves_what_counts_and_is_told(tenant: Tenant, told: Told) -> None:
    pairing = make_pairing()
    new = actions.PairingFacts(pairing.programme, pairing.unit, pairing.village, date(2024, 10, 1))
    actions.update_pairing(pairing=pairing, facts=new, reason="笔误", access=access(tenant))
    assert (pairing.starts_on, pairing.active_from, told) == (date(2024, 10, 1), date(2024, 10, 1), [[pairing.pk]])
    told.clear()
    same = actions.PairingFacts(pairing.programme, pairing.unit, pairing.village, date(2024, 10, 1), notes="x")
    actions.update_pairing(pairing=pairing, facts=same, reason="", access=access(tenant))
    assert told == []


def test_an_active_pairing_cannot_be_without_a_day(tenant: Tenant) -> None:
    pairing = make_pairing(state="signed")
    with pytest.raises(IntegrityError, match="pairing_active_since"), transaction.atomic():
        Pairing.objects.filter(pk=pairing.pk).update(state=PairingState.ACTIVE)
