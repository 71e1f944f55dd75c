"""Keeping promises: once, in working hours, withdrawn or expired in sight of all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices import delivery, hours, outbox
from notices.delivery import deliver
from notices.models import Notice, OutboxMessage
from tenancy import clock
from tenancy.models import AuditEntry, Tenant
from tests.factories import make_person
from tests.notices.conftest import MORNING, local, promise

HOUR = timedelta(hours=1)


def ends() -> list[tuple[str, str, str]]:
    return list(OutboxMessage.objects.order_by("id").values_list("idem_key", "outcome", "why"))


@pytest.fixture
def withdrawers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Those asked before sending: none but what the test adds."""
    asked: list[Any] = []
    monkeypatch.setattr(delivery, "_withdrawers", asked)
    return asked


def test_what_is_due_stands_in_the_inbox_and_is_done_in_one_go(county: Tenant) -> None:
    reader = make_person("联络员甲")
    row = promise(reader, "blue", kind="late", level=1, rule="labour_day", period="2024-10", answer_days=5)

    assert deliver() == 1

    row.refresh_from_db()
    assert (row.outcome, row.done_at) == ("sent", MORNING)
    notice = Notice.objects.get()
    assert (notice.idem_key, notice.outbox_id, notice.person_id) == ("blue", row.pk, reader.pk)
    assert (notice.kind, notice.level, notice.rule, notice.period) == ("late", 1, "labour_day", "2024-10")
    assert (notice.payload, notice.sent_at, notice.due_on) == ({"title": "请看通知"}, MORNING, date(2024, 11, 25))
    assert (deliver(), Notice.objects.count()) == (0, 1)


def test_a_promise_made_twice_is_kept_once(county: Tenant) -> None:
    reader = make_person()
    assert outbox.put(idem_key="k", kind="plain", person=reader, payload={}) is True
    assert outbox.put(idem_key="k", kind="plain", person=reader, payload={}) is False
    assert deliver() == 1
    assert outbox.put(idem_key="k", kind="plain", person=reader, payload={}) is False
    assert (deliver(), Notice.objects.count()) == (0, 1)


def test_planning_by_a_statement_gives_the_same_rows_however_often(county: Tenant) -> None:
    people = [make_person(f"联络员{mark}") for mark in "甲乙丙"]
    select = """
        SELECT 'x:' || id, 'plain', 0::smallint, id, NULL::uuid, NULL::uuid, 'r', '2024-10',
               jsonb_build_object('name', name), %(from)s::timestamptz, NULL::timestamptz, NULL::smallint
        FROM units_person
    """
    assert outbox.plan(select, {"from": MORNING}) == 3
    assert outbox.plan(select, {"from": MORNING}) == 0
    rows = OutboxMessage.objects.order_by("person_id")
    assert [(row.person_id, row.payload, row.created_at) for row in rows] == [
        (person.pk, {"name": person.name}, MORNING) for person in people
    ]


@pytest.mark.parametrize(
    ("at", "n_sent"),
    [
        ("2024-11-18 08:29", 0),
        ("2024-11-18 08:30", 1),
        ("2024-11-18 17:59", 1),
        ("2024-11-18 18:00", 0),
        ("2024-11-23 10:00", 0),  # Saturday
        ("2024-10-01 10:00", 0),  # National Day, a Tuesday
        ("2024-10-12 10:00", 1),  # a Saturday worked for it
    ],
)
def test_people_are_told_things_in_working_hours_only(tenant: Tenant, county: Tenant, at: str, n_sent: int) -> None:
    promise(make_person(), not_before=local("2024-09-01 00:00"))
    with clock.at(local(at)):
        assert deliver() == n_sent
    assert Notice.objects.count() == n_sent


def test_the_countys_own_calendar_is_asked_first(county: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    typhoon = {date(2024, 11, 18): False, date(2024, 11, 23): True}
    monkeypatch.setattr(hours, "_calendars", [lambda first, last: typhoon])
    promise(make_person(), answer_days=1)
    assert deliver() == 0
    with clock.at(local("2024-11-22 10:00")):
        assert deliver() == 1
    assert Notice.objects.get().due_on == date(2024, 11, 23), "the Saturday that the county works"


def test_reminders_of_a_persons_week_become_one_digest(county: Tenant) -> None:
    first, second = make_person("联络员甲"), make_person("联络员乙")
    for key, reader in (("a", first), ("b", first), ("c", second)):
        promise(reader, key, level=0, rule=key, period="2024-11")
    assert deliver() == 3
    digests = Notice.objects.filter(kind="digest").order_by("person_id")
    assert [(d.person_id, d.idem_key) for d in digests] == [
        (first.pk, f"digest:{first.pk}:2024-W47"),
        (second.pk, f"digest:{second.pk}:2024-W47"),
    ]
    inside = Notice.objects.exclude(in_digest=None).order_by("idem_key").values_list("idem_key", "in_digest__person_id")
    assert list(inside) == [("a", first.pk), ("b", first.pk), ("c", second.pk)]


def test_a_line_later_in_the_week_goes_into_the_same_digest_and_makes_it_new(county: Tenant) -> None:
    reader = make_person()
    promise(reader, "monday", level=0)
    deliver()
    Notice.objects.update(read_at=MORNING)
    with clock.at(local("2024-11-21 09:00")):
        promise(reader, "thursday", level=0)
        assert deliver() == 1
    digest = Notice.objects.get(kind="digest")
    assert (digest.read_at, digest.sent_at) == (None, local("2024-11-21 09:00"))
    assert Notice.objects.filter(in_digest=digest).count() == 2
    with clock.at(local("2024-11-25 09:00")):
        promise(reader, "next week", level=0)
        deliver()
    assert Notice.objects.filter(kind="digest").count() == 2


def test_what_is_needed_no_more_is_withdrawn_before_it_is_sent(county: Tenant, withdrawers: list[Any]) -> None:
    met, open_ = promise(make_person("联络员甲"), "met"), promise(make_person("联络员乙"), "open")

    @withdrawers.append
    def is_met(ids: list[int], now: datetime) -> None:
        assert (sorted(ids), now) == ([met.pk, open_.pk], MORNING)
        outbox.drop([met.pk], "met")

    assert deliver() == 2
    assert ends() == [("met", "dropped", "met"), ("open", "sent", "")]
    assert list(Notice.objects.values_list("idem_key", flat=True)) == ["open"]


def test_what_is_past_its_limit_is_kept_shown_and_logged_but_not_sent(county: Tenant) -> None:
    promise(make_person(), "old", expires_at=MORNING)
    promise(make_person(), "new", expires_at=MORNING + HOUR)
    assert deliver() == 2
    assert ends() == [("old", "expired", "too_old"), ("new", "sent", "")]
    entry = AuditEntry.objects.get(action="messages_expired")
    assert entry.details == {"n": 1}


def test_a_batch_takes_the_oldest_and_leaves_the_rest_for_the_next(county: Tenant) -> None:
    for number in range(5):
        promise(make_person(), f"k{number}")
    assert deliver(limit=2) == 2
    assert [outcome for _key, outcome, _why in ends()] == ["sent", "sent", "", "", ""]
    assert (deliver(limit=2), deliver(limit=2), deliver(limit=2)) == (2, 1, 0)


def test_idle_delivery_costs_one_query_in_hours_and_none_outside(county: Tenant) -> None:
    promise(make_person(), not_before=MORNING + HOUR)
    with CaptureQueriesContext(connection) as seen:
        assert deliver() == 0
    assert len(seen) == 1
    with CaptureQueriesContext(connection) as seen, clock.at(local("2024-11-18 22:00")):
        assert deliver() == 0
    assert len(seen) == 0
