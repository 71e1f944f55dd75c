"""A22: a record counts in one programme; the other programme's pairing of the village shows it as linked, and counts nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from activities.actions.year import open_year
from activities.models import ActivityType, Obligation
from activities.obligations import refresh
from pairing.models import Pairing
from tenancy.scope import SYSTEM, tenant_scope
from tests.activities.records.conftest import County
from tests.factories import make_pairing, make_programme, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AsRole = Callable[[str], Client]
LINKED = "已在另一项目计入"


@pytest.fixture
def other(county: County) -> Pairing:
    """The same unit and village in a second programme that runs at the same time."""
    with tenant_scope(county.tenant):
        ActivityType.objects.all().delete()
        open_year(programme=county.programme, preset="five_ones", actor=SYSTEM)
        programme = make_programme(2024, title="佛茂协作", starts_on=date(2024, 9, 3), ends_on=date(2025, 8, 31))
        pairing: Pairing = make_pairing(county.forestry, county.village, programme)
        open_year(programme=programme, preset="five_ones", actor=SYSTEM)
        return pairing


def events(client: Client, county: County, pairing: Pairing) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(county.url(f"pairings/{pairing.uid}/timeline/")).context["events"]
    return [one for one in found if one.get("chip", {}).get("word") == LINKED]


def test_the_other_programme_shows_it_as_linked_and_counts_nothing(county: County, as_role: AsRole, other: Pairing) -> None:
    with tenant_scope(county.tenant):
        record = make_record(county.first, text="清理村道", occurred_on=date(2024, 10, 9), status="confirmed")
        refresh()
        counted = dict(
            Obligation.objects.filter(rule__code="labour_day", starts_on=date(2024, 10, 1)).values_list("pairing", "counted")
        )
    assert (counted[county.first.pk], counted[other.pk]) == (1, 0)
    for role in ("CS", "UL", "VS"):
        [shown] = events(as_role(role), county, other)
        assert shown["title"] == "集中劳动"
        assert "2024年结对共建" in shown["text"]
        assert shown["url"].endswith(f"/records/{record.uid}/")
        assert events(as_role(role), county, county.first) == []
    assert LINKED in as_role("CS").get(county.url(f"pairings/{other.uid}/")).content.decode()


def test_only_what_may_be_read_and_lies_in_the_pairings_time(county: County, as_role: AsRole, other: Pairing) -> None:
    with tenant_scope(county.tenant):
        make_record(county.first, occurred_on=date(2024, 10, 9), status="draft")
        make_record(county.first, occurred_on=date(2024, 10, 10), status="voided")
        other.active_from = date(2024, 10, 12)
        other.save()
        make_record(county.first, occurred_on=date(2024, 10, 11))
        make_record(county.third, occurred_on=date(2024, 10, 14))
    assert events(as_role("CS"), county, other) == []
    with tenant_scope(county.tenant):
        make_record(county.first, occurred_on=date(2024, 10, 14))
    assert len(events(as_role("CS"), county, other)) == 1
