"""The queue of heavy work: a row in the county's own transaction is the truth (reliability.md §2.3, 8).

    @job_task(failed=say_so)
    def read_file(run: Run) -> None: ...

    enqueue(read_file, {"batch": 7})

The broker is told the row's id after the commit, and nothing else; losing that message loses nothing, for
``dispatch`` and ``wake_jobs`` look for waiting rows. A worker holds a row by a lease that it renews; when it
dies, the lease ends and another takes over. The task's last transaction marks the row done on condition that
the lease is still its own, so work is done once however often it is begun.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import structlog
from django.db import connection, connections, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tenancy.models.job import Job
from tenancy.models.tenant import Tenant
from tenancy.scope import SYSTEM, Actor, current_tenant, tenant_scope

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=40)
RENEW_SECONDS = 10.0
MAX_ATTEMPTS = 3


class JobRefused(Exception):
    """The work cannot be done and trying again would not help; the text is a sentence for people."""


class LeaseLost(Exception):
    """Another worker has taken the job over; what this one did is rolled back."""


class Task(Protocol):
    """A function marked with ``job_task``."""

    failed: Failed | None
    __module__: str
    __qualname__: str

    def __call__(self, run: Run, /) -> None: ...


Failed = Callable[[dict[str, Any], str], None]


def job_task(*, failed: Failed | None = None) -> Callable[[Callable[[Run], None]], Task]:
    """Mark a function as one that jobs may name. ``failed(payload, sentence)`` runs in scope when it is given up."""

    def mark(function: Callable[[Run], None]) -> Task:
        function.failed = failed  # type: ignore[attr-defined]
        return function  # type: ignore[return-value]

    return mark


@dataclass(slots=True)
class Run:
    """One attempt at a job. Tasks are called outside any transaction and open ``scope()`` as they need it."""

    job_id: int
    tenant: Tenant
    payload: dict[str, Any]
    attempt: int
    actor: Actor = SYSTEM
    is_done: bool = False
    n_done: int = 0
    n_total: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is; cheap, the keeper writes it down now and then."""
        self.n_done, self.n_total = done, total

    @contextmanager
    def scope(self, *, last: bool = False) -> Iterator[None]:
        """The county's scope. ``last``: the job is marked done in this very transaction.

        Raises LeaseLost, rolling back, when another worker has taken over.
        """
        with tenant_scope(self.tenant, actor=self.actor):
            yield
            if last:
                self.finish()

    def finish(self) -> None:
        """Mark the job done, inside the scope that holds its effect."""
        done = _mine(self).update(
            state=Job.State.DONE, finished_at=Now(), leased_until=None, problem="", n_done=self.n_done, n_total=self.n_total
        )
        if not done:
            raise LeaseLost
        self.is_done = True


def _mine(run: Run) -> QuerySet[Job]:
    """The row of this run, as long as nobody else has begun another attempt at it."""
    found: QuerySet[Job] = Job.objects.filter(pk=run.job_id, state=Job.State.RUNNING, attempts=run.attempt)
    return found


def enqueue(task: Task, payload: dict[str, Any], *, created_by: int | None = None) -> Job:
    """Add a job of the county in scope, in the caller's transaction; wake a worker once that is committed."""
    tenant = current_tenant()
    job: Job = Job.objects.create(tenant=tenant, task=_path(task), payload=payload, created_by_id=created_by)
    transaction.on_commit(lambda: wake(job.pk, tenant.pk), robust=True)
    return job


def _path(task: Task) -> str:
    return f"{task.__module__}.{task.__qualname__}"


def _task(path: str) -> Task:
    """The function that a job names. Raises LookupError for anything that is not marked as a task."""
    found = import_string(path)
    if not hasattr(found, "failed"):
        raise LookupError(f"{path} is no job task. Mark it with job_task().")
    task: Task = found
    return task


# -- waking -----------------------------------------------------------------------------------
_BROKER_REST_SECONDS = 30.0
_broker_away_until = 0.0


def wake(job_id: int, tenant_id: int) -> None:
    """Tell the broker that a job waits. A broker that is away costs two seconds once, not each request."""
    global _broker_away_until
    if time.monotonic() < _broker_away_until:
        return
    from tenancy.tasks import run_job

    try:
        run_job.apply_async(args=(job_id, tenant_id), retry=False)
    except Exception as problem:
        # Whatever is wrong with the broker: the row stands, and the dispatcher finds it.
        _broker_away_until = time.monotonic() + _BROKER_REST_SECONDS
        log.warning("broker_away", kind=type(problem).__name__)


# -- running ----------------------------------------------------------------------------------
def run(job_id: int, tenant_id: int, *, actor: Actor | None = None) -> bool:
    """Do a waiting or abandoned job. False when there is nothing to do: done, or held by another.

    Safe to call any number of times, from any number of processes.
    """
    tenant = Tenant.objects.filter(pk=tenant_id, is_active=True).first()
    if tenant is None:
        return False
    with tenant_scope(tenant):
        started = _claim(job_id, tenant, actor)
    return started is not None and _do(started)


def run_next() -> int | None:
    """Take the oldest waiting job of any county and do it. Its id, or None when none waits.

    The dispatcher's role takes the lease; the work is done in the county's scope like any other.
    """
    with transaction.atomic(using="dispatch"), connections["dispatch"].cursor() as cursor:
        cursor.execute(_TAKE_ONE, [LEASE.total_seconds(), MAX_ATTEMPTS, 1])
        row = cursor.fetchone()
    if row is None:
        return None
    job_id, tenant_id, attempt = (int(value) for value in row)
    tenant = Tenant.objects.get(pk=tenant_id)
    with tenant_scope(tenant):
        started = _begun(job_id, tenant, attempt, None)
    _do(started)
    return job_id


def run_here(job: Job, *, actor: Actor | None = None) -> bool:
    """Do a job at once in this process, inside the caller's transaction: commands, tests, small files.

    Raises what the task raises, so that the caller's transaction ends with it.
    """
    started = _claim(job.pk, current_tenant(), actor)
    if started is None:
        return False
    _task(job.task)(started)
    if not started.is_done:
        started.finish()
    return True


def _free(queryset: QuerySet[Job]) -> QuerySet[Job]:
    """Jobs that nobody holds."""
    return queryset.filter(Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lt=Now()))


def _claim(job_id: int, tenant: Tenant, actor: Actor | None) -> Run | None:
    """Take the lease by one conditional update: of two workers one gets it."""
    taken = _free(Job.objects.filter(pk=job_id, attempts__lt=MAX_ATTEMPTS)).update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, leased_until=Now() + LEASE
    )
    if not taken:
        return None
    attempt: int = Job.objects.values_list("attempts", flat=True).get(pk=job_id)
    return _begun(job_id, tenant, attempt, actor)


def _begun(job_id: int, tenant: Tenant, attempt: int, actor: Actor | None) -> Run:
    job = Job.objects.select_related("created_by").get(pk=job_id)
    if actor is None:
        actor = Actor(name=job.created_by.login, account_id=job.created_by_id) if job.created_by else SYSTEM
    return Run(job.pk, tenant, job.payload, attempt, actor)


def _do(started: Run) -> bool:
    with _kept(started):
        return _attempt(started)


def _attempt(started: Run) -> bool:
    with tenant_scope(started.tenant):
        path = Job.objects.values_list("task", flat=True).get(pk=started.job_id)
    try:
        task = _task(path)
        task(started)
        if not started.is_done:
            with started.scope(last=True):
                pass
    except LeaseLost:
        log.warning("job_lease_lost", job=started.job_id)
        return False
    except JobRefused as problem:
        give_up(started.job_id, started.tenant, str(problem), attempt=started.attempt)
    except Exception:
        log.exception("job_failed", job=started.job_id, task=path, attempt=started.attempt)
        if started.attempt >= MAX_ATTEMPTS:
            give_up(started.job_id, started.tenant, _given_up(), attempt=started.attempt)
        else:
            with tenant_scope(started.tenant):
                _mine(started).update(state=Job.State.WAITING, leased_until=None)
        return False
    return True


def _given_up() -> str:
    return _("The work was begun several times and did not come to an end. Try again; if it stays so, tell the operator.")


def give_up(job_id: int, tenant: Tenant, sentence: str, *, attempt: int) -> None:
    """Mark a job failed for good, with a sentence for people, and let its task tidy up, in one transaction."""
    with tenant_scope(tenant):
        job = Job.objects.filter(pk=job_id, attempts=attempt, state=Job.State.RUNNING)
        if not job.update(state=Job.State.FAILED, problem=sentence[:300], finished_at=Now(), leased_until=None):
            return
        row = job.model.objects.get(pk=job_id)
        failed = _task(row.task).failed
        if failed is not None:
            failed(row.payload, sentence)


@contextmanager
def _kept(started: Run) -> Iterator[None]:
    """While the task works, a second thread renews the lease and writes the progress down.

    On a connection of its own: the task's may be deep in one long transaction.
    """
    keeper = threading.Thread(target=_keep, args=[started], name=f"lease-{started.job_id}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        started._stop.set()
        keeper.join(timeout=5)


def _keep(started: Run) -> None:
    written, renewed = (0, 0), time.monotonic()
    try:
        while not started._stop.wait(0.5):
            told = (started.n_done, started.n_total)
            if told == written and time.monotonic() - renewed < RENEW_SECONDS:
                continue
            with tenant_scope(started.tenant):
                if not _mine(started).update(leased_until=Now() + LEASE, n_done=told[0], n_total=told[1]):
                    return
            written, renewed = told, time.monotonic()
    except Exception:
        # The task itself will notice a database that is away; a lease not renewed only ends.
        log.warning("lease_not_renewed", job=started.job_id, exc_info=True)
    finally:
        connection.close()


# -- across counties --------------------------------------------------------------------------
_WAITING = """
    SELECT j.id, j.tenant_id FROM tenancy_job j JOIN tenancy_tenant t ON t.id = j.tenant_id
    WHERE t.is_active AND j.attempts < %s
      AND (j.state = 'waiting' OR (j.state = 'running' AND j.leased_until < now()))
    ORDER BY j.id LIMIT %s
"""
# The lock passes over rows that another dispatcher is just taking, instead of waiting for it.
_TAKE_ONE = f"""
    UPDATE tenancy_job SET state = 'running', attempts = attempts + 1, leased_until = now() + make_interval(secs => %s)
    WHERE id = (SELECT id FROM ({_WAITING} FOR UPDATE OF j SKIP LOCKED) AS waiting)
    RETURNING id, tenant_id, attempts
"""  # noqa: S608 - put together from the text above alone
_SPENT = """
    SELECT j.id, j.tenant_id, j.attempts FROM tenancy_job j
    WHERE j.state = 'running' AND j.leased_until < now() AND j.attempts >= %s ORDER BY j.id LIMIT 100
"""


def waiting_jobs(limit: int = 40) -> list[tuple[int, int]]:
    """(job, tenant) of jobs that nobody holds, in any county, oldest first.

    Read as the dispatcher's role, which sees jobs of all counties and nothing else of them.
    """
    with connections["dispatch"].cursor() as cursor:
        cursor.execute(_WAITING, [MAX_ATTEMPTS, limit])
        return [(int(job), int(tenant)) for job, tenant in cursor.fetchall()]


def reap() -> int:
    """Give up jobs whose last attempt died with its lease. Returns how many."""
    with connections["dispatch"].cursor() as cursor:
        cursor.execute(_SPENT, [MAX_ATTEMPTS])
        spent = cursor.fetchall()
    for job_id, tenant_id, attempts in spent:
        give_up(job_id, Tenant.objects.get(pk=tenant_id), _given_up(), attempt=attempts)
    return len(spent)
