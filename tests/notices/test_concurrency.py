"""Two deliverers at once: each message once; and that it is the lock and the key that make it so."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from notices import counties as across
from notices import delivery, hours
from notices.models import Notice, OutboxMessage
from notices.tasks import deliver as deliver_task
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_message, make_person, make_tenant
from tests.live import wipe
from tests.notices.conftest import MORNING

pytestmark = pytest.mark.postgres
N_MESSAGES = 40


@pytest.fixture
def waiting(migrated_tables: frozenset[str], django_db_blocker: Any) -> Iterator[Tenant]:
    """A county with committed messages that are due."""
    with django_db_blocker.unblock():
        try:
            tenant = make_tenant()
            with tenant_scope(tenant):
                person = make_person()
                for number in range(N_MESSAGES):
                    make_message(person, f"k{number}", not_before=MORNING - timedelta(hours=1))
            yield tenant
        finally:
            connections.close_all()
            wipe(migrated_tables)


def two_at_once(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two threads deliver; both wait for each other between taking messages and sending them, if both have some."""
    barrier = threading.Barrier(2)
    dealt: list[int] = []

    def meet(ids: list[int], now: datetime) -> None:
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=2)

    monkeypatch.setattr(delivery, "_withdrawers", [meet])

    def work() -> None:
        try:
            with tenant_scope(tenant), clock.at(MORNING):
                dealt.append(delivery.deliver())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(dealt)


def told(tenant: Tenant) -> Counter[int]:
    """How many notices there are of each message."""
    with tenant_scope(tenant):
        assert OutboxMessage.objects.filter(outcome="sent").count() == N_MESSAGES
        return Counter(Notice.objects.values_list("outbox_id", flat=True))


def test_of_two_deliverers_one_takes_what_waits_and_the_other_passes_over_it(
    waiting: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert two_at_once(waiting, monkeypatch) == [0, N_MESSAGES]
    assert set(told(waiting).values()) == {1}


# What a plain "read, tell, tick off" would do.
NO_LOCK = delivery._TAKE.replace("FOR UPDATE SKIP LOCKED", "")
NO_SECOND_LOOK = delivery._SEND.replace("AND done_at IS NULL AND not_before <= %(now)s", "")
NO_KEY = NO_SECOND_LOOK.replace(
    "SELECT gen_random_uuid(), %(tenant)s, due.idem_key,", "SELECT gen_random_uuid(), %(tenant)s, gen_random_uuid()::text,"
)


@pytest.mark.parametrize(("send", "n_each"), [(NO_SECOND_LOOK, 1), (NO_KEY, 2)], ids=["key alone", "neither"])
def test_without_the_lock_the_key_holds_and_without_both_people_are_told_twice(
    waiting: Tenant, monkeypatch: pytest.MonkeyPatch, send: str, n_each: int
) -> None:
    assert NO_LOCK != delivery._TAKE
    assert len({delivery._SEND, NO_SECOND_LOOK, NO_KEY}) == 3
    monkeypatch.setattr(delivery, "_TAKE", NO_LOCK)
    monkeypatch.setattr(delivery, "_SEND", send)
    assert two_at_once(waiting, monkeypatch) == [N_MESSAGES, N_MESSAGES]
    assert set(told(waiting).values()) == {n_each}


def test_many_deliverers_in_small_batches_tell_each_once(waiting: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        try:
            for _n in range(N_MESSAGES):
                with tenant_scope(waiting), clock.at(MORNING):
                    delivery.deliver(limit=3)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(told(waiting).values()) == {1}


def test_a_deliverer_that_fails_half_way_leaves_everything_as_it_was(waiting: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_SEND", delivery._SEND + "AND 1 / (outcome = 'x')::int = 1")
    with pytest.raises(Exception, match="division"), tenant_scope(waiting), clock.at(MORNING):
        delivery.deliver()
    with tenant_scope(waiting):
        assert (Notice.objects.count(), OutboxMessage.objects.filter(done_at=None).count()) == (0, N_MESSAGES)


@pytest.fixture
def always_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """People are told things at any hour: these tests run at any hour."""
    monkeypatch.setattr(hours, "within_hours", lambda now: True)
    monkeypatch.setattr(hours, "is_working_day", lambda day: True)


def test_dispatch_and_the_scheduled_task_deliver_in_every_county(waiting: Tenant, always_open: None, capsys: Any) -> None:
    other, closed = make_tenant("nanhai", "440605", "南海区"), make_tenant("shunde", "440606", "顺德区")
    for tenant in (other, closed):
        with tenant_scope(tenant):
            make_message(make_person(), not_before=MORNING)
            make_message(make_person(), not_before=datetime(2999, 1, 1, tzinfo=UTC))
    Tenant.objects.filter(pk=closed.pk).update(is_active=False)
    assert across.counties_waiting() == [waiting.pk, other.pk]
    call_command("dispatch", "--once")
    assert f"已执行 {N_MESSAGES + 1} 项任务" in capsys.readouterr().out
    assert across.counties_waiting() == []
    with tenant_scope(other):
        OutboxMessage.objects.update(not_before=MORNING)
    deliver_task()
    for tenant, n_told in ((waiting, N_MESSAGES), (other, 2), (closed, 0)):
        with tenant_scope(tenant):
            assert Notice.objects.count() == n_told


def test_a_county_that_fails_keeps_the_others_from_nothing(
    waiting: Tenant, always_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        make_message(make_person(), not_before=MORNING)
    real = across.deliver_all

    def fail_first(tenant: Tenant) -> int:
        if tenant.pk == waiting.pk:
            raise ValueError("broken")
        return real(tenant)

    monkeypatch.setattr(across, "deliver_all", fail_first)
    assert across.deliver_everywhere() == 1


def test_the_dispatcher_s_role_learns_which_county_waits_and_nothing_else(waiting: Tenant) -> None:
    for columns in ("*", "payload", "person_id", "idem_key"):
        with pytest.raises(Exception, match="permission denied"), connections["dispatch"].cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM notices_outboxmessage")
    for statement in ("UPDATE notices_outboxmessage SET done_at = now()", "SELECT * FROM notices_notice"):
        with pytest.raises(Exception, match="permission denied"), connections["dispatch"].cursor() as cursor:
            cursor.execute(statement)
