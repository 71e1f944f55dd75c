"""The facts behind a score for programs: read and written with the rights, refusals and words of the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessment.models import Cycle, Honour, Poll, Veto
from pairing.models import HouseholdContact, Pairing
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.factories import make_member, make_pairing, make_tenant, make_town, make_unit, make_village
from tests.live import session_key
from units.models import Figure

pytestmark = pytest.mark.django_db
As = Callable[[str], "Program"]
YEAR = timezone.localdate().year - 1


class Program:
    """A program with the token of somebody."""

    def __init__(self, tenant: Tenant, role: str, unit: Any = None) -> None:
        key = session_key(make_member(tenant, role, unit=unit), is_token=True)
        self.client = Client(headers={"authorization": f"Bearer {key}"})
        self.base = f"/{tenant.slug}/api/v1/"

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(self.base + path, query)

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        response = self.get(path, **query)
        assert response.status_code == 200, response.content.decode()
        found: list[dict[str, Any]] = response.json()["results"]
        return found

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(self.base + path, body, content_type="application/json")

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(self.base + path, body, content_type="application/json")


@dataclass
class Place:
    """A pairing that is assessed, one that is not, and another county's."""

    tenant: Tenant
    pairing: Pairing
    other: Pairing
    theirs: Pairing
    cycle: Cycle

    def as_role(self, role: str) -> Program:
        scope = {"TO": self.pairing.village.parent, "UL": self.pairing.unit, "VS": self.pairing.village}.get(role)
        return Program(self.tenant, role, scope)

    def at(self, state: str) -> None:
        with tenant_scope(self.tenant):
            Cycle.objects.update(state=state)


@pytest.fixture
def place(db: None) -> Place:
    away = make_tenant("dianbai", "440904", "电白区")
    with tenant_scope(away):
        theirs = make_pairing(make_unit("电白区林业局"), make_village("河村", town=make_town("水东镇")))
    tenant = make_tenant()
    with tenant_scope(tenant):
        pairing = make_pairing(make_unit(), make_village(town=make_town()))
        other = make_pairing(make_unit("高州市水务局"), make_village("茅坡村", town=make_town("根子镇")), pairing.programme)
        cycle = judged.make_cycle(pairing.programme, judged.make_rubric(), YEAR, state="review")
        judged.make_assessed(cycle, pairing)
    return Place(tenant, pairing, other, theirs, cycle)


def refusal(response: Any) -> tuple[int, str]:
    body = response.json()
    assert any("一" <= character <= "鿿" for character in body["message"]), body
    return response.status_code, body["code"]


def poll(place: Place, **given: Any) -> dict[str, Any]:
    plain = {"assessment": str(place.cycle.uid), "pairing": str(place.pairing.uid), "satisfied": 13, "fairly": 5}
    return {**plain, "dissatisfied": 1, "unknown": 1, "held_on": f"{YEAR}-12-20", **given}


def honour(place: Place, **given: Any) -> dict[str, Any]:
    return {"pairing": str(place.pairing.uid), "matter": "助农直播", "level": "city", "promoted_on": f"{YEAR}-06-03", **given}


def veto(place: Place, **given: Any) -> dict[str, Any]:
    plain = {"assessment": str(place.cycle.uid), "pairing": str(place.pairing.uid), "kind": "fabrication", "fact": "补造登记"}
    return {**plain, "decided_by": "县督导组", "doc_no": "督字7号", "decided_on": f"{YEAR}-11-05", **given}


# -- polls ------------------------------------------------------------------------------------------
def test_a_poll_is_written_corrected_and_read(place: Place) -> None:
    staff = place.as_role("CS")
    made = staff.post("polls/", poll(place))
    assert made.status_code == 201, made.content.decode()
    body = made.json()
    assert (body["satisfied"], body["pairing"], body["assessment"], body["held_on"]) == (
        13, str(place.pairing.uid), str(place.cycle.uid), f"{YEAR}-12-20"
    )  # fmt: skip
    changed = staff.patch(f"polls/{body['id']}/", {"unknown": 2, "reason": "漏计一份"})
    assert (changed.status_code, changed.json()["unknown"], changed.json()["satisfied"]) == (200, 2, 13)
    (listed,) = staff.rows("polls/", assessment=str(place.cycle.uid), pairing=str(place.pairing.uid))
    assert listed == changed.json()
    with tenant_scope(place.tenant):
        kept = Poll.objects.get()
        assert kept.versions.order_by("-pgh_id").first().pgh_context["reason"] == "漏计一份"
        assert AuditEntry.objects.filter(action="poll_set", object_uid=kept.uid).count() == 2


def test_refusals_of_a_poll_have_a_code_a_sentence_and_write_nothing(place: Place) -> None:
    staff = place.as_role("CS")
    future = (timezone.localdate() + timedelta(days=2)).isoformat()
    assert refusal(staff.post("polls/", poll(place, pairing=str(place.other.uid)))) == (422, "not_assessed")
    assert refusal(staff.post("polls/", poll(place, held_on=future))) == (422, "invalid")
    nobody = dict.fromkeys(("satisfied", "fairly", "dissatisfied", "unknown"), 0)
    assert refusal(staff.post("polls/", poll(place, **nobody))) == (422, "invalid")
    for wrong in (
        {"satisfied": -1},
        {"satisfied": "x"},
        {"pairing": str(place.theirs.uid)},
        {"assessment": "x"},
        {"held_on": "x"},
    ):
        assert refusal(staff.post("polls/", poll(place, **wrong))) == (400, "bad_request"), wrong
    assert refusal(staff.post("polls/", [1])) == (400, "bad_request")
    with tenant_scope(place.tenant):
        assert not Poll.objects.exists()
    assert staff.post("polls/", poll(place)).status_code == 201
    assert refusal(staff.post("polls/", poll(place))) == (409, "twice")


def test_a_late_poll_says_why_and_a_final_year_takes_none(place: Place) -> None:
    staff = place.as_role("CS")
    place.at("scored")
    late = staff.post("polls/", poll(place))
    assert (*refusal(late), "reason" in late.json()["fields"]) == (422, "reason_missing", True)
    assert staff.post("polls/", poll(place, reason="补录")).status_code == 201
    place.at("final")
    with tenant_scope(place.tenant):
        uid = Poll.objects.get().uid
    assert refusal(staff.patch(f"polls/{uid}/", {"satisfied": 1, "reason": "改"})) == (409, "final")


# -- promoted experiences, vetoes ---------------------------------------------------------------------
def test_an_experience_is_written_once_and_withdrawn_once(place: Place) -> None:
    staff = place.as_role("CS")
    made = staff.post("honours/", honour(place))
    assert (made.status_code, made.json()["level"], made.json()["withdrawn_because"]) == (201, "city", "")
    assert refusal(staff.post("honours/", honour(place))) == (409, "twice")
    gone = staff.post(f"honours/{made.json()['id']}/withdraw/", {"reason": "文件撤回"})
    assert (gone.status_code, gone.json()["withdrawn_because"]) == (200, "文件撤回")
    assert refusal(staff.post(f"honours/{made.json()['id']}/withdraw/", {"reason": "再撤"})) == (409, "wrong_state")
    assert refusal(staff.post(f"honours/{made.json()['id']}/withdraw/", {})) == (400, "bad_request")
    assert (len(staff.rows("honours/")), staff.rows("honours/", is_live="true")) == (1, [])
    place.at("final")
    assert refusal(staff.post("honours/", honour(place, matter="另一项"))) == (409, "final")


def test_a_veto_is_the_administrator_s_and_is_lifted_with_a_reason(place: Place) -> None:
    assert refusal(place.as_role("CS").post("vetoes/", veto(place))) == (403, "forbidden")
    chief = place.as_role("CA")
    made = chief.post("vetoes/", veto(place))
    assert (made.status_code, made.json()["kind"], made.json()["doc_no"]) == (201, "fabrication", "督字7号")
    assert refusal(chief.post("vetoes/", veto(place))) == (409, "twice")
    assert refusal(chief.post("vetoes/", veto(place, doc_no="  "))) == (400, "bad_request")
    lifted = chief.post(f"vetoes/{made.json()['id']}/lift/", {"reason": "复核更正"})
    assert (lifted.status_code, lifted.json()["lifted_because"]) == (200, "复核更正")
    assert chief.rows("vetoes/", is_live="false", kind="fabrication") == [lifted.json()]
    with tenant_scope(place.tenant):
        assert Veto.objects.get().lifted_because == "复核更正"


# -- figures and households ---------------------------------------------------------------------------
def test_a_figure_is_written_once_and_corrected_with_a_reason(place: Place) -> None:
    staff = place.as_role("CS")
    body = {"village": str(place.pairing.village.uid), "year": YEAR, "value": "93000.50", "source": "村账"}
    made = staff.post("figures/", body)
    assert made.status_code == 201, made.content.decode()
    assert (made.json()["metric"], made.json()["value"], made.json()["village"]["name"]) == (
        "collective_income", "93000.50", "荷垌村"
    )  # fmt: skip
    twice = staff.post("figures/", body)
    assert (*refusal(twice), list(twice.json()["fields"])) == (400, "bad_request", ["year"])
    changed = staff.patch(f"figures/{made.json()['id']}/", {"value": "94000", "reason": "按审计更正"})
    assert (changed.status_code, changed.json()["value"], changed.json()["source"]) == (200, "94000.00", "村账")
    assert staff.rows("figures/", year=YEAR, metric="collective_income", village=str(place.pairing.village.uid)) == [
        changed.json()
    ]
    with tenant_scope(place.tenant):
        assert Figure.objects.get().versions.order_by("-pgh_id").first().pgh_context["reason"] == "按审计更正"
    for wrong in (
        {"year": 1999},
        {"year": YEAR + 5},
        {"value": "x"},
        {"value": "1e20"},
        {"village": str(place.theirs.village.uid)},
    ):
        assert refusal(staff.post("figures/", {**body, **wrong})) == (400, "bad_request"), wrong


def test_a_household_is_listed_changed_and_taken_off(place: Place) -> None:
    village = place.as_role("VS")
    body = {"pairing": str(place.pairing.uid), "house_no": "12号", "householder": "户主甲", "unit_member": "党员甲"}
    made = village.post("households/", body)
    assert made.status_code == 201, made.content.decode()
    assert (made.json()["house_no"], made.json()["covered_from"]) == ("12号", None)
    here = f"households/{made.json()['id']}/"
    named = village.patch(here, {"village_member": "党员乙", "reason": "补选"})
    assert (named.json()["covered_from"], named.json()["unit_member"]) == (timezone.localdate().isoformat(), "党员甲")
    assert village.rows("households/", is_covered="true", pairing=str(place.pairing.uid)) == [named.json()]
    assert refusal(village.post("households/", body)) == (409, "household_twice")
    assert refusal(village.post("households/", {**body, "pairing": str(place.other.uid), "house_no": "1"})) == (
        400,
        "bad_request",
    )
    early = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert refusal(village.post(here + "delist/", {"reason": "外迁", "on": early})) == (422, "before_start")
    gone = village.post(here + "delist/", {"reason": "外迁"})
    assert (gone.status_code, gone.json()["delisted_on"]) == (200, timezone.localdate().isoformat())
    assert refusal(village.patch(here, {"notes": "x"})) == (409, "wrong_state")
    assert village.rows("households/", is_listed="true") == []
    with tenant_scope(place.tenant):
        assert HouseholdContact.objects.get().delisted_on == timezone.localdate()


# -- who ----------------------------------------------------------------------------------------------
READS = {
    "polls": {"CA", "CS", "IN", "AU"},
    "vetoes": {"CA", "CS", "IN", "AU"},
    "honours": {"CA", "CS", "IN", "AU", "TO", "UL", "VS"},
    "figures": {"CA", "CS", "IN", "AU", "TO", "UL", "VS"},
    "households": {"CA", "CS", "IN", "AU", "TO", "UL", "VS"},
}


@pytest.mark.parametrize("role", ["CA", "CS", "IN", "AU", "TO", "UL", "VS"])
def test_each_role_reads_what_the_policy_table_says_and_its_own_places_only(place: Place, role: str) -> None:
    with tenant_scope(place.tenant):
        for pairing in (place.pairing, place.other):
            judged.make_poll(place.cycle, pairing)
            judged.make_honour(pairing)
            judged.make_veto(place.cycle, pairing)
            judged.make_figure(pairing.village)
            judged.make_household(pairing)
    program = place.as_role(role)
    for path, readers in READS.items():
        response = program.get(f"{path}/")
        assert response.status_code == (200 if role in readers else 403), (role, path)
        if role in readers:
            n = 1 if role in ("TO", "UL", "VS") else 2
            assert response.json()["count"] == n, (role, path)


def test_another_county_s_rows_are_not_found(place: Place) -> None:
    with tenant_scope(place.theirs.tenant):
        away = judged.make_cycle(place.theirs.programme, judged.make_rubric(), YEAR, state="review")
        rows = {
            "polls": judged.make_poll(away, place.theirs),
            "honours": judged.make_honour(place.theirs),
            "vetoes": judged.make_veto(away, place.theirs),
            "figures": judged.make_figure(place.theirs.village),
            "households": judged.make_household(place.theirs),
        }
        before = {path: type(row).objects.filter(pk=row.pk).values().get() for path, row in rows.items()}
    chief = place.as_role("CA")
    staff = place.as_role("CS")
    for path, row in rows.items():
        assert chief.get(f"{path}/{row.uid}/").status_code == 404
        assert chief.rows(f"{path}/") == []
    changes = {"polls": {"satisfied": 1}, "figures": {"value": "1"}, "households": {"notes": "x"}}
    assert {staff.patch(f"{path}/{rows[path].uid}/", body).status_code for path, body in changes.items()} == {404}
    steps = {"honours": "withdraw", "households": "delist"}
    assert {staff.post(f"{path}/{rows[path].uid}/{step}/", {"reason": "x"}).status_code for path, step in steps.items()} == {404}
    assert chief.post(f"vetoes/{rows['vetoes'].uid}/lift/", {"reason": "x"}).status_code == 404
    assert refusal(staff.post("polls/", poll(place, assessment=str(away.uid)))) == (400, "bad_request")
    with tenant_scope(place.theirs.tenant):
        assert {path: type(row).objects.filter(pk=row.pk).values().get() for path, row in rows.items()} == before


def test_a_county_that_wrote_nothing_has_nothing(place: Place) -> None:
    with tenant_scope(place.tenant):
        assert not Honour.objects.exists()
    assert place.as_role("CS").rows("honours/") == []
