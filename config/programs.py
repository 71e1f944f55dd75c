"""The programs of production, each as its command line: the one place that defines them.

docker-compose.yml and deploy/systemd/ spell them out (tests/house/test_programs.py holds them equal), ``make run`` takes the
worker's flags from here, and the drills start just these.
"""

from __future__ import annotations

CELERY_APP = "config.celery"
SCHEDULE = "/tmp/schedule"  # private to the unit or the container; what is due is read from rows

WORKER = (
    *("celery", "--app", CELERY_APP, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"),
    # Workers need not know of each other, and each of these holds one more connection that can break. The remote control stays:
    # it listens all the time, and so hears at once that Redis is gone, also when every child is busy.
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)
BEAT = ("celery", "--app", CELERY_APP, "beat", "--schedule", SCHEDULE, "--pidfile=", "--loglevel", "INFO")
DISPATCHER = ("python", "manage.py", "dispatch")


def worker_options() -> dict[str, bool]:
    """What the worker does without, as the arguments of Celery's ``WorkController``."""
    return {flag[2:].replace("-", "_"): True for flag in WORKER if flag.startswith("--without-")}
