"""gunicorn: how the web runs in production. Numbers for two cores; see deploy/README.md."""

from __future__ import annotations

import os

bind = os.environ.get("BIND", "0.0.0.0:8000")  # in a container only the proxy's network reaches it
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "3"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Longer than the database's statement_timeout, so the database gives up first and says why.
timeout = 60
graceful_timeout = 30
# A little longer than the proxy keeps its connections.
keepalive = 75
max_requests = 5000
max_requests_jitter = 500
# Not the disk: a slow one would make a living worker look dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a folder of the kernel's, names are gunicorn's own
accesslog = None
errorlog = "-"
# The proxy overwrites the X-Forwarded headers; the settings decide how many of them to believe.
forwarded_allow_ips = "*"
