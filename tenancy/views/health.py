"""Is the process alive, and can it serve? For the proxy and the one who looks after the machine."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import Error, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from kombu import Connection

from tenancy.access import public
from tenancy.models.job import Heartbeat

# The sweeper's round is a minute; three missed rounds mean that nobody sweeps.
SWEEPER = "sweeper"
SWEEPER_SILENT = timedelta(minutes=3)


@public("says only that the process answers")
@transaction.non_atomic_requests
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing of anything else."""
    return JsonResponse({"status": "alive"})


@public("says only which part is missing, no data")
@transaction.non_atomic_requests
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served and work behind the page is done; else 503 and which part is missing."""
    checks = {"database": "ok", "broker": _broker(), "sweeper": "ok"}
    try:
        last = Heartbeat.objects.filter(name=SWEEPER).first()
        if last is None or now() - last.at > SWEEPER_SILENT:
            checks["sweeper"] = "silent"
    except Error:
        checks["database"] = checks["sweeper"] = "away"
    is_ready = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ready" if is_ready else "not_ready", "checks": checks}, status=200 if is_ready else 503)


def _broker() -> str:
    if not settings.REDIS_URL:
        return "ok"  # in the process itself
    try:
        with Connection(settings.REDIS_URL, connect_timeout=2, transport_options={"socket_timeout": 2}) as connection:
            connection.ensure_connection(max_retries=0)
    except Exception:
        # Whatever the client library raises, the answer is the same: the broker cannot be reached.
        return "away"
    return "ok"
