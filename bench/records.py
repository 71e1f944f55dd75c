"""What writing a record costs, and that no cell is counted wrongly when many write at once."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench.figure import Figure, by_processor, costs, interleaved
from bench.filled import TODAY, application, backends, country


def _tenant(pk: int) -> Any:
    from tenancy.models import Tenant

    return Tenant.objects.get(pk=pk)


def _writer(tenant: Any, *, n: int) -> Callable[[], None]:
    """Submits ``n`` records through the application's own action, each in its own transaction as a request does."""
    from activities.actions.facts import RecordFacts
    from activities.actions.records import write_record
    from activities.hands import system_hand
    from pairing.models import Pairing
    from tenancy import clock
    from tenancy.scope import tenant_scope

    with tenant_scope(tenant):
        pairings = list(Pairing.objects.select_related("unit", "village", "programme").order_by("id"))
    # By turns, as people write: the judgement reads a month of one pairing, which in life holds some eight records.
    hand, turns = system_hand("unit"), iter(range(10**6))

    def write() -> None:
        for _ in range(n):
            turn = next(turns)
            pairing, day = pairings[turn % len(pairings)], date(2025, 10, 13) + timedelta(days=turn % 29)
            with tenant_scope(tenant), clock.at(TODAY):
                facts = RecordFacts(type="reception", occurred_on=day, pairings=(pairing,), text=uuid.uuid4().hex)
                write_record(facts=facts, hand=hand, is_another=True)

    return write


def _bare(tenant: Any, *, n: int, connection: Any = None) -> Callable[[], None]:
    """The same number of prepared single INSERTs of a whole record's row, a transaction each."""
    from tenancy.scope import tenant_scope, tenant_token

    columns, source = _columns()
    connection = connection or application()
    cursor = connection.cursor()
    with tenant_scope(tenant):
        from activities.models import Record

        like = Record.objects.order_by("id").values_list("pk", flat=True)[0]
    cursor.execute(
        f"PREPARE bare (bigint) AS INSERT INTO activities_record ({columns}) SELECT {source} FROM activities_record WHERE id = $1"
    )
    connection.commit()

    def insert() -> None:
        for _ in range(n):
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [tenant_token(tenant.pk)])
            cursor.execute("EXECUTE bare (%s)", [like])
            connection.commit()

    return insert


def _columns() -> tuple[str, str]:
    from activities.models import Record

    names = [field.column for field in Record._meta.concrete_fields if field.column not in ("id", "uid")]
    return "uid, " + ", ".join(names), "gen_random_uuid(), " + ", ".join(names)


def _together(works: list[Callable[[], None]]) -> Callable[[], None]:
    def run() -> None:
        from django.db import connection

        def one(work: Callable[[], None]) -> None:
            work()
            connection.close()

        threads = [threading.Thread(target=one, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return run


def figures(scale: str) -> list[Figure]:
    """``record_write`` with one and two clients, ``cell_race`` with the careless form beside it."""
    tenants = country(scale)
    one, two = _tenant(tenants[0]), _tenant(tenants[1])
    n = 60
    _writer(one, n=10)()
    app = application()
    ours, bare = costs(_writer(one, n=n), _bare(one, n=n, connection=app), rounds=9, backends=backends(app))
    ours_two, bare_two = interleaved(
        _together([_writer(one, n=n), _writer(two, n=n)]), _together([_bare(one, n=n), _bare(two, n=n)]), rounds=5
    )
    return [
        Figure(
            "record_write",
            ours.wall / bare.wall,
            3.0,
            f"{ours.wall / n * 1000:.2f} ms ÷ {bare.wall / n * 1000:.2f} ms, 1 client{by_processor(ours, bare)}",
        ),
        Figure(
            "record_write_2",
            ours_two / bare_two,
            3.0,
            f"{ours_two / n / 2 * 1000:.2f} ms ÷ {bare_two / n / 2 * 1000:.2f} ms, 2 clients",
        ),
        *_races(two),
    ]


def _races(tenant: Any) -> list[Figure]:
    careful = sum(_race(tenant, week, _counted) for week in range(20))
    written = sum(_race(tenant, week, _written) for week in range(20))
    careless = sum(_race(tenant, week, _careless) for week in range(20))
    return [
        Figure("cell_race", float(careful), 0.0, "wrong cells after 20 runs of 8 clients", is_exact=True),
        Figure("cell_race_written", float(written), 0.0, "the same through the action that writes records", is_exact=True),
        # This one must go wrong, or the race is no race: the figure is met when it does.
        Figure("cell_race_naive_seen", 0.0 if careless else 1.0, 0.0, f"without the lock: {careless} of 20 wrong"),
    ]


def _race(tenant: Any, run: int, work: Callable[[int, Any, date, threading.Barrier], None]) -> int:
    """1 when the cell is wrong after 8 clients wrote into one week of one pairing at once."""
    from activities import obligations
    from activities.models import Obligation
    from tenancy import clock
    from tenancy.scope import tenant_scope

    # Of months that are still open, another cell each time.
    day = date(2025, 10, 6) + timedelta(weeks=run % 5)
    with tenant_scope(tenant):
        cells = Obligation.objects.filter(rule__code="reception", starts_on=day, pairing__isnull=False).order_by("pairing_id")
        first = cells[run // 5]
    gate = threading.Barrier(8)

    def client() -> None:
        from django.db import connection

        from pairing.models import Pairing

        try:
            with tenant_scope(tenant), clock.at(TODAY):
                pairing = Pairing.objects.select_related("unit", "village", "programme").get(pk=first.pairing_id)
                work(first.pk, pairing, day, gate)
        finally:
            connection.close()

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(tenant), clock.at(TODAY):
        kept = Obligation.objects.get(pk=first.pk)
        obligations.refresh()
        true = Obligation.objects.get(pk=first.pk)
    return int((kept.counted, kept.waiting, kept.state) != (true.counted, true.waiting, true.state))


def _written(cell: int, pairing: Any, day: date, gate: threading.Barrier) -> None:
    """The application's own action, which judges in the trip that writes; the audit chain lets one in at a time."""
    from activities.actions.facts import RecordFacts
    from activities.actions.records import write_record
    from activities.hands import system_hand

    facts = RecordFacts(type="reception", occurred_on=day, pairings=(pairing,), text=uuid.uuid4().hex)
    gate.wait()
    write_record(facts=facts, hand=system_hand("unit"), is_another=True)


def _counted(cell: int, pairing: Any, day: date, gate: threading.Barrier) -> None:
    """Judging alone, without the chain: its own locks must do."""
    from activities.obligations import Touched, recount

    _store(pairing, day, gate)
    recount(Touched(pairing.programme_id, (pairing.pk,), ("reception",), (day,)))


def _careless(cell: int, pairing: Any, day: date, gate: threading.Barrier) -> None:
    """What not to do: recount in one UPDATE with a sub-select, no lock before."""
    from django.db import connection

    _store(pairing, day, gate)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_obligation SET counted = (SELECT count(DISTINCT record_id) FROM activities_share s"
            " WHERE s.pairing_id = %s AND s.type = 'reception' AND s.status = 'confirmed'"
            " AND s.counts_on BETWEEN %s AND %s) WHERE id = %s",
            [pairing.pk, day, day + timedelta(days=6), cell],
        )
    time.sleep(0.001)


def _store(pairing: Any, day: date, gate: threading.Barrier) -> None:
    """A confirmed record's rows, past the actions, all clients at once."""
    from activities.models import Record, Share

    record = Record.objects.order_by("id").first()
    assert record is not None
    record.pk, record.uid, record._state.adding = None, uuid.uuid4(), True
    record.save()
    share = Share(
        tenant=pairing.tenant, record=record, pairing=pairing, programme_id=pairing.programme_id, type="reception",
        counts_on=day, submitted_on=day, status="confirmed", village_id=pairing.village_id,
    )  # fmt: skip
    gate.wait()
    share.save()
