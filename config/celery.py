"""The Celery application: what wakes the sweepers and does the heavy work (docs/architecture.md, decision 8)."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("pairing_platform")
app.conf.update(settings.CELERY)
app.conf.beat_schedule = {
    # Wakes only: what is due is computed from rows, so a lost tick loses nothing.
    "heartbeat": {"task": "tenancy.tasks.beat", "schedule": 30.0},
    "jobs": {"task": "tenancy.tasks.wake_jobs", "schedule": 15.0},
    "messages": {"task": "notices.tasks.deliver", "schedule": 60.0},
    "housekeeping": {"task": "tenancy.tasks.sweep", "schedule": 3600.0},
}
# What web processes enqueue must find this application, in whatever thread they serve.
app.set_default()
app.autodiscover_tasks(["tenancy", "units", "notices", "pairing", "activities", "supervision", "assessment", "reports"])
