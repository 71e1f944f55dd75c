"""What a published score rests on is kept: records with their version and why, as they were counted then."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from activities.actions.records import void_record
from activities.hands import system_hand
from activities.models import Record
from assessment.actions.evidence import keep_evidence
from assessment.archive import reader
from assessment.archive.canonical import written
from assessment.models import Sheet, SheetLine
from assessment.queries.archive import content_of
from assessment.queries.sheets import explained
from tenancy import clock
from tenancy.scope import tenant_scope
from tests.assessment.sheets.conftest import JANUARY, Assessed, make_assessed

pytestmark = pytest.mark.django_db


@pytest.fixture
def public() -> Assessed:
    """The worked example in public, with what it rests on."""
    county = make_assessed()
    county.publish()
    with tenant_scope(county.tenant), clock.at(JANUARY):
        assert keep_evidence(county.cycle) == 40
    return county


def line(county: Assessed, code: str) -> Any:
    sheet = Sheet.objects.select_related("cycle__rubric", "pairing").get(pairing=county.pairing)
    [found] = [one for one in explained(sheet) if one.line.code == code]
    return found


def test_the_archive_explains_every_line_by_itself(public: Assessed) -> None:
    with tenant_scope(public.tenant), clock.at(JANUARY):
        archive = json.loads(written(content_of(public.cycle)))
    # Results of units are none of this county's: the sheets alone are looked at.
    assert [one for one in reader.check(archive) if one.startswith("Sheet")] == []
    [sheet] = [one for one in archive["sheets"] if one["pairing"] == str(public.pairing.uid)]
    lines = {one["code"]: one for one in sheet["lines"]}
    day = lines["A3"]["counted"][0]
    assert set(day) == {"id", "kind", "label", "day", "type", "state", "version"}
    assert (day["kind"], day["type"], day["state"]) == ("record", "theme_party_day", "confirmed")
    assert day["version"] >= 1
    assert [one["why"] for one in lines["A3"]["not_counted"]] == ["待对方确认"]
    assert [one["state"] for one in lines["E1"]["not_counted"] if one["kind"] == "obligation"] == ["missed"]
    assert sum(one.get("value") == "late" for one in lines["A4"]["counted"]) == 1
    assert len(lines["B1"]["counted"]) == 186


def test_a_record_voided_afterwards_leaves_what_was_counted(public: Assessed) -> None:
    with tenant_scope(public.tenant), clock.at(JANUARY):
        before = line(public, "A3")
        record = Record.objects.get(uid=before.counted[0].uid)
        void_record(record=record, hand=system_hand("county"), reason="重复")
        after = line(public, "A3")
        assert (after.counted, after.not_counted) == (before.counted, before.not_counted)
        archive = json.loads(written(content_of(public.cycle)))
    assert [one for one in reader.check(archive) if one.startswith("Sheet")] == []


def test_before_publication_the_page_tells_of_this_moment(public: Assessed) -> None:
    public.become("scored")
    with tenant_scope(public.tenant), clock.at(JANUARY):
        before = line(public, "A3")
        void_record(record=Record.objects.get(uid=before.counted[0].uid), hand=system_hand("county"), reason="重复")
        after = line(public, "A3")
    assert len(after.counted) == len(before.counted) - 1


def test_figures_that_do_not_follow_from_the_records_are_named(public: Assessed) -> None:
    with tenant_scope(public.tenant), clock.at(JANUARY):
        row = SheetLine.objects.get(sheet__pairing=public.pairing, line__code="E1")
        row.figures = {**row.figures, "missed": 0}
        row.score = Decimal(6)
        row.save()
        archive = json.loads(written(content_of(public.cycle)))
    told = [one for one in reader.check(archive) if "E1" in one]
    assert told[0].endswith(", E1: figure missed is 0, from its records 1.")
