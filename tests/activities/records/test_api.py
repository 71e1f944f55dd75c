"""Records by API: the same rules as the pages, stable codes, a client_id sent twice is one record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.models import Record
from tenancy import clock
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import DAY, TODAY, County
from tests.factories import make_item, make_pairing, make_record

AsRole = Callable[[str], Client]
JSON = "application/json"


def body(*pairings: Any, **fields: Any) -> dict[str, Any]:
    return {
        "client_id": str(uuid4()),
        "pairings": [str(one.uid) for one in pairings],
        "type": "labour_day",
        "occurred_on": DAY.isoformat(),
        "text": "清理村道两侧杂草",
        "person_times": 32,
        **fields,
    }


def post(client: Client, county: County, path: str, given: Any) -> Any:
    return client.post(county.api(path), given, content_type=JSON)


def test_a_record_is_written_and_told(county: County, as_role: AsRole) -> None:
    client, given = as_role("UL"), body(county.first, county.second)
    answer = post(client, county, "records/", given)
    told = answer.json()

    assert answer.status_code == 201, told
    assert (told["type"], told["status"], told["person_times"], told["client_id"]) == (
        "labour_day", "submitted", 32, given["client_id"],
    )  # fmt: skip
    assert [(part["unit"]["name"], part["village"]["name"], part["status"]) for part in told["pairings"]] == [
        ("高州市林业局", "荷垌村", "submitted"), ("高州市水务局", "荷垌村", "submitted"),
    ]  # fmt: skip
    assert client.get(county.api(f"records/{told['id']}/")).json() == told


def test_a_client_id_sent_again_answers_the_first_record(county: County, as_role: AsRole) -> None:
    client, given = as_role("UL"), body(county.first)
    first = post(client, county, "records/", given)
    again = post(client, county, "records/", {**given, "text": "别的话", "occurred_on": "2024-10-30"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    with tenant_scope(county.tenant):
        assert Record.objects.count() == 1


def test_somebody_elses_client_id_answers_nothing_of_theirs(county: County, as_role: AsRole) -> None:
    given = body(county.third)
    assert post(as_role("water"), county, "records/", given).status_code == 201
    answer = post(as_role("UL"), county, "records/", {**body(county.first), "client_id": given["client_id"]})

    assert answer.status_code in (400, 404, 409, 422)
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("role", "changed", "status", "code"),
    [
        ("UL", {"occurred_on": "2024-10-19"}, 422, "in_future"),
        ("UL", {"occurred_on": "2024-09-01"}, 422, "not_active"),
        ("UL", {"type": "nothing"}, 422, "type_unknown"),
        ("UL", {"pairings": [str(uuid4())]}, 422, "not_yours"),
        ("UL", {"ends_on": "2024-10-15"}, 422, "invalid"),
        ("UL", {"type": "livelihood_item", "item_name": "路灯", "raised_on": "2024-10-17"}, 422, "invalid"),
        ("UL", {"pairings": []}, 400, "bad_request"),
        ("UL", {"type": "benefit_project", "item_name": "水渠", "step": "closed"}, 422, "step_unknown"),
        ("CS", {"side": "unit"}, 422, "basis_missing"),
        ("CA", {}, 403, "forbidden"),
        ("AU", {}, 403, "forbidden"),
    ],
)
def test_refusals_have_stable_codes_and_a_sentence(
    county: County, as_role: AsRole, role: str, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = post(as_role(role), county, "records/", body(county.first, **changed))
    told = answer.json()

    assert (answer.status_code, told["code"]) == (status, code), told
    assert any("一" <= letter <= "鿿" for letter in told["message"])
    with tenant_scope(county.tenant):
        assert not Record.objects.exists()


def test_a_pairing_that_is_not_ones_own_or_not_at_work_any_more_is_told_apart(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        ended = make_pairing(
            county.first.unit,
            county.far,
            county.programme,
            state="ended",
            active_from=date(2024, 9, 3),
            ends_on=date(2024, 9, 30),
        )
    client = as_role("UL")
    with clock.at(TODAY + timedelta(days=80)):
        over = post(client, county, "records/", body(ended))
    foreign = post(client, county, "records/", body(county.third))

    assert (over.status_code, over.json()["code"]) == (422, "not_active")
    assert (foreign.status_code, foreign.json()["code"]) == (422, "not_yours")


def test_the_day_that_cannot_be_is_named(county: County, as_role: AsRole) -> None:
    item = {"type": "livelihood_item", "item_name": "路灯", "raised_on": "2024-10-17"}
    raised = post(as_role("UL"), county, "records/", body(county.first, **item))
    ends = post(as_role("UL"), county, "records/", body(county.first, ends_on="2024-10-15"))

    assert list(raised.json()["fields"]) == ["raised_on"]
    assert list(ends.json()["fields"]) == ["ends_on"]


def test_a_step_without_its_reason_and_a_change_too_late_say_so_by_code(county: County, as_role: AsRole) -> None:
    unit, village = as_role("UL"), as_role("VS")
    path = f"records/{post(unit, county, 'records/', body(county.first)).json()['id']}/"
    silent = [post(village, county, path + "return/", given) for given in ({}, {"reason": "  "})]
    silent.append(post(as_role("CS"), county, path + "void/", {}))
    post(village, county, path + "confirm/", {})
    late = unit.patch(county.api(path), {"text": "改"}, content_type=JSON)

    assert [(one.status_code, one.json()["code"]) for one in silent] == [(422, "reason_missing")] * 3
    assert (late.status_code, late.json()["code"]) == (409, "already_done")


def test_a_locked_month_a_double_and_a_taken_household_are_conflicts(county: County, as_role: AsRole) -> None:
    client = as_role("UL")
    with clock.at(TODAY + timedelta(days=60)):
        locked = post(client, county, "records/", body(county.first))
    first = post(client, county, "records/", body(county.first))
    double = post(client, county, "records/", body(county.first))
    another = post(client, county, "records/", body(county.first, is_another=True))
    house = {"type": "courtyard", "house_no": "88号", "text": ""}
    claimed = post(as_role("water"), county, "records/", body(county.second, **house))
    taken = post(client, county, "records/", body(county.first, **house))

    assert (locked.status_code, locked.json()["code"]) == (409, "period_locked")
    assert (double.status_code, double.json()["code"], double.json()["record"]) == (
        409, "duplicate_record", first.json()["id"],
    )  # fmt: skip
    assert another.status_code == claimed.status_code == 201
    assert (taken.status_code, taken.json()["code"]) == (409, "duplicate_courtyard")
    assert "高州市水务局" in taken.json()["message"]


def test_the_whole_way_of_a_record(county: County, as_role: AsRole) -> None:
    unit, village = as_role("UL"), as_role("VS")
    uid = post(unit, county, "records/", body(county.first, submit=False)).json()["id"]
    path = f"records/{uid}/"
    hidden = village.get(county.api(path))
    changed = unit.patch(county.api(path), {"person_times": 40}, content_type=JSON)
    submitted = post(unit, county, path + "submit/", {})
    own = post(unit, county, path + "confirm/", {})
    returned = post(village, county, path + "return/", {"reason": "人数不对"})
    resubmitted = post(unit, county, path + "resubmit/", {})
    confirmed = post(village, county, path + "confirm/", {})
    again = post(village, county, path + "confirm/", {})
    undone = post(village, county, path + "undo/", {})
    late = post(village, county, path + "confirm/", {})
    voided = post(as_role("CS"), county, path + "void/", {"reason": "抽查不属实", "untrue": True})

    assert hidden.status_code == 404
    assert (changed.status_code, changed.json()["person_times"], changed.json()["text"]) == (200, 40, "清理村道两侧杂草")
    assert (own.status_code, own.json()["code"]) == (422, "own_side")
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    states = [answer.json()["status"] for answer in (submitted, returned, resubmitted, confirmed, undone, late, voided)]
    assert states == ["submitted", "returned", "submitted", "confirmed", "submitted", "confirmed", "voided"]
    assert [answer.json()["found_untrue"] for answer in (late, voided)] == [False, True]


def test_a_superior_confirms_with_a_basis_after_the_deadline(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        record = make_record(county.first, submitted_on=DAY)
    path = f"records/{record.uid}/confirm/"
    client = as_role("CS")
    without = post(client, county, path, {})
    early = post(client, county, path, {"basis": "电话"})
    with clock.at(TODAY + timedelta(days=12)):
        done = post(client, county, path, {"basis": "电话"})

    assert (without.json()["code"], early.json()["code"]) == ("basis_missing", "too_early_for_proxy")
    assert done.json()["pairings"][0]["confirmed_by_proxy"] is True
    assert done.json()["pairings"][0]["confirm_basis"] == "电话"


def test_the_list_is_narrowed(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        item = make_item(county.first)
        make_record(county.first, text="甲", item=item, step="started", type="benefit_project")
        make_record(county.second, county.first, text="乙", status="confirmed", is_proxy=True, proxy_basis="来电")
        make_record(county.third, text="丙")
    client = as_role("CS")

    def texts(**asked: Any) -> list[str]:
        answer = client.get(county.api("records/"), {name: str(getattr(v, "uid", v)) for name, v in asked.items()})
        assert answer.status_code == 200, answer.json()
        return sorted(row["text"] for row in answer.json()["results"])

    assert texts() == ["丙", "乙", "甲"]
    assert texts(pairing=county.first) == ["乙", "甲"]
    assert texts(unit=county.water) == ["丙", "乙"]
    assert texts(village=county.far) == ["丙"]
    assert texts(town=county.town) == ["乙", "甲"]
    assert texts(status="confirmed") == texts(is_proxy="true") == ["乙"]
    assert texts(type="benefit_project") == texts(item=item) == ["甲"]
    assert texts(**{"from": "2024-10-17"}) == []
    assert texts(**{"from": "2024-10-16", "to": "2024-10-16"}) == ["丙", "乙", "甲"]
    assert texts(q="甲") == ["甲"]


def test_a_list_costs_the_same_however_long(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    with tenant_scope(county.tenant):
        make_record(county.first, county.second)
    client.get(county.api("records/"))
    with CaptureQueriesContext(connection) as few:
        client.get(county.api("records/"))
    with tenant_scope(county.tenant):
        for _number in range(10):
            make_record(county.first, county.second)
    with CaptureQueriesContext(connection) as many:
        client.get(county.api("records/"))
    assert len(many) == len(few)


@pytest.mark.parametrize(("role", "n"), [("CS", 2), ("UL", 1), ("VS", 1), ("TO", 1), ("AU", 2)])
def test_items_are_told_within_reach(county: County, as_role: AsRole, role: str, n: int) -> None:
    with tenant_scope(county.tenant):
        make_item(county.first, details={"progress": 40})
        make_item(county.third, "livelihood_item", "安装路灯")
    answer = as_role(role).get(county.api("items/")).json()

    assert answer["count"] == n
    project = next(row for row in answer["results"] if row["kind"] == "project")
    assert (project["name"], project["details"], project["unit"]["name"]) == ("文化楼修缮", {"progress": 40}, "高州市林业局")


def test_another_countys_record_is_as_if_there_were_none(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    for path in ("", "confirm/", "void/", "submit/"):
        address = county.api(f"records/{county.theirs.uid}/{path}")
        answer = client.post(address, {"reason": "x", "basis": "x"}, content_type=JSON) if path else client.get(address)
        assert answer.status_code == 404
