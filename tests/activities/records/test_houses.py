"""A courtyard that came in without a house number: who may put it in, on the page and by API, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from activities.households import house_key, shown
from activities.models import Item
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import County
from tests.factories import make_item

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AsRole = Callable[[str], Client]
MARK = "待补：9月第9行#1a2b3c4d"


@pytest.fixture
def courtyard(county: County) -> Item:
    return made(county, county.first, MARK)


def made(county: County, pairing: Any, house_no: str, **fields: Any) -> Item:
    with tenant_scope(county.tenant):
        values = {"kind": "courtyard", "state": "guided", "house_no": house_no, "household": house_key(house_no)}
        item: Item = make_item(pairing, **{**values, "name": house_no, **fields})
        return item


def stored(county: County, item: Item) -> Item:
    with tenant_scope(county.tenant):
        found: Item = Item.objects.get(pk=item.pk)
        return found


@pytest.mark.parametrize("role", ["CS", "UL", "UG", "VS", "TO"])
def test_staff_unit_and_village_put_the_number_in(county: County, as_role: AsRole, courtyard: Item, role: str) -> None:
    client, address = as_role(role), county.url(f"items/{courtyard.uid}/house/")
    assert address in client.get(county.url(f"items/{courtyard.uid}/")).content.decode()
    assert MARK in client.get(address).content.decode()
    answer = client.post(address, {"house_no": "８８号", "householder": "梁某"})
    assert answer.status_code == 302
    item = stored(county, courtyard)
    assert (item.house_no, item.household, item.householder, item.name) == ("８８号", "88", "梁某", "梁某")
    assert address not in client.get(county.url(f"items/{courtyard.uid}/")).content.decode()


@pytest.mark.parametrize(("role", "status"), [("CA", 403), ("IN", 403), ("AU", 403), ("water", 403)])
def test_others_do_not(county: County, as_role: AsRole, courtyard: Item, role: str, status: int) -> None:
    if role == "water":
        courtyard = made(county, county.first, "待补：另一行")
    address = county.url(f"items/{courtyard.uid}/house/")
    seen = as_role(role).get(county.url(f"items/{courtyard.uid}/"))
    assert address not in seen.content.decode()
    expected = status if seen.status_code == 200 else 404
    assert as_role(role).post(address, {"house_no": "88号"}).status_code in (expected, 404)
    assert stored(county, courtyard).house_no == courtyard.house_no


@pytest.mark.parametrize(("house_no", "said"), [("#90", "高州市水务局"), ("", "门牌号"), ("号", "门牌号"), ("待补", "门牌号")])
def test_what_is_refused_and_what_was_typed_stays(
    county: County, as_role: AsRole, courtyard: Item, house_no: str, said: str
) -> None:
    made(county, county.second, "90号")
    answer = as_role("VS").post(county.url(f"items/{courtyard.uid}/house/"), {"house_no": house_no, "householder": "梁某"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["house_no"])
    assert "梁某" in page
    assert stored(county, courtyard).house_no == MARK


def test_by_api_with_its_code(county: County, as_role: AsRole, courtyard: Item) -> None:
    made(county, county.second, "90号")
    path, json = county.api(f"items/{courtyard.uid}/house/"), "application/json"
    taken = as_role("VS").post(path, {"house_no": "90"}, content_type=json)
    assert (taken.status_code, taken.json()["code"]) == (409, "duplicate_courtyard")
    done = as_role("VS").post(path, {"house_no": "88号"}, content_type=json)
    assert (done.status_code, done.json()["house_no"]) == (200, "88号")
    again = as_role("VS").post(path, {"house_no": "89号"}, content_type=json)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_a_known_number_is_not_asked_for(county: County, as_role: AsRole) -> None:
    known = made(county, county.first, "12号")
    assert as_role("UL").get(county.url(f"items/{known.uid}/house/")).status_code == 302
    assert "/house/" not in as_role("UL").get(county.url(f"items/{known.uid}/")).content.decode()


def test_a_card_names_an_unknown_household_without_what_only_tells_it_apart() -> None:
    assert shown("待补：12月第20行#85b9c688") == "待补：12月第20行"
    assert shown("88号 #3") == "88号 #3"
