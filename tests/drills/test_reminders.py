"""Reminders under faults: real PostgreSQL, Redis, Celery workers and beats, killed and started again (reliability.md §2.5).

Run by ``make drill``; takes about nine minutes, one of them without Redis (``DRILL_REDIS_SECONDS``); ``DRILL_ONLY=Redis`` plays
only the scenarios with that in their names. In every scenario the same amount falls due while the fault happens, and afterwards
each person must have been told of each duty exactly once. What ends is not begun anew, unless the scenario says so: the
processes of production must outlive the fault by themselves.
The table of results goes to the terminal and to ``.local/drill-reminders.md``; docs/reliability.md holds a copy.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.drills.processes import ROOT, Ground
from tests.redis_server import until

pytestmark = [pytest.mark.drill]
N_PAIRINGS = 2_600
N_PEOPLE_EACH = 2  # liaison and group leader
REDIS_SECONDS = float(os.environ.get("DRILL_REDIS_SECONDS", "60"))
# Only the scenarios with this in their names.
ONLY = os.environ.get("DRILL_ONLY", "")
# How long the duties keep falling due, and in how many steps.
FEED_SECONDS, FEED_STEPS = 12.0, 24
SETTLE_SECONDS = 180.0

_FALL_DUE = """
    UPDATE activities_obligation SET state = 'missed', grace_until = current_date - 2
    WHERE id IN (SELECT id FROM activities_obligation WHERE tenant_id = %s AND state = 'open' ORDER BY id LIMIT %s)
"""
# Who was told of what, asked of the rows themselves and not of their keys: a doubled one would show.
_TOLD = """
    SELECT count(*), count(DISTINCT (person_id, pairing_uid, rule, period)) FROM notices_notice
    WHERE tenant_id = %s AND kind = 'overdue' AND level = 1
"""
# Whom it had to be, asked of posts and cells and not of the outbox.
_DUE = """
    SELECT count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM notices_notice n WHERE n.tenant_id = o.tenant_id AND n.person_id = h.person_id AND n.pairing_uid = p.uid))
    FROM activities_obligation o JOIN pairing_pairing p ON p.id = o.pairing_id
    JOIN pairing_pairingpost h ON h.pairing_id = p.id WHERE o.tenant_id = %s AND o.state = 'missed'
"""
_IN_BATCH = """
    SELECT count(*) FROM pg_stat_activity
    WHERE usename = 'pair_app' AND state = 'idle in transaction' AND query LIKE '%%notices_outboxmessage%%'
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table."""

    scenario: str
    due: int
    delivered: int
    lost: int
    doubled: int
    seconds: float

    def line(self) -> str:
        return f"| {self.scenario} | {self.due:,} | {self.delivered:,} | {self.lost} | {self.doubled} | {self.seconds:.0f} |"


@dataclass
class Drill:
    """One scenario in a county of its own."""

    ground: Ground
    number: int
    name: str
    tenant: int = 0
    _feeder: threading.Thread | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _problems: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Drill:
        ask = self.ground.postgres.ask
        # Only this drill's county is in use: the others are done.
        ask("UPDATE tenancy_tenant SET is_active = false")
        slug = f"drill-{self.number}"
        self.ground.run("-m", "tests.drills.county", slug, f"4409{self.number:02}", str(N_PAIRINGS))
        [[self.tenant]] = ask("SELECT id FROM tenancy_tenant WHERE slug = %s", [slug])
        return self

    def __exit__(self, *_problem: object) -> None:
        self._stop.set()
        if self._feeder is not None:
            self._feeder.join()
        self.ground.clear()

    def ended(self) -> list[str]:
        """Which of the processes that should run have ended by themselves."""
        return [str(child.args) for child in self.ground.running if child.poll() is not None]

    def let_fall_due(self, n: int = N_PAIRINGS) -> None:
        """The grace of so many more cells is over."""
        self.ground.postgres.ask(_FALL_DUE, [self.tenant, n])

    def feed(self) -> None:
        """Let them fall due bit by bit, from a thread; a database that is just away is asked again."""
        self._feeder = threading.Thread(target=self._feed, name=f"feed-{self.number}")
        self._feeder.start()

    def _feed(self) -> None:
        try:
            for _n in range(FEED_STEPS):
                until(self._step, "The database does not come back.")
                if self._stop.wait(FEED_SECONDS / FEED_STEPS):
                    return
        except BaseException as problem:
            self._problems.append(problem)

    def _step(self) -> bool:
        try:
            self.let_fall_due(-(-N_PAIRINGS // FEED_STEPS))
        except Exception:
            return False
        return True

    def n_told(self) -> int:
        return int(self.ground.postgres.ask(_TOLD, [self.tenant])[0][0])

    def wait_for_told(self, n: int) -> None:
        until(lambda: self.n_told() >= n, f"{n} are not told.")

    def wait_for_batch(self) -> None:
        """Until a worker holds a batch open: locks taken, nothing sent yet."""
        until(lambda: bool(self.ground.postgres.ask(_IN_BATCH)[0][0]), "No batch is open.")

    def result(self, began: float) -> Result:
        """Wait until all is told, or no more comes, and count."""
        if self._feeder is not None:
            self._feeder.join()
        assert not self._problems, self._problems
        expected = N_PAIRINGS * N_PEOPLE_EACH
        deadline = time.monotonic() + SETTLE_SECONDS
        while self.n_told() < expected and time.monotonic() < deadline:
            time.sleep(0.5)
        seconds = time.monotonic() - began
        # Whatever would be told twice has its chance: the processes go on for a while.
        time.sleep(5)
        [[n_rows, n_different]] = self.ground.postgres.ask(_TOLD, [self.tenant])
        [[n_due, n_reached]] = self.ground.postgres.ask(_DUE, [self.tenant])
        return Result(self.name, n_due, n_rows, n_due - n_reached, n_rows - n_different, seconds)


def calm(drill: Drill) -> None:
    drill.ground.worker()
    drill.ground.beat()
    drill.feed()


def workers_killed(drill: Drill) -> None:
    ground = drill.ground
    ground.beat()
    worker = ground.worker()
    drill.feed()
    for _n in range(4):
        drill.wait_for_batch()
        before = drill.n_told()
        ground.kill(worker)
        assert drill.n_told() - before <= 0, "what the killed one had begun was not told"
        worker = ground.worker()


def two_of_each(drill: Drill) -> None:
    for _n in range(2):
        drill.ground.worker()
        drill.ground.beat()
        drill.ground.dispatcher()
    drill.feed()


def flushed(drill: Drill) -> None:
    drill.ground.worker()
    drill.ground.beat()
    drill.feed()
    for _n in range(8):
        time.sleep(FEED_SECONDS / 8)
        drill.ground.redis.flush()


def redis_gone(drill: Drill) -> None:
    drill.ground.worker()
    drill.ground.beat()
    drill.feed()
    drill.wait_for_told(1)
    drill.ground.redis.kill()
    time.sleep(REDIS_SECONDS)
    drill.ground.redis.start()


def redis_gone_at_the_start(drill: Drill) -> None:
    drill.ground.redis.kill()
    drill.ground.worker()
    drill.ground.beat()
    drill.feed()
    time.sleep(20)
    drill.ground.redis.start()


def redis_comes_and_goes(drill: Drill) -> None:
    drill.ground.worker()
    drill.ground.beat()
    drill.feed()
    for n in range(3):
        # In the middle of it each time, while messages are under way.
        drill.wait_for_told(N_PAIRINGS * N_PEOPLE_EACH * n // 4 + 1)
        drill.ground.redis.kill()
        time.sleep(10)
        drill.ground.redis.start()


def redis_hangs(drill: Drill) -> None:
    drill.ground.worker()
    drill.ground.beat()
    drill.feed()
    drill.wait_for_told(1)
    drill.ground.redis.hold(20)


def postgres_crashed(drill: Drill) -> None:
    drill.ground.worker()
    drill.ground.beat()
    drill.feed()
    for _n in range(3):
        drill.wait_for_batch()
        drill.ground.postgres.crash()


def down_for_a_day(drill: Drill) -> None:
    """Half was promised before everything stopped, half fell due while nothing ran; all of it a day ago."""
    ground = drill.ground
    drill.let_fall_due(N_PAIRINGS // 2)
    ground.run("-c", "import django; django.setup(); from tests.drills.app import plan; plan()")
    ground.postgres.ask(
        "UPDATE notices_outboxmessage SET created_at = created_at - interval '26 hours',"
        " not_before = not_before - interval '26 hours'"
        " WHERE tenant_id = %s",
        [drill.tenant],
    )
    drill.let_fall_due()
    ground.postgres.ask("UPDATE activities_obligation SET grace_until = grace_until - 1 WHERE tenant_id = %s", [drill.tenant])
    ground.beat()
    ground.worker()


SCENARIOS: list[tuple[str, Callable[[Drill], None]]] = [
    ("no fault", calm),
    ("worker killed with -9 in mid-batch, four times", workers_killed),
    ("two beats, two workers, two dispatchers", two_of_each),
    ("FLUSHALL, eight times", flushed),
    (f"Redis gone for {REDIS_SECONDS:.0f} s, back empty", redis_gone),
    ("Redis gone three times for 10 s", redis_comes_and_goes),
    ("Redis gone for 20 s at the start", redis_gone_at_the_start),
    ("Redis accepts and does not answer for 20 s", redis_hangs),
    ("PostgreSQL restarted immediately in mid-batch, three times", postgres_crashed),
    ("scheduler and workers down for a day", down_for_a_day),
]


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    made = Ground.make()
    yield made
    made.end()


def test_no_reminder_is_lost_or_doubled_whatever_breaks(ground: Ground, socket_enabled: None, capfd: Any) -> None:
    results: list[Result] = []
    ended: list[str] = []
    played = [(name, play) for name, play in SCENARIOS if ONLY in name]
    for number, (name, play) in enumerate(played, start=1):
        with Drill(ground, number, name) as drill:
            began = time.monotonic()
            play(drill)
            results.append(drill.result(began))
            ended += drill.ended()
            with capfd.disabled():
                print(results[-1].line(), file=sys.stderr, flush=True)

    head = "| scenario | due | delivered | lost | doubled | seconds |\n|---|---:|---:|---:|---:|---:|\n"
    table = head + "\n".join(result.line() for result in results) + "\n"
    (ROOT / ".local/drill-reminders.md").write_text(table, encoding="utf-8")
    with capfd.disabled():
        print(f"\n{table}", file=sys.stderr, flush=True)
    n_due = N_PAIRINGS * N_PEOPLE_EACH
    assert n_due >= 5_000
    assert [(r.scenario, r.due, r.delivered, r.lost, r.doubled) for r in results] == [
        (name, n_due, n_due, 0, 0) for name, _play in played
    ]
    assert ended == []
