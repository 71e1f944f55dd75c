"""The page of a record: the periods it falls into, and why it does not count where it does not."""

from __future__ import annotations

import re

from django.test import Client

from activities.actions import records
from activities.hands import Hand
from activities.models import AuthorSide, Record
from tenancy import clock
from tenancy.scope import SYSTEM
from tests.activities.obligations.conftest import County, local
from tests.factories import make_member


def counts_for(county: County, record: Record) -> str:
    """What the page says under 计入任务, without its markup."""
    client = Client()
    client.force_login(make_member(county.tenant, "CS"), backend="tenancy.backends.AccountBackend")
    with clock.at(local("2024-10-20T09:00")):
        page = client.get(f"/{county.tenant.slug}/records/{record.uid}/").content.decode()
    part = page.split('id="counts-title"')[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part.split(">", 1)[1]).split())


def test_a_reception_without_the_leader_does_not_claim_the_leaders_duty(county: County) -> None:
    alone = county.write("reception", "2024-10-09")
    led = county.write("reception", "2024-10-16", leader_present=True)

    assert counts_for(county, alone).count("不计入") == 1
    assert counts_for(county, alone).endswith("不计入：组长未到场")
    assert "不计入" not in counts_for(county, led)


def test_a_void_record_says_that_it_counts_for_nothing(county: County) -> None:
    record = county.write("labour_day", "2024-10-09")
    before = counts_for(county, record)
    with clock.at(local("2024-10-10T09:00")):
        records.void_record(record=record, hand=Hand(SYSTEM, AuthorSide.COUNTY), reason="查实未开展")

    assert "不计入" not in before
    assert "集中劳动 · 2024年10月" in before
    assert "不计入：已作废" in counts_for(county, record)


def test_a_record_that_waits_is_not_called_uncounted(county: County) -> None:
    assert "不计入" not in counts_for(county, county.write("labour_day", "2024-10-09", confirmed=None))
