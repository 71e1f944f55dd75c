"""Projects, livelihood items, courtyards: registered, moved by hand or by confirmed records, led together, no longer kept up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from activities.actions.items import STEPS
from activities.models import Item, ItemKind, ItemState, Record
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import County, sent
from tests.factories import make_item, make_record

AsRole = Callable[[str], Client]


def one(county: County, **asked: Any) -> Item:
    with tenant_scope(county.tenant):
        found: Item = Item.objects.select_related("pairing").get(**asked)
    return found


def test_a_project_is_registered_with_its_budget_by_source(county: County, as_role: AsRole) -> None:
    form = {
        "pairing": str(county.first.uid), "name": "文化楼修缮", "category": "基础设施", "money_yuan": "50000",
        "planned_on": "2024-12-31", "nature": "改建", "funds_state": "30000.5", "funds_unit": "19999.5", "progress": "40",
        "households": "120",
    }  # fmt: skip
    answer = as_role("UL").post(county.url("projects/new/"), form)
    item = one(county)

    assert answer.headers["Location"] == county.url(f"items/{item.uid}/")
    assert (item.kind, item.state, item.pairing_id, item.village_id) == ("project", "planned", county.first.pk, county.village.pk)
    assert item.details == {
        "nature": "改建", "funds_state": "30000.5", "funds_unit": "19999.5", "progress": 40, "households": 120,
    }  # fmt: skip
    page = as_role("VS").get(county.url(f"items/{item.uid}/")).content.decode()
    assert "文化楼修缮" in page
    assert "30,000.5" in page


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"name": ""}, "name", "必填"),
        ({"progress": "101"}, "progress", "100"),
        ({"planned_on": "年底"}, "planned_on", "2024-09-03"),
        ({"pairing": "00000000-0000-4000-8000-000000000000"}, "pairing", "重新选择"),
        ({"money_yuan": "五万"}, "money_yuan", "数字"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(
    county: County, as_role: AsRole, changed: dict[str, str], field: str, words: str
) -> None:
    form = {"pairing": str(county.first.uid), "name": "文化楼修缮", "site": "留着", **changed}
    answer = as_role("UL").post(county.url("projects/new/"), form)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert words in str(answer.context["form"].errors[field]) or field == "name"
    assert "留着" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "path", "code"),
    [
        ("CS", "items/{}/edit/", 200), ("UL", "items/{}/edit/", 200), ("TO", "items/{}/edit/", 200),
        ("VS", "items/{}/edit/", 403),
        ("CA", "items/{}/edit/", 403), ("water", "items/{}/", 404), ("VS", "items/{}/", 200), ("HC", "items/{}/", 403),
        ("AU", "items/{}/", 200), ("UL", "projects/new/", 200), ("VS", "projects/new/", 403), ("CS", "livelihood/new/", 200),
    ],
)  # fmt: skip
def test_who_reads_and_changes_items(county: County, as_role: AsRole, role: str, path: str, code: int) -> None:
    with tenant_scope(county.tenant):
        item = make_item(county.first)
    assert as_role(role).get(county.url(path.format(item.uid))).status_code == code


def test_a_state_follows_another_and_stopping_needs_a_reason(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        item = make_item(county.first)
    client, page = as_role("UL"), county.url(f"items/{item.uid}/state/")
    offered = [code for code, _word in client.get(page).context["form"].fields["state"].choices]
    wrong = client.post(page, {"state": "closed"})
    silent = client.post(page, {"state": "stopped"})
    done = client.post(page, {"state": "stopped", "reason": "选址不当"})

    assert offered == ["approved", "under_way", "paused", "stopped"]
    assert wrong.status_code == silent.status_code == 422
    assert "原因" in str(silent.context["form"].errors["reason"])
    assert done.status_code == 302
    assert one(county).state == "stopped"
    history = client.get(county.url(f"projects/{item.uid}/history/")).context["events"]
    assert "选址不当" in history[0]["text"]


@pytest.mark.parametrize("kind", list(ItemKind))
def test_every_state_is_reached_from_the_first_by_hand_or_by_records(kind: str) -> None:
    by_records = {
        ItemKind.PROJECT: {ItemState.ACCEPTED},
        ItemKind.LIVELIHOOD: {ItemState.CLOSED},
        ItemKind.COURTYARD: {ItemState.BUILT, ItemState.AWARDED},
    }
    reached = {next(iter(STEPS[kind])), *by_records[ItemKind(kind)]}
    for _round in STEPS[kind]:
        reached |= {after for state in reached for after in STEPS[kind][state]}
    assert reached == set(STEPS[kind])


def test_a_livelihood_item_is_closed_by_a_record_that_the_village_confirms(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        item = make_item(county.first, "livelihood_item", "安装路灯", raised_on=date(2024, 9, 10))
    client = as_role("UL")
    page = client.get(county.url(f"items/{item.uid}/"))
    button = next(action for action in page.context["actions"] if action.primary)
    form = client.get(button.url).context["form"]
    client.post(button.url, sent(county.first, type="livelihood_item", item=str(item.uid), text="路灯12盏已亮"))
    with tenant_scope(county.tenant):
        record = Record.objects.get()
    before = one(county).state
    as_role("VS").post(county.url(f"records/{record.uid}/confirm/"))

    assert (form["type"].value(), form["item"].value()) == ("livelihood_item", str(item.uid))
    assert (before, one(county).state, one(county).completed_on) == ("proposed", "closed", date(2024, 10, 16))


def test_co_leads_are_units_of_the_same_village(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        item = make_item(county.first)
    client, page = as_role("UL"), county.url(f"items/{item.uid}/co-leads/")
    offered = [uid for uid, _name in client.get(page).context["form"].fields["pairings"].choices]
    client.post(page, {"pairings": [str(county.second.uid)]})

    assert offered == [str(county.second.uid)]
    assert "高州市水务局" in client.get(county.url(f"items/{item.uid}/")).content.decode()
    assert as_role("water").get(county.url(f"items/{item.uid}/")).status_code == 200
    client.post(page, {})
    assert as_role("water").get(county.url(f"items/{item.uid}/")).status_code == 404


def test_a_household_is_new_once_and_the_refusal_names_the_unit(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        make_item(county.second, "courtyard", "户主甲")
    answer = as_role("UL").post(
        county.url("courtyards/new/"), {"pairing": str(county.first.uid), "house_no": "門牌 #８８号".replace("門", "门")}
    )

    assert answer.status_code == 422
    assert "高州市水务局" in str(answer.context["form"].errors["house_no"])


def test_a_courtyard_that_is_no_longer_kept_up_keeps_its_state(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        built = make_item(county.first, "courtyard", "户主甲", state="built")
        guided = make_item(county.first, "courtyard", "户主乙", household="9", house_no="9号")
    client = as_role("UL")
    done = client.post(county.url(f"items/{built.uid}/degraded/"), {"on": "2024-10-10", "reason": "杂物堆放"})
    early = client.post(county.url(f"items/{guided.uid}/degraded/"), {"on": "2024-10-10", "reason": "杂物堆放"})
    future = client.post(county.url(f"items/{built.uid}/degraded/"), {"on": "2024-12-10", "reason": "杂物堆放"})

    assert done.status_code == 302
    assert early.status_code == future.status_code == 422
    found = one(county, uid=built.uid)
    assert (found.state, found.degraded_on) == ("built", date(2024, 10, 10))
    listed = client.get(county.url("courtyards/?state=degraded")).context["table"]["rows"]
    assert len(listed) == 1


def test_the_page_of_a_project_shows_its_milestones(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        item = make_item(county.first)
        make_record(county.first, type="benefit_project", item=item, step="started", text="开工")
        make_record(county.first, type="benefit_project", item=item, step="stage", text="封顶", occurred_on=date(2024, 10, 17))
    events = as_role("VS").get(county.url(f"items/{item.uid}/")).context["milestones"]

    assert [(event["when"], str(event["title"]), event["text"]) for event in events] == [
        ("2024-10-17", "阶段完成", "封顶"), ("2024-10-16", "开工", "开工"),
    ]  # fmt: skip
