"""Cells kept up with records, by the hand-checkable cases of domain.md §2.5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities import obligations
from activities.actions import records, year
from activities.actions.facts import RecordFacts
from activities.hands import system_hand
from activities.models import Obligation, ObligationFlip, Record
from activities.refusals import RecordRefused
from pairing.models import Pairing
from tenancy import clock
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_pairing, make_programme, make_tenant, make_town, make_unit, make_village

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
UNIT, VILLAGE = system_hand("unit"), system_hand("village")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@dataclass
class Place:
    """One village with two units, five ones from 3 September 2024."""

    p1: Pairing
    p2: Pairing

    def write(
        self, type_code: str, on: str, *, at: str = "", confirm: bool = True, pairing: Pairing | None = None, **more: Any
    ) -> Record:
        day = date.fromisoformat(on)
        facts = RecordFacts(type=type_code, occurred_on=day, pairings=(pairing or self.p1,), **more)
        with clock.at(local(at or f"{on}T20:00")):
            record = records.write_record(facts=facts, hand=UNIT, is_another=True)
            return records.confirm_record(record=record, hand=VILLAGE) if confirm else record

    def cell(self, rule: str, code: str, *, on: str = "2025-02-01", pairing: Pairing | None = None) -> Obligation:
        from lib.periods import period_named

        span = period_named(code)
        with clock.at(local(f"{on}T02:00")):
            obligations.refresh()
        found: Obligation = Obligation.objects.select_related("terms").get(
            rule__code=rule, pairing=pairing or self.p1, starts_on=span.starts_on, period_kind=span.kind
        )
        return found


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    with tenant_scope(make_tenant()), clock.at(local("2024-09-03T08:00")):
        programme, village = make_programme(), make_village(town=make_town())
        p1 = make_pairing(make_unit(), village, programme, is_lead=True)
        p2 = make_pairing(make_unit("高州市水务局"), village, programme)
        year.open_year(programme=programme, preset="five_ones", actor=SYSTEM)
        yield Place(p1, p2)


def test_month_before_the_first_whole_one_is_not_due_but_shows_what_was_done(place: Place) -> None:
    place.write("labour_day", "2024-09-09")

    september = place.cell("labour_day", "2024-09")
    assert (september.state, september.counted) == ("not_due", 1)
    assert place.cell("labour_day", "2024-10").state == "missed"


def test_two_receptions_of_one_week_meet_it_once(place: Place) -> None:
    place.write("reception", "2024-10-29")
    place.write("reception", "2024-11-02")

    week = place.cell("reception", "2024-W44")
    assert (week.state, week.counted) == ("met", 2)
    assert place.cell("reception", "2024-W45").state == "missed"


def test_week_of_one_working_day_is_waived(place: Place) -> None:
    place.write("reception", "2024-09-30")

    week = place.cell("reception", "2024-W40")
    assert (week.state, week.counted, week.waived_because) == ("waived", 1, "calendar:1")
    assert place.cell("reception", "2024-W41").state == "missed"
    assert place.cell("reception", "2025-W05").waived_because == "calendar:1"


def test_leaders_reception_counts_twice_over(place: Place) -> None:
    place.write("reception", "2024-10-16", leader_present=True)

    assert place.cell("reception", "2024-W42").state == "met"
    assert place.cell("leader_reception", "2024-10").state == "met"


def test_item_counts_on_the_day_it_was_closed(place: Place) -> None:
    place.write("livelihood_item", "2024-11-02", raised_on=date(2024, 10, 20), item_name="修路灯")

    assert place.cell("livelihood_item", "2024-11").state == "met"
    assert place.cell("livelihood_item", "2024-10").state == "missed"


def test_second_claim_on_a_courtyard_is_refused_naming_the_first(place: Place) -> None:
    place.write("courtyard", "2024-10-12", house_no="#88")

    with pytest.raises(RecordRefused) as refused:
        place.write("courtyard", "2024-10-20", house_no="88号", pairing=place.p2)
    assert refused.value.code == "duplicate_courtyard"
    assert "高州市林业局" in refused.value.messages[0]


def test_unfinished_project_satisfies_two_quarters(place: Place) -> None:
    place.write("benefit_project", "2024-10-08", item_name="灌渠", step="started")
    place.write("benefit_project", "2025-01-20", item_name="灌渠", step="stage")
    place.write("benefit_project", "2025-05-10", item_name="灌渠", step="stage")

    states = [place.cell("benefit_project", code, on="2025-08-01").state for code in ("2024-Q4", "2025-Q1", "2025-Q2")]
    assert states == ["met", "met", "missed"]
    third = obligations.explain(place.cell("benefit_project", "2025-Q2", on="2025-08-01"))
    assert [line.why for line in third.not_counted] == ["project_limit"]


@pytest.mark.parametrize(
    ("entered", "state"), [("2024-12-08", "met"), ("2024-12-10", "met"), ("2024-12-12", "met_late"), ("2024-12-15", "met_late")]
)
def test_late_entry_meets_within_grace_and_is_marked_after(place: Place, entered: str, state: str) -> None:
    place.write("labour_day", "2024-11-30", at=f"{entered}T09:00")

    assert place.cell("labour_day", "2024-11").state == state


def test_locked_month_takes_no_entry(place: Place) -> None:
    with pytest.raises(RecordRefused) as refused:
        place.write("labour_day", "2024-11-30", at="2024-12-16T09:00")
    assert refused.value.code == "period_locked"


def test_late_confirmation_is_in_time(place: Place) -> None:
    record = place.write("labour_day", "2024-11-29", confirm=False)
    assert place.cell("labour_day", "2024-11", on="2024-12-05").state == "waiting"
    with clock.at(local("2024-12-06T09:00")):
        records.confirm_record(record=record, hand=VILLAGE)

    assert place.cell("labour_day", "2024-11").state == "met"


def test_returned_and_voided_records_count_nothing_and_say_why(place: Place) -> None:
    first = place.write("labour_day", "2024-11-05", confirm=False)
    with clock.at(local("2024-11-06T09:00")):
        records.return_record(record=first, hand=VILLAGE, reason="没有来")
    second = place.write("labour_day", "2024-11-07")
    assert Obligation.objects.get(rule__code="labour_day", pairing=place.p1, starts_on="2024-11-01").state == "met"
    with clock.at(local("2025-02-03T09:00")):
        records.void_record(record=second, hand=UNIT, reason="抽查不实")

    cell = place.cell("labour_day", "2024-11", on="2025-02-04")
    assert (cell.state, cell.counted) == ("missed", 0)
    assert sorted(line.why for line in obligations.explain(cell).not_counted) == ["returned", "voided"]
    flips = ObligationFlip.objects.filter(rule=cell.rule, pairing=place.p1, starts_on="2024-11-01").order_by("id")
    assert [(flip.from_state, flip.to_state) for flip in flips] == [
        ("not_due", "waiting"),
        ("waiting", "open"),
        ("open", "waiting"),
        ("waiting", "met"),
        ("met", "missed"),
    ]


def test_kept_is_what_a_rebuild_makes(place: Place) -> None:
    place.write("labour_day", "2024-11-05")
    place.write("reception", "2024-11-05", confirm=False)
    with clock.at(local("2024-11-20T02:00")):
        obligations.refresh()
        kept = sorted(
            Obligation.objects.values_list("rule__code", "pairing", "starts_on", "state", "counted", "waiting"), key=str
        )
        Obligation.objects.all().delete()
        made = obligations.refresh()
    rebuilt = sorted(Obligation.objects.values_list("rule__code", "pairing", "starts_on", "state", "counted", "waiting"), key=str)
    assert kept == rebuilt
    assert made.made == len(kept) > 200


def test_refresh_twice_changes_nothing(place: Place) -> None:
    with clock.at(local("2024-11-20T02:00")):
        obligations.refresh()
        assert not obligations.refresh()


def test_own_side_does_not_confirm(place: Place) -> None:
    record = place.write("labour_day", "2024-11-05", confirm=False)
    with pytest.raises(RecordRefused) as refused:
        records.confirm_record(record=record, hand=UNIT)
    assert refused.value.code == "own_side"
    record.refresh_from_db()
    assert record.status == "submitted"


def test_undo_within_ten_seconds_and_not_after(place: Place) -> None:
    record = place.write("labour_day", "2024-11-05")
    with clock.at(local("2024-11-05T20:00:08")):
        records.undo_confirmation(record=record, hand=VILLAGE)
    assert Obligation.objects.get(rule__code="labour_day", pairing=place.p1, starts_on="2024-11-01").state == "waiting"
    with clock.at(local("2024-11-05T21:00")):
        records.confirm_record(record=record, hand=VILLAGE)
    with clock.at(local("2024-11-05T21:00") + timedelta(minutes=5)), pytest.raises(RecordRefused) as refused:
        records.undo_confirmation(record=record, hand=VILLAGE)
    assert refused.value.code == "too_late_to_undo"
