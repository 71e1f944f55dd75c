"""The product's Celery application as the drills run it: every second, at any hour, with batches that take a while.

Everything else is production's: ``celery -A tests.drills.app worker`` and ``… beat`` are its processes, tasks and settings.
"""

from __future__ import annotations

import os
import time
from datetime import date, datetime, timedelta

import django
from celery import shared_task
from celery.signals import worker_init

from config.celery import app

# A batch is held open for so long between the locks and the sending, for faults to fall into.
PAUSE_SECONDS = float(os.environ.get("DRILL_PAUSE_SECONDS", "0.3"))
app.conf.beat_schedule = {
    "plan": {"task": "tests.drills.app.plan", "schedule": 1.0},
    "messages": {"task": "notices.tasks.deliver", "schedule": 1.0},
}


@shared_task(name="tests.drills.app.plan")
def plan() -> None:
    """What the sweep does after it judged the cells, in every county in use."""
    from activities.reminders.sweep import plan_reminders
    from tenancy import clock
    from tenancy.models import Tenant
    from tenancy.scope import tenant_scope

    for tenant in Tenant.objects.filter(is_active=True):
        with tenant_scope(tenant):
            plan_reminders(tenant, clock.now())


def make_slow_and_open() -> None:
    """Send at any hour of any day: drills are run when there is time. Hours have tests of their own."""
    django.setup()
    from notices import delivery, hours

    def every_day(first: date, last: date) -> dict[date, bool]:
        return {first + timedelta(days=n): True for n in range((last - first).days + 1)}

    def linger(ids: list[int], now: datetime) -> None:
        time.sleep(PAUSE_SECONDS)

    hours.within_hours = lambda now: True
    hours.working_calendar(every_day)
    delivery.withdraw_before_sending(linger)


@worker_init.connect
def _before_work(**_given: object) -> None:
    make_slow_and_open()
