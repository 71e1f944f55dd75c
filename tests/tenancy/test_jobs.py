"""The queue: done once, whoever begins it; a dead worker's job is taken over; a hopeless one is given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from tenancy import jobs, sweeping, tasks
from tenancy.jobs import JobRefused, LeaseLost, Run, job_task
from tenancy.models import Heartbeat, Job, Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_account, make_tenant, make_unit
from units.models import Unit

pytestmark = [pytest.mark.postgres]
told: list[tuple[str, Any]] = []


@job_task()
def add_unit(run: Run) -> None:
    """Adds one unit, in the transaction that marks the job done."""
    with run.scope(last=True):
        make_unit(run.payload["name"])
        told.append(("added", run.actor.name))


def note_failure(payload: dict[str, Any], sentence: str) -> None:
    told.append(("failed", sentence))


@job_task(failed=note_failure)
def refuse(run: Run) -> None:
    raise JobRefused("文件不能读取。")


@job_task(failed=note_failure)
def crash(run: Run) -> None:
    with run.scope(last=True):
        make_unit("半途而废")
        raise RuntimeError("broken")


@job_task()
def overtaken(run: Run) -> None:
    """Another worker begins the job while this one is still at it."""
    with tenant_scope(run.tenant):
        Job.objects.filter(pk=run.job_id).update(attempts=run.attempt + 1)
    with run.scope(last=True):
        make_unit("迟到的结果")


def not_a_task(run: Run) -> None: ...


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    told.clear()
    yield
    told.clear()


@pytest.fixture
def tenant(db: None) -> Tenant:
    return make_tenant()


def queue(tenant: Tenant, task: Any, **payload: Any) -> Job:
    with tenant_scope(tenant):
        return jobs.enqueue(task, payload)


def state(tenant: Tenant, job: Job) -> tuple[str, int, str]:
    with tenant_scope(tenant):
        row = Job.objects.get(pk=job.pk)
        return row.state, row.attempts, row.problem


def n_units(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        return int(Unit.objects.count())


@pytest.mark.django_db
def test_job_is_done_once_however_often_it_is_run(tenant: Tenant) -> None:
    job = queue(tenant, add_unit, name="高州市林业局")
    assert [jobs.run(job.pk, tenant.pk) for _ in range(3)] == [True, False, False]
    assert state(tenant, job) == ("done", 1, "")
    assert n_units(tenant) == 1


@pytest.mark.django_db
def test_job_acts_in_the_name_of_whoever_asked(tenant: Tenant) -> None:
    account = make_account("jia")
    with tenant_scope(tenant):
        job = jobs.enqueue(add_unit, {"name": "甲局"}, created_by=account.pk)
    jobs.run(job.pk, tenant.pk)
    assert told == [("added", "jia")]


@pytest.mark.django_db
def test_refusal_is_kept_as_a_sentence_and_not_tried_again(tenant: Tenant) -> None:
    job = queue(tenant, refuse)
    jobs.run(job.pk, tenant.pk)
    assert state(tenant, job) == ("failed", 1, "文件不能读取。")
    assert told == [("failed", "文件不能读取。")]
    assert jobs.run(job.pk, tenant.pk) is False


@pytest.mark.django_db
def test_crash_is_tried_three_times_and_leaves_nothing(tenant: Tenant) -> None:
    job = queue(tenant, crash)
    for attempt in (1, 2, 3):
        jobs.run(job.pk, tenant.pk)
        assert state(tenant, job)[:2] == ("waiting" if attempt < 3 else "failed", attempt)
    assert state(tenant, job)[2].startswith("这项处理多次没有完成")
    assert [what for what, _ in told] == ["failed"]
    assert jobs.run(job.pk, tenant.pk) is False
    assert n_units(tenant) == 0


@pytest.mark.django_db
def test_whoever_lost_the_lease_writes_nothing(tenant: Tenant) -> None:
    job = queue(tenant, overtaken)
    assert jobs.run(job.pk, tenant.pk) is False
    assert n_units(tenant) == 0
    assert state(tenant, job)[:2] == ("running", 2)


@pytest.mark.django_db
def test_without_the_condition_the_late_result_would_be_written(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_mine", lambda run: Job.objects.filter(pk=run.job_id))
    job = queue(tenant, overtaken)
    jobs.run(job.pk, tenant.pk)
    assert n_units(tenant) == 1


@pytest.mark.django_db
def test_held_job_is_left_alone_and_an_abandoned_one_taken_over(tenant: Tenant) -> None:
    job = queue(tenant, add_unit, name="甲局")
    with tenant_scope(tenant):
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1, leased_until=timezone.now() + timedelta(minutes=1))
    assert jobs.run(job.pk, tenant.pk) is False
    with tenant_scope(tenant):
        Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(minutes=1))
    assert jobs.run(job.pk, tenant.pk) is True
    assert state(tenant, job)[:2] == ("done", 2)


@pytest.mark.django_db
def test_job_of_another_county_is_not_found(tenant: Tenant) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    job = queue(tenant, add_unit, name="甲局")
    assert jobs.run(job.pk, other.pk) is False
    assert state(tenant, job)[0] == "waiting"


@pytest.mark.django_db
def test_only_marked_functions_are_run(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        job = Job.objects.create(tenant=tenant, task="tests.tenancy.test_jobs.not_a_task")
    jobs.run(job.pk, tenant.pk)
    assert state(tenant, job)[:2] == ("waiting", 1)


@pytest.mark.django_db
def test_job_of_a_request_that_failed_never_was(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        jobs.enqueue(add_unit, {"name": "甲局"})
        transaction.set_rollback(True)
    with tenant_scope(tenant):
        assert Job.objects.count() == 0


@pytest.mark.django_db
def test_broker_that_is_away_is_asked_once_and_then_left_in_peace(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def away(**kwargs: Any) -> None:
        asked.append(kwargs["args"])
        raise ConnectionRefusedError

    monkeypatch.setattr(jobs, "_broker_away_until", 0.0)
    monkeypatch.setattr(tasks.run_job, "apply_async", away)
    jobs.wake(1, tenant.pk)
    jobs.wake(2, tenant.pk)
    assert asked == [(1, tenant.pk)]


@pytest.mark.django_db
def test_heartbeats_are_kept_up(tenant: Tenant) -> None:
    tasks.beat()
    tasks.beat()
    assert sorted(Heartbeat.objects.values_list("name", flat=True)) == ["sweeper", "worker"]


@pytest.mark.django_db
def test_a_sweep_that_fails_keeps_the_others_from_nothing(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(tenant: Tenant, now: Any) -> int:
        raise RuntimeError

    autodiscover_modules("sweeps")
    monkeypatch.setattr(sweeping, "_platform", {})
    monkeypatch.setattr(sweeping, "_county", {"broken": broken, "fine": lambda tenant, now: 1})
    assert sweeping.sweep_all(now=timezone.now()) == {"fine": 1}


@pytest.mark.django_db
def test_lease_lost_is_an_error_of_its_own(tenant: Tenant) -> None:
    job = queue(tenant, add_unit, name="甲局")
    run = Run(job.pk, tenant, {}, attempt=9, actor=SYSTEM)
    with pytest.raises(LeaseLost), run.scope(last=True):
        pass
    assert connection.needs_rollback is False
