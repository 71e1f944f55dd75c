"""Writing many at once gives the rows that writing one by one gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import Model

from activities.actions import records as one_by_one
from activities.actions.facts import RecordFacts
from activities.actions.many import Entry, write_records
from activities.hands import Hand, system_hand
from activities.models import Item, Obligation, Record, RecordEvent, Share
from pairing.models import Pairing
from tenancy.scope import Actor
from tests.activities.importing.conftest import Place

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
# Their own names, and what differs between any two rows.
NOT_COMPARED = {"id", "uid", "record_id", "item_id", "created_at", "proxy_basis", "basis"}


def entries(place: Place) -> list[Entry]:
    """One of each carrier, one joint, one project twice, one household without a number."""
    both, alone = (place.water, place.forest), (place.water,)

    def entry(type_code: str, day: int, pairings: tuple[Pairing, ...] = alone, **more: Any) -> Entry:
        facts = RecordFacts(
            type=type_code, occurred_on=date(2024, 10, day), pairings=pairings, text=f"第{day}日的事", title="主题", **more
        )
        hand = Hand(Actor("cs.gaozhou"), "unit", None, is_proxy=True, basis=f"导入《台账.xlsx》10月 第{day}行")
        return Entry(facts, hand)

    return [
        entry("labour_day", 9, both, person_times=30, persons_approx=True, ends_on=date(2024, 10, 10)),
        entry("reception", 10, leader_present=True, leader_name="甲某", details={"reporter": "乙某"}),
        entry("benefit_project", 11, both, item_name="村道", step="started", money_yuan=Decimal("14000.00")),
        entry("benefit_project", 12, item_name="村道", step="stage"),
        entry("livelihood_item", 13, item_name="路灯", step="closed", beneficiaries="30户"),
        entry("courtyard", 14, house_no="88号", householder="丙某", step="built"),
        entry("courtyard", 15, house_no="待补：10月第9行#0a1b2c3d", step="built"),
        entry("training", 16),
    ]


def rows_of(model: type[Model], **conditions: Any) -> list[dict[str, Any]]:
    found = model._default_manager.filter(**conditions).order_by("id")
    return [{k: v for k, v in row.items() if k not in NOT_COMPARED} for row in found.values()]


def everything(batch: UUID) -> dict[str, Any]:
    """All rows that were written, and what is owed; items by name, for their ids differ."""
    records = Record.objects.filter(import_batch=batch).order_by("id").select_related("item")
    cells = Obligation.objects.order_by("rule_id", "pairing_id", "starts_on")
    return {
        "records": [row | {"import_batch": None} for row in rows_of(Record, import_batch=batch)],
        "items of records": [record.item.name if record.item else "" for record in records],
        "shares": sorted(rows_of(Share), key=str),
        "items": rows_of(Item),
        "events": rows_of(RecordEvent),
        "owed": list(cells.values_list("rule_id", "pairing_id", "starts_on", "state", "counted", "waiting")),
    }


def at_once(place: Place, batch: UUID) -> None:
    write_records(entries=entries(place), import_batch=batch)


def in_turn(place: Place, batch: UUID) -> None:
    for entry in entries(place):
        one_by_one.write_record(facts=entry.facts, hand=entry.hand, import_batch=batch)


def test_many_at_once_are_the_rows_of_one_by_one(place: Place) -> None:
    batch = uuid4()
    told: list[dict[str, Any]] = []
    for way in (in_turn, at_once):
        point = transaction.savepoint()
        way(place, batch)
        told.append(everything(batch))
        transaction.savepoint_rollback(point)
    slow, fast = told
    assert len(slow["records"]) == 8
    assert slow["items of records"] == ["", "", "村道", "村道", "路灯", "丙某", "待补：10月第9行#0a1b2c3d", ""]
    for name in slow:
        assert fast[name] == slow[name], name


def test_second_batch_finds_the_items_of_the_first(place: Place) -> None:
    first, second = entries(place)[2:4]
    write_records(entries=[first], import_batch=uuid4())
    write_records(entries=[second], import_batch=uuid4())
    assert Item.objects.get().records.count() == 2
    # The project is the lead unit's: the other's part in it counts for nobody until it is declared co-lead.
    assert list(Share.objects.order_by("id").values_list("pairing__unit__name", "is_lead")) == [
        ("高州市水务局", False),
        ("高州市林业局", True),
        ("高州市水务局", False),
    ]


def test_statements_do_not_grow_with_the_rows(place: Place, django_assert_max_num_queries: Any) -> None:
    hand = system_hand("unit", basis="导入")
    pairings = (place.forest,)
    plain: dict[str, Any] = {"type": "livelihood_item", "occurred_on": date(2024, 10, 9), "pairings": pairings, "step": "closed"}
    many = [Entry(RecordFacts(text=f"事{n}", **plain), hand) for n in range(200)]
    with django_assert_max_num_queries(20):
        write_records(entries=many, import_batch=uuid4())
    assert Record.objects.count() == 200
