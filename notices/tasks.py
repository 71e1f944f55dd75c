"""Doors that Celery opens."""

from __future__ import annotations

from celery import shared_task

from notices.counties import deliver_everywhere


@shared_task(acks_late=True)
def deliver() -> None:
    """Send what is due in every county. May run at any number of places at once."""
    deliver_everywhere()
