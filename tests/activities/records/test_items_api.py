"""Items by API: registered once, corrected, moved from state to state; a programme year with its types and rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from activities.actions.year import open_year
from activities.models import ActivityType, Item
from tenancy.models import AuditEntry
from tenancy.scope import SYSTEM, tenant_scope
from tests.activities.records.conftest import County
from tests.factories import make_item

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AsRole = Callable[[str], Client]
JSON = "application/json"


def new(county: County, **fields: Any) -> dict[str, Any]:
    given = {"client_id": str(uuid4()), "kind": "livelihood_item", "pairing": str(county.first.uid), "name": "安装路灯"}
    return {**given, "raised_on": "2024-10-10", "money_yuan": "12500.00", "details": {"source": "走访"}, **fields}


def post(client: Client, county: County, path: str, given: Any) -> Any:
    return client.post(county.api(path), given, content_type=JSON)


def patch(client: Client, county: County, path: str, given: Any) -> Any:
    return client.patch(county.api(path), given, content_type=JSON)


def stored(county: County) -> Item:
    with tenant_scope(county.tenant):
        found: Item = Item.objects.get()
        return found


def test_an_item_is_registered_told_and_sent_twice_it_is_one(county: County, as_role: AsRole) -> None:
    client, given = as_role("UL"), new(county)
    first, again = (post(client, county, "items/", given) for _ in range(2))
    told = first.json()
    assert (first.status_code, again.status_code) == (201, 200), told
    assert (told["id"], told["state"], told["details"], told["money_yuan"]) == (
        given["client_id"], "proposed", {"source": "走访"}, "12500.00",
    )  # fmt: skip
    assert again.json() == told == client.get(county.api(f"items/{told['id']}/")).json()
    assert stored(county).name == "安装路灯"
    with tenant_scope(county.tenant):
        assert AuditEntry.objects.filter(action="item_created").count() == 1


def test_a_client_id_of_something_else_answers_nothing(county: County, as_role: AsRole) -> None:
    given = new(county, pairing=str(county.third.uid))
    assert post(as_role("water"), county, "items/", given).status_code == 201
    answer = post(as_role("UL"), county, "items/", new(county, client_id=given["client_id"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "client_id_used")


@pytest.mark.parametrize(
    ("role", "changed", "status", "code"),
    [
        ("UL", {"name": ""}, 400, "bad_request"),
        ("UL", {"kind": "nothing"}, 400, "bad_request"),
        ("UL", {"raised_on": "昨天"}, 400, "bad_request"),
        ("UL", {"money_yuan": "-1"}, 400, "bad_request"),
        ("UL", {"category": "没有这一类"}, 400, "bad_request"),
        ("UL", {"details": {"nonsense": "1"}}, 400, "bad_request"),
        ("UL", {"pairing": "third"}, 422, "not_yours"),
        ("UL", {"pairing": str(uuid4())}, 422, "not_yours"),
        ("VS", {}, 403, "permission_denied"),
        ("CA", {}, 403, "permission_denied"),
    ],
)
def test_refusals_have_stable_codes(
    county: County, as_role: AsRole, role: str, changed: dict[str, Any], status: int, code: str
) -> None:
    given = new(county, **changed)
    if given["pairing"] == "third":
        given["pairing"] = str(county.third.uid)
    answer = post(as_role(role), county, "items/", given)
    assert answer.status_code == status, answer.json()
    if status != 403:
        assert answer.json()["code"] == code
    with tenant_scope(county.tenant):
        assert not Item.objects.exists()


def test_a_household_that_is_taken(county: County, as_role: AsRole) -> None:
    given = new(county, kind="courtyard", house_no="88号", details={})
    del given["name"], given["money_yuan"]
    assert post(as_role("UL"), county, "items/", given).status_code == 201
    other = {**given, "client_id": str(uuid4()), "pairing": str(county.second.uid), "house_no": "#88"}
    answer = post(as_role("water"), county, "items/", other)
    assert (answer.status_code, answer.json()["code"]) == (409, "duplicate_courtyard")
    assert "高州市林业局" in answer.json()["message"]


def test_a_correction_changes_what_it_names_and_keeps_the_rest(county: County, as_role: AsRole) -> None:
    told = post(as_role("UL"), county, "items/", new(county)).json()
    answer = patch(as_role("UL"), county, f"items/{told['id']}/", {"description": "十盏", "raised_on": None, "reason": "补充"})
    assert answer.status_code == 200, answer.json()
    changed = {"description": "十盏", "raised_on": None, "updated_at": answer.json()["updated_at"]}
    assert answer.json() == {**told, **changed}
    details = patch(as_role("UL"), county, f"items/{told['id']}/", {"details": {"verdict": "满意"}})
    assert details.json()["details"] == {"source": "走访", "verdict": "满意"}


def test_states_follow_each_other_and_a_stop_says_why(county: County, as_role: AsRole) -> None:
    told = post(as_role("UL"), county, "items/", new(county)).json()
    path = f"items/{told['id']}/move/"
    moved = post(as_role("UL"), county, path, {"state": "in_progress"})
    assert (moved.status_code, moved.json()["state"]) == (200, "in_progress")
    skipped = post(as_role("UL"), county, path, {"state": "closed"})
    assert (skipped.status_code, skipped.json()["code"]) == (409, "wrong_state")
    silent = post(as_role("UL"), county, path, {"state": "stopped"})
    assert (silent.status_code, silent.json()["code"], list(silent.json()["fields"])) == (422, "invalid", ["reason"])
    stopped = post(as_role("UL"), county, path, {"state": "stopped", "reason": "村民意见不一"})
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")


def test_out_of_reach_is_not_found_and_only_read_is_forbidden(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        theirs, own = make_item(county.third, kind="livelihood_item", state="proposed"), make_item(county.first)
    for path, send in ((f"items/{theirs.uid}/move/", post), (f"items/{theirs.uid}/", patch)):
        assert send(as_role("UL"), county, path, {"state": "in_progress"}).status_code == 404
    for path, send in ((f"items/{own.uid}/move/", post), (f"items/{own.uid}/", patch)):
        assert send(as_role("VS"), county, path, {"state": "under_way"}).status_code == 403


def test_a_programme_year_tells_its_types_and_rules(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        ActivityType.objects.all().delete()
        open_year(programme=county.programme, preset="five_ones", actor=SYSTEM)
    listed = as_role("UL").get(county.api("programmes/")).json()["results"][0]
    assert "rules" not in listed
    told = as_role("UL").get(county.api(f"programmes/{county.programme.uid}/")).json()
    assert {name: told[name] for name in listed} == listed
    types = {one["code"]: one for one in told["types"]}
    assert types["courtyard"] == {
        "code": "courtyard", "name": "美丽庭院", "carrier": "courtyard", "content_class": "livelihood", "is_active": True
    }  # fmt: skip
    rules = {one["code"]: one for one in told["rules"]}
    assert [rules["reception"][name] for name in ("name", "is_active")] == ["接待群众来访", True]
    assert rules["reception"]["terms"][0]["minimum"] == 1
    assert rules["reception"] == as_role("UL").get(county.api(f"rules/{rules['reception']['id']}/")).json()
