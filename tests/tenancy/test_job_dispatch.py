"""The queue with committed rows: the dispatcher's role, a worker that dies, a lease that is renewed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from tenancy import jobs, tasks
from tenancy.jobs import Run, job_task
from tenancy.models import Heartbeat, Job, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_tenant, make_unit
from tests.live import wipe
from tests.tenancy.test_jobs import add_unit, n_units, queue, refuse, state, told

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.postgres]


@job_task()
def slow(run: Run) -> None:
    """Two units; stops for ever after the first when told to, for a test that kills it there."""
    with run.scope(last=True):
        make_unit("第一局")
        if os.environ.get("STOP_HALF_WAY"):
            sys.stdout.write("half\n")
            sys.stdout.flush()
            time.sleep(60)
        make_unit("第二局")


@job_task()
def watched(run: Run) -> None:
    run.progress(7, 20)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with tenant_scope(run.tenant):
            row = Job.objects.get(pk=run.job_id)
        if row.n_done:
            told.append(("progress", (row.n_done, row.n_total)))
            return
        time.sleep(0.1)


CHILD = textwrap.dedent(
    """
    import sys, django
    django.setup()
    from tenancy import jobs
    jobs.run(int(sys.argv[1]), int(sys.argv[2]))
    """
)


def _env() -> dict[str, str]:
    """The environment of a child that works on this test's database."""
    urls = {}
    for alias, name in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL"), ("dispatch", "DATABASE_DISPATCH_URL")):
        given = connections[alias].settings_dict
        urls[name] = (
            f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST'].replace('/', '%2F')}:{given['PORT']}/{given['NAME']}"
        )
    return os.environ | urls | {"DJANGO_SETTINGS_MODULE": "config.settings", "STOP_HALF_WAY": "1", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def counties(migrated_tables: frozenset[str], django_db_blocker: Any) -> Iterator[tuple[Tenant, Tenant]]:
    """Two counties whose rows are committed, so that other connections see them; wiped afterwards."""
    told.clear()
    with django_db_blocker.unblock():
        try:
            yield make_tenant(), make_tenant("nanhai", "440605", "南海区")
        finally:
            connections.close_all()
            wipe(migrated_tables)


def test_dispatch_does_what_waits_in_every_county(counties: tuple[Tenant, Tenant], capsys: Any) -> None:
    work = [(tenant, queue(tenant, add_unit, name="甲局")) for tenant in counties]
    assert len(jobs.waiting_jobs()) == 2
    call_command("dispatch", "--once")
    assert "已执行 2 项任务" in capsys.readouterr().out
    assert [state(tenant, job)[:2] for tenant, job in work] == [("done", 1)] * 2
    assert [n_units(tenant) for tenant in counties] == [1, 1]
    assert jobs.waiting_jobs() == []
    assert Heartbeat.objects.filter(name="dispatcher").count() == 1


def test_dispatchers_role_sees_jobs_and_nothing_else(counties: tuple[Tenant, Tenant]) -> None:
    queue(counties[0], add_unit, name="甲局")
    for statement in ("SELECT * FROM units_unit", "DELETE FROM tenancy_job", "SELECT * FROM tenancy_grant"):
        with pytest.raises(Exception, match="permission denied"), connections["dispatch"].cursor() as cursor:
            cursor.execute(statement)


def test_job_that_died_three_times_is_given_up_by_the_sweep(counties: tuple[Tenant, Tenant]) -> None:
    tenant = counties[0]
    job = queue(tenant, refuse)
    with tenant_scope(tenant):
        Job.objects.filter(pk=job.pk).update(state="running", attempts=3, leased_until=timezone.now() - timedelta(1))
    assert jobs.run_next() is None
    assert jobs.reap() == 1
    assert state(tenant, job)[0] == "failed"
    assert told[0][1].startswith("这项处理多次没有完成")


def test_wake_asks_for_each_waiting_job(counties: tuple[Tenant, Tenant], monkeypatch: pytest.MonkeyPatch) -> None:
    work = [(queue(tenant, add_unit, name="甲局").pk, tenant.pk) for tenant in counties]
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(jobs, "wake", lambda job, tenant: asked.append((job, tenant)))
    tasks.wake_jobs()
    assert asked == work


def test_worker_killed_in_the_middle_leaves_nothing_and_the_next_does_it_once(counties: tuple[Tenant, Tenant]) -> None:
    tenant = counties[0]
    job = queue(tenant, slow)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(job.pk), str(tenant.pk)], cwd=ROOT, stdout=subprocess.PIPE, env=_env()
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"half\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert n_units(tenant) == 0, "what it had written went with its transaction"
    assert state(tenant, job)[:2] == ("running", 1)
    assert jobs.run(job.pk, tenant.pk) is False, "its lease still holds"
    with tenant_scope(tenant):
        Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    call_command("dispatch", "--once", verbosity=0)
    assert state(tenant, job)[:2] == ("done", 2)
    assert n_units(tenant) == 2


def test_lease_and_progress_are_renewed_while_the_task_works(
    counties: tuple[Tenant, Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = counties[0]
    job = queue(tenant, watched)
    jobs.run(job.pk, tenant.pk)
    seen = dict(told)
    assert seen["progress"] == (7, 20)
