"""Jobs over a real Redis and a real worker process: messages wake, and a message that is lost loses nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.db import connections

from config.programs import WORKER
from tenancy import jobs, tasks
from tenancy.models import Job, Tenant
from tenancy.scope import tenant_scope
from tests.redis_server import Redis, until
from tests.tenancy.test_job_dispatch import _env, counties
from tests.tenancy.test_jobs import add_unit, n_units, queue, state

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["counties"]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of this test's own on loopback, keeping nothing on disk."""
    server = Redis(tmp_path)
    server.start()
    yield server
    server.kill()


def _waiting(broker: Redis) -> int:
    with closing(redis.Redis(port=broker.port)) as client:
        return int(client.llen("celery"))


@pytest.fixture
def worker(broker: Redis) -> Iterator[Callable[[], None]]:
    """Starts one worker process, as production does, when called; ended after the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [sys.executable, "-m", *WORKER]
        # The tasks of the tests stand in a module that the worker must know.
        environment = _env() | {"REDIS_URL": broker.url, "LOG_LEVEL": "WARNING"}
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    yield start
    for child in running:
        child.terminate()
        child.wait(timeout=30)


@pytest.fixture
def publishing(broker: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this process sends goes to that Redis: an application keeps the broker that it first spoke to."""
    sender = Celery("sender", broker=broker.url)

    def send(args: tuple[int, int], retry: bool) -> None:
        sender.send_task(tasks.run_job.name, args=args, retry=retry)

    monkeypatch.setattr(jobs, "_broker_away_until", 0.0)
    monkeypatch.setattr(tasks.run_job, "apply_async", send)
    yield
    sender.close()


def _done(tenant: Tenant, job: Job) -> Callable[[], bool]:
    def check() -> bool:
        connections["default"].close()
        return state(tenant, job)[0] == "done"

    return check


def test_a_message_wakes_the_worker_and_a_lost_one_is_made_up(
    socket_enabled: None,
    counties: tuple[Tenant, Tenant],
    broker: Redis,
    publishing: None,
    worker: Callable[[], None],
) -> None:
    tenant, other = counties
    lost = queue(tenant, add_unit, name="甲局")
    assert _waiting(broker) == 1
    broker.flush()
    kept = queue(other, add_unit, name="乙局")
    assert _waiting(broker) == 1

    worker()
    until(_done(other, kept), "The worker did not take the message.")
    assert state(tenant, lost)[0] == "waiting", "nobody told the worker of this one"

    for job_id, tenant_id in jobs.waiting_jobs():
        jobs.wake(job_id, tenant_id)
    until(_done(tenant, lost), "The waiting job was not made up for.")
    assert [n_units(tenant), n_units(other)] == [1, 1]
    with tenant_scope(tenant):
        assert Job.objects.get(pk=lost.pk).attempts == 1
