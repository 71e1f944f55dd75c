"""Jobs over a real Redis and a real worker process: messages wake, and a message that is lost loses nothing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.db import connections

from config.programs import WORKER
from tenancy import jobs, tasks
from tenancy.models import Job, Tenant
from tenancy.scope import tenant_scope
from tests.tenancy.test_job_dispatch import _env, counties
from tests.tenancy.test_jobs import add_unit, n_units, queue, state

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["counties"]
SECONDS = 60.0


def _server() -> str | None:
    """The Redis server to use: the one ``make test`` found, the system's, or the wheel's."""
    return os.environ.get("PAIRING_REDIS_SERVER") or shutil.which("redis-server")


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[redis.Redis]:
    """A Redis of this test's own on loopback, keeping nothing on disk."""
    program = _server()
    if program is None:
        pytest.skip("No Redis server. Install redis-server, or name one in PAIRING_REDIS_SERVER.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(port=port)

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    _until(answers, "Redis does not answer.")
    yield client
    client.close()
    child.terminate()
    child.wait()


def _address(broker: redis.Redis) -> str:
    return f"redis://127.0.0.1:{broker.connection_pool.connection_kwargs['port']}/0"


@pytest.fixture
def worker(broker: redis.Redis) -> Iterator[Callable[[], None]]:
    """Starts one worker process, as production does, when called; ended after the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [sys.executable, "-m", *WORKER]
        # The tasks of the tests stand in a module that the worker must know.
        environment = _env() | {"REDIS_URL": _address(broker), "LOG_LEVEL": "WARNING"}
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    yield start
    for child in running:
        child.terminate()
        child.wait(timeout=30)


@pytest.fixture
def publishing(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this process sends goes to that Redis: an application keeps the broker that it first spoke to."""
    sender = Celery("sender", broker=_address(broker))

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
    broker: redis.Redis,
    publishing: None,
    worker: Callable[[], None],
) -> None:
    tenant, other = counties
    lost = queue(tenant, add_unit, name="甲局")
    assert broker.llen("celery") == 1
    broker.flushall()
    kept = queue(other, add_unit, name="乙局")
    assert broker.llen("celery") == 1

    worker()
    _until(_done(other, kept), "The worker did not take the message.")
    assert state(tenant, lost)[0] == "waiting", "nobody told the worker of this one"

    for job_id, tenant_id in jobs.waiting_jobs():
        jobs.wake(job_id, tenant_id)
    _until(_done(tenant, lost), "The waiting job was not made up for.")
    assert [n_units(tenant), n_units(other)] == [1, 1]
    with tenant_scope(tenant):
        assert Job.objects.get(pk=lost.pk).attempts == 1
