"""A draft claims nothing until it is handed in: no household, no project and no livelihood item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from activities.models import Item, Record
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import County, sent

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AsRole = Callable[[str], Client]
HOUSE = {"type": "courtyard", "house_no": "88号", "householder": "户主甲"}


def write(client: Client, county: County, *pairings: Any, **fields: Any) -> Any:
    return client.post(county.url("records/new/"), sent(*pairings, **fields))


def record_of(county: County) -> Record:
    with tenant_scope(county.tenant):
        found: Record = Record.objects.order_by("id")[0]
        return found


def test_a_draft_neither_blocks_nor_names_another_units_claim(county: County, as_role: AsRole) -> None:
    assert write(as_role("water"), county, county.second, save="draft", **HOUSE).status_code == 302
    with tenant_scope(county.tenant):
        assert not Item.objects.exists()
    assert write(as_role("UL"), county, county.first, **{**HOUSE, "house_no": "#88"}).status_code == 302
    with tenant_scope(county.tenant):
        assert Item.objects.get().pairing == county.first

    draft = record_of(county)
    late = as_role("water").post(county.url(f"records/{draft.uid}/submit/"), follow=True)
    assert "高州市林业局" in late.content.decode()
    assert record_of(county).status == "draft"


def test_a_draft_keeps_what_it_names_and_makes_it_when_it_is_handed_in(county: County, as_role: AsRole) -> None:
    client = as_role("UL")
    write(client, county, county.first, save="draft", **HOUSE)
    draft = record_of(county)
    form = client.get(county.url(f"records/{draft.uid}/edit/")).context["form"]
    assert (form["house_no"].value(), form["householder"].value()) == ("88号", "户主甲")

    changed = {**sent(county.first, **{**HOUSE, "house_no": "90号"}), "reason": ""}
    assert client.post(county.url(f"records/{draft.uid}/edit/"), {**changed, "save": "draft"}).status_code == 302
    with tenant_scope(county.tenant):
        assert not Item.objects.exists()
    client.post(county.url(f"records/{draft.uid}/submit/"))
    handed_in = record_of(county)
    with tenant_scope(county.tenant):
        made = Item.objects.get()
        assert (made.house_no, made.householder, made.pairing) == ("90号", "户主甲", county.first)
        assert (handed_in.status, handed_in.item_id, handed_in.details) == ("submitted", made.pk, {})
        assert handed_in.shares.get().item_id == made.pk
        assert handed_in.shares.get().is_lead


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "benefit_project", "item_name": "加工车间", "step": "started", "category": "产业"}, "project"),
        ({"type": "livelihood_item", "item_name": "安装路灯", "raised_on": "2024-10-02"}, "livelihood_item"),
    ],
)
def test_projects_and_items_too_are_made_when_the_draft_is_handed_in(
    county: County, as_role: AsRole, fields: dict[str, Any], kind: str
) -> None:
    client = as_role("UL")
    write(client, county, county.first, save="draft", **fields)
    with tenant_scope(county.tenant):
        assert not Item.objects.exists()
    client.post(county.url(f"records/{record_of(county).uid}/submit/"))
    with tenant_scope(county.tenant):
        made = Item.objects.get()
        assert (made.kind, made.name, made.category) == (kind, fields["item_name"], fields.get("category", ""))
        assert record_of(county).item == made


def test_an_abandoned_draft_leaves_nothing(county: County, as_role: AsRole) -> None:
    client = as_role("UL")
    write(client, county, county.first, save="draft", **HOUSE)
    client.post(county.url(f"records/{record_of(county).uid}/abandon/"))
    with tenant_scope(county.tenant):
        assert not Item.objects.exists()
    assert record_of(county).status == "abandoned"
