"""Levels 0 and 1: on which day, to whom, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from activities.models import ObligationAnswer, Record, Rule, Share, WorkingDay, YearSettings
from activities.reminders.planning import plan_all
from notices.actions import answer_notice
from notices.delivery import deliver
from notices.models import Notice, OutboxMessage
from tenancy import clock
from tests.activities.reminders.conftest import Owing, day, days, ends, local, owing
from tests.factories import make_pairing, make_pairing_post, make_person, make_post

__all__ = ["owing"]
LATE = [("联络员甲", "overdue", "2024-10"), ("组长甲", "overdue", "2024-10")]


@pytest.mark.parametrize(
    ("period", "first", "last", "morning"),
    [
        ("2024-10", "2024-10-14", "2024-10-31", "2024-10-24"),  # seven days before its end, a Thursday
        ("2024-11", "2024-11-15", "2024-11-30", "2024-11-25"),  # that Saturday is no working day: the Monday after
        ("2024-W47", "2024-11-18", "2024-11-24", "2024-11-21"),  # the Thursday of the week
        ("2024-Q4", "2024-12-16", "2024-12-31", "2024-12-24"),
        ("2024-H2", "2024-12-16", "2024-12-31", "2024-12-24"),
    ],
)
def test_a_period_that_ends_soon_is_told_to_the_liaison_once(
    owing: Owing, period: str, first: str, last: str, morning: str
) -> None:
    owing.cell(period)
    assert days(first, last) == {morning: [("联络员甲", "due_soon", period)]}
    row = Notice.objects.exclude(kind="digest").get()
    assert (row.level, row.rule, row.in_digest is not None) == (0, "labour_day", True)
    assert row.sent_at == local(f"{morning} 08:30")


def test_what_a_week_and_a_month_owe_stands_in_one_digest(owing: Owing) -> None:
    owing.cell("2024-11")
    owing.cell("2024-W48", code="reception")
    assert days("2024-11-25", "2024-12-01") == {
        "2024-11-25": [("联络员甲", "due_soon", "2024-11")],
        "2024-11-28": [("联络员甲", "due_soon", "2024-W48")],
    }
    assert Notice.objects.filter(kind="digest").count() == 1


@pytest.mark.parametrize("state", ["met", "met_late", "waived", "waiting", "not_due", "missed"])
def test_only_what_is_open_is_told_before_its_end(owing: Owing, state: str) -> None:
    owing.cell("2024-10", state=state)
    assert days("2024-10-20", "2024-10-31") == {}


@pytest.mark.parametrize("state", ["missed", "open"])
def test_what_was_not_done_is_told_to_liaison_and_leader_when_the_grace_is_over(owing: Owing, state: str) -> None:
    # "open": the sweep of the cells may run after the reminders.
    owing.cell("2024-10", state=state)
    assert days("2024-11-01", "2025-01-10") == {"2024-11-11": LATE}
    rows = Notice.objects.filter(level=1)
    assert {row.due_on for row in rows} == {date(2024, 11, 18)}, "five working days"
    assert all(row.in_digest is None for row in rows)


@pytest.mark.parametrize("state", ["met", "met_late", "waived", "waiting", "not_due"])
def test_only_what_was_missed_is_told_after_its_end(owing: Owing, state: str) -> None:
    owing.cell("2024-10", state=state)
    assert days("2024-11-01", "2024-11-20") == {}


def test_one_person_in_both_posts_is_told_once(owing: Owing) -> None:
    both = make_pairing(village=owing.village, unit=owing.village.parent, programme=owing.programme)
    person = make_person("身兼两职")
    for kind in ("liaison", "group_leader"):
        make_pairing_post(both, person, kind)
    owing.pairing = both
    owing.cell("2024-10", state="missed")
    assert days("2024-11-08", "2024-11-14") == {"2024-11-11": [("身兼两职", "overdue", "2024-10")]}


def test_who_holds_the_post_on_the_day_is_told(owing: Owing) -> None:
    owing.cell("2024-10", state="missed")
    owing.pairing.posts.filter(kind="group_leader").update(ends_on=date(2024, 11, 10))
    make_pairing_post(owing.pairing, make_person("组长乙"), "group_leader", starts_on=date(2024, 11, 11))
    assert day("2024-11-11") == [("联络员甲", "overdue", "2024-10"), ("组长乙", "overdue", "2024-10")]


def test_planning_again_and_again_promises_nothing_new(owing: Owing) -> None:
    owing.cell("2024-10", state="missed")
    owing.cell("2024-11")
    with clock.at(local("2024-11-26 02:00")):
        assert (plan_all().total, plan_all().total) == (3, 0)


def test_a_day_without_sweep_is_made_up_by_one_message_a_duty(owing: Owing) -> None:
    for period in ("2024-W44", "2024-W45"):
        owing.cell(period, code="reception", state="missed")
    # Grace ended on 13 and 20 November; nothing ran until the 22nd.
    told = day("2024-11-22")
    assert sorted(told) == sorted(
        (who, "overdue", period) for who in ("联络员甲", "组长甲") for period in ("2024-W44", "2024-W45")
    )
    assert days("2024-11-23", "2024-12-10") == {}


def test_what_is_older_than_its_limit_is_kept_as_too_late_and_not_sent(owing: Owing) -> None:
    owing.cell("2024-09", state="missed", grace_until=date(2024, 10, 10))
    assert day("2024-11-18") == []
    assert ends() == [("overdue", "expired", "too_old")] * 2


def test_nothing_is_told_of_periods_before_the_year_was_switched_on(owing: Owing) -> None:
    YearSettings.objects.update(switched_on=date(2024, 11, 1))
    owing.cell("2024-10", state="missed")
    owing.cell("2024-W45", code="reception", state="missed")
    assert [period for _to, _kind, period in day("2024-11-21")] == ["2024-W45"] * 2
    assert OutboxMessage.objects.filter(period="2024-10").count() == 0


def test_a_cell_that_others_carry_is_told_once_for_all(owing: Owing) -> None:
    owing.cell("2024-10", state="missed", is_carrier=False)
    assert days("2024-11-11", "2024-11-12") == {}


def test_what_is_met_meanwhile_is_withdrawn_and_told_again_if_it_is_voided(owing: Owing) -> None:
    cell = owing.cell("2024-10", state="missed")
    with clock.at(local("2024-11-11 02:00")):
        plan_all()
    type(cell).objects.update(state="met_late")
    assert day("2024-11-11") == []
    assert ends() == [("overdue", "dropped", "met")] * 2
    type(cell).objects.update(state="missed")
    assert day("2024-11-12") == LATE
    assert days("2024-11-13", "2024-11-20") == {}


@pytest.mark.parametrize(("state", "why"), [("waived", "waived"), ("not_due", "gone")])
def test_what_is_owed_no_more_is_withdrawn(owing: Owing, state: str, why: str) -> None:
    cell = owing.cell("2024-10")
    with clock.at(local("2024-10-24 02:00")):
        plan_all()
    type(cell).objects.update(state=state)
    assert day("2024-10-24") == []
    assert ends() == [("due_soon", "dropped", why)]


def test_what_waits_for_the_other_side_is_put_off_and_told_if_it_comes_back(owing: Owing) -> None:
    cell = owing.cell("2024-10", state="missed")
    with clock.at(local("2024-11-11 02:00")):
        plan_all()
    type(cell).objects.update(state="waiting")
    assert days("2024-11-11", "2024-11-13") == {}
    assert ends() == [("overdue", "", "")] * 2
    type(cell).objects.update(state="missed")
    assert day("2024-11-14") == LATE


def test_an_explanation_ends_it(owing: Owing) -> None:
    owing.cell("2024-10", state="missed")
    owing.cell("2024-W45", code="reception", state="missed")
    day("2024-11-11")
    with clock.at(local("2024-11-12 10:00")):
        answer_notice(notice=Notice.objects.filter(level=1).first(), text="台风,全镇停工")
    answer = ObligationAnswer.objects.get()
    assert (answer.rule.code, answer.pairing, answer.starts_on, answer.text) == (
        "labour_day", owing.pairing, date(2024, 10, 1), "台风,全镇停工",
    )  # fmt: skip
    assert answer.at == local("2024-11-12 10:00")
    assert days("2024-11-13", "2025-01-10") == {
        "2024-11-21": [("联络员甲", "overdue", "2024-W45"), ("组长甲", "overdue", "2024-W45")]
    }


def test_a_promise_keeps_silence_until_its_day_and_then_one_more(owing: Owing) -> None:
    owing.cell("2024-10", state="missed")
    day("2024-11-11")
    with clock.at(local("2024-11-12 10:00")):
        answer_notice(notice=Notice.objects.first(), text="", promise_on=date(2024, 11, 29))
    # The 29th is a Friday: its day passes, and the Monday after is the next on which people are told things.
    assert days("2024-11-13", "2025-02-10") == {"2024-12-02": LATE}


def test_a_promise_before_the_end_keeps_silence_too(owing: Owing) -> None:
    cell = owing.cell("2024-10")
    day("2024-10-24")
    with clock.at(local("2024-10-25 10:00")):
        answer_notice(notice=Notice.objects.exclude(kind="digest").get(), text="已知", promise_on=date(2024, 11, 14))
    type(cell).objects.update(state="missed")
    assert days("2024-10-28", "2024-12-10") == {"2024-11-15": LATE}


def test_a_promise_that_was_kept_brings_no_more(owing: Owing) -> None:
    cell = owing.cell("2024-10", state="missed")
    day("2024-11-11")
    with clock.at(local("2024-11-12 10:00")):
        answer_notice(notice=Notice.objects.first(), text="", promise_on=date(2024, 11, 29))
    type(cell).objects.update(state="met_late")
    assert days("2024-11-13", "2025-01-10") == {}


def test_an_answer_between_planning_and_sending_withdraws(owing: Owing) -> None:
    cell = owing.cell("2024-10", state="missed")
    with clock.at(local("2024-11-11 02:00")):
        plan_all()
    ObligationAnswer.objects.create(
        tenant=owing.tenant, rule=Rule.objects.get(), pairing=owing.pairing, period_kind=cell.period_kind,
        starts_on=cell.starts_on, text="已说明", actor_name="联络员甲", at=local("2024-11-11 08:00"),
    )  # fmt: skip
    assert day("2024-11-11") == []
    assert ends() == [("overdue", "dropped", "answered")] * 2


def test_a_grace_that_was_lengthened_puts_the_message_off(owing: Owing) -> None:
    cell = owing.cell("2024-10", state="missed")
    with clock.at(local("2024-11-11 02:00")):
        plan_all()
    type(cell).objects.update(state="open", grace_until=date(2024, 11, 12))
    assert days("2024-11-11", "2024-11-12") == {}
    assert day("2024-11-13") == LATE


def test_the_countys_holidays_hold_messages_back(owing: Owing) -> None:
    owing.cell("2024-10", state="missed")
    WorkingDay.objects.create(tenant=owing.tenant, day=date(2024, 11, 11), is_working=False)
    assert days("2024-11-10", "2024-11-14") == {"2024-11-12": LATE}


def _record(owing: Owing, side: str, handed_in: datetime, **fields: object) -> Record:
    values = {"type": "labour_day", "occurred_on": handed_in.date(), "status": "submitted", "status_at": handed_in}
    record: Record = Record.objects.create(
        tenant=owing.tenant, programme=owing.programme, author_side=side, created_at=handed_in, **values, **fields
    )
    Share.objects.create(
        tenant=owing.tenant, record=record, pairing=owing.pairing, programme=owing.programme, type="labour_day",
        counts_on=record.occurred_on, status="submitted",
    )  # fmt: skip
    return record


@pytest.mark.parametrize(
    ("side", "proxy_for_village", "to"),
    [("unit", False, "村支书甲"), ("village", False, "联络员甲"), ("county", True, "联络员甲"), ("county", False, "村支书甲")],
)
def test_the_other_side_is_asked_once_after_seven_days(owing: Owing, side: str, proxy_for_village: bool, to: str) -> None:
    make_post(owing.village, make_person("村支书甲"), "village_secretary")
    proxy = {"is_proxy": True, "proxy_basis": "电话", "proxy_for": owing.village} if proxy_for_village else {}
    _record(owing, side, local("2024-11-11 22:00"), **proxy)
    assert days("2024-11-12", "2024-12-20") == {"2024-11-18": [(to, "to_confirm", "")]}
    assert Notice.objects.filter(kind="to_confirm", in_digest=None).count() == 0, "told in the digest of the week"


def test_a_record_confirmed_meanwhile_asks_nobody(owing: Owing) -> None:
    make_post(owing.village, make_person("村支书甲"), "village_secretary")
    record = _record(owing, "unit", local("2024-11-11 22:00"))
    with clock.at(local("2024-11-18 02:00")):
        assert plan_all().to_confirm == 1
    record.shares.update(status="confirmed")
    assert day("2024-11-18") == []
    assert ends() == [("to_confirm", "dropped", "settled")]


def test_a_record_handed_in_again_is_asked_about_again(owing: Owing) -> None:
    make_post(owing.village, make_person("村支书甲"), "village_secretary")
    _record(owing, "unit", local("2024-11-11 09:00"))
    day("2024-11-18")
    Record.objects.update(status_at=local("2024-11-20 09:00"))
    assert list(days("2024-11-19", "2024-12-20")) == ["2024-11-27"]


def test_every_name_in_a_message_is_that_of_the_day_it_was_planned(owing: Owing) -> None:
    owing.cell("2024-10", state="missed", required=2, counted=1)
    day("2024-11-11")
    told = Notice.objects.filter(level=1).first().payload
    assert (told["rule"], told["village"], told["counted"], told["required"]) == ("集中劳动", "荷垌村", 1, 2)
    assert timezone.localtime(Notice.objects.filter(level=1).first().sent_at).hour == 8


def test_a_whole_quarter_of_mornings_costs_no_message_twice(owing: Owing) -> None:
    for month in ("2024-10", "2024-11"):
        owing.cell(month, state="missed")
    for week in range(41, 49):
        owing.cell(f"2024-W{week}", code="reception", state="missed")
    told = [line for lines in days("2024-10-15", "2025-01-15").values() for line in lines]
    assert len(told) == len(set(told)) == 20
    with clock.at(local("2025-01-16 09:00")):
        assert deliver() == 0
    assert OutboxMessage.objects.filter(done_at=None).count() == 0
    assert timedelta(0) <= max(row.sent_at - row.outbox.not_before for row in Notice.objects.filter(level=1)) < timedelta(days=3)
