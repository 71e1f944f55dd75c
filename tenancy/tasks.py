"""Doors that Celery opens: load, one action, done. Each may be knocked at any number of times."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from tenancy import jobs, sweeping


@shared_task(acks_late=True)
def run_job(job_id: int, tenant_id: int) -> None:
    """Do one job, unless it is done or another worker holds it."""
    jobs.run(job_id, tenant_id)


@shared_task
def wake_jobs() -> None:
    """Wake a worker for each job that waits: its own message may have been lost."""
    jobs.reap()
    for job_id, tenant_id in jobs.waiting_jobs():
        jobs.wake(job_id, tenant_id)


@shared_task
def sweep() -> None:
    """Housekeeping."""
    sweeping.sweep_all(now=timezone.now())


@shared_task
def beat() -> None:
    """The scheduler sent this and a worker does it: both are alive."""
    sweeping.beat("sweeper", "worker")
