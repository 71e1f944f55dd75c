"""The machine form of the ledger of activities comes in again without a change: every row is the record it came from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from activities.actions.year import open_year
from activities.kinds import RECORD
from activities.models import Record
from lib.kinds.exporting import Paper, export
from lib.kinds.listing import Listing
from tenancy import clock
from tenancy.access import access_for
from tenancy.scope import SYSTEM, tenant_scope
from tests.activities.importing.conftest import MOMENT, Place, Send, media, send
from tests.factories import (
    make_member,
    make_pairing,
    make_programme,
    make_record,
    make_tenant,
    make_town,
    make_unit,
    make_village,
)

__all__ = ["media", "send"]


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    tenant = make_tenant()
    with tenant_scope(tenant), clock.at(MOMENT):
        programme, village = make_programme(), make_village(town=make_town())
        forest = make_pairing(make_unit(), village, programme, is_lead=True)
        water = make_pairing(make_unit("高州市水务局"), village, programme)
        open_year(programme=programme, preset="five_ones", actor=SYSTEM)
        yield Place(tenant, forest, water)


def test_the_machine_form_comes_in_again_as_the_same_records(place: Place, send: Send) -> None:
    common: dict[str, Any] = {"submitted_on": date(2025, 1, 2), "occurred_on": date(2025, 1, 2)}
    make_record(place.forest, place.water, text="清理村道,修整沟渠", title="义务劳动", person_times=32, place="荷垌村", **common)
    make_record(place.forest, type="reception", text="接待来访群众3批", form="at_desk", person_times=5, **common)
    make_record(place.water, type="training", text="电商培训", person_times=25, money_yuan=Decimal("12500"), **common)
    access = access_for(make_member(place.tenant, "CA"), place.tenant)
    assert access is not None
    with translation.override("zh-hans"):
        listing = Listing(RECORD, access, place.tenant.slug, date(2025, 1, 14), {}, RECORD.ledger)
        made = export(listing, "machine", Paper("高州市"))
    batch = send("activities", io.BytesIO(made.content).getvalue())
    rows = list(batch.rows.order_by("row"))

    assert [(row.status, row.effect) for row in rows] == [("ok", "same")] * 3, [row.reason for row in rows]
    assert Record.objects.count() == 3
