"""Web, worker and scheduler in one process, for one machine: what ``make run`` ends in.

In production each is a process of its own (docker-compose.yml, deploy/); the code they run is the same.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress
from celery.beat import EmbeddedService
from celery.signals import task_postrun, task_prerun
from celery.worker import WorkController, state
from django.db import close_old_connections
from waitress import wasyncore

from config.celery import app
from config.launch.parent import Parent
from config.wsgi import application

WEB = "web"
WEB_THREADS = 8
WORKER_THREADS = 2
STOP_SECONDS = 8

logger = logging.getLogger(__name__)


def _fresh_connections(**_: Any) -> None:
    """Drop connections that are too old or broken: a worker in a thread has no request to do it for it."""
    close_old_connections()


def _listen(host: str, port: int) -> socket.socket:
    """One socket, also for a name with several addresses: then the server is one object too, which _end relies on."""
    family, kind, protocol, _name, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    door = socket.socket(family, kind, protocol)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(place)
    except OSError:
        door.close()
        raise
    return door


class Platform:
    """The three parts; ``serve`` returns when a signal came, ``make`` ended, or one of them died."""

    def __init__(self, host: str, port: int) -> None:
        self._stop = threading.Event()
        self._web = waitress.create_server(
            application,
            # Bound at once, so a taken address is known before anything else starts.
            sockets=[_listen(host, port)],
            threads=WEB_THREADS,
            ident="",
            # Photos come over slow lines; what stands in front in production has limits of its own.
            channel_timeout=300,
            max_request_body_size=64 * 1024 * 1024,
        )
        self._worker: Any = None
        self._beat: Any = None
        self._threads: list[threading.Thread] = []

    def serve(self, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        parent = Parent() if os.environ.get("PAIRING_UNDER_MAKE") else None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup ignores the hang-up on purpose. Ctrl-C is always heard, though a shell ignores it for its background jobs.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        self._start_worker()
        self._start_beat()
        self._begin(WEB, self._web.run)
        ready()
        while not self._stop.wait(0.25):
            if parent is not None and parent.is_ending():
                break
            dead = next((thread.name for thread in self._threads if not thread.is_alive()), None)
            if dead:
                logger.error("The %s part ended by itself; stopping the others.", dead)
                break
        stopping()
        self._end()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _start_worker(self) -> None:
        app.set_default()
        app.finalize()
        task_prerun.connect(_fresh_connections)
        task_postrun.connect(_fresh_connections)
        # The controller without the program around it: that would take the signals and the logging.
        self._worker = WorkController(
            app=app,
            hostname="worker@local",
            pool="threads",
            concurrency=WORKER_THREADS,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._begin("worker", self._worker.start)

    def _start_beat(self) -> None:
        # In memory: what is due is read from the database, so nothing is lost by forgetting the last tick.
        self._beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
        self._beat.daemon = True
        self._beat.name = "scheduler"
        self._beat.start()
        self._threads.append(self._beat)
        # Once at the start, not after a first interval: what fell due while nothing ran should not wait for it.
        for entry in app.conf.beat_schedule.values():
            app.send_task(entry["task"], args=entry.get("args"), kwargs=entry.get("kwargs"))

    def _end(self) -> None:
        """Let what is under way finish, for a few seconds; what does not is repeated by design after the next start."""
        end = time.monotonic() + STOP_SECONDS
        state.should_stop = 0  # type: ignore[assignment]
        self._beat.service.stop(wait=False)
        # Only the door: the server's own close() would cut off the answers that are being written.
        wasyncore.dispatcher.close(self._web)
        self._web.task_dispatcher.shutdown(timeout=end - time.monotonic())
        while time.monotonic() < end and any(channel.total_outbufs_len for channel in list(self._web.active_channels.values())):
            time.sleep(0.05)
        for thread in self._threads:
            if thread.name != WEB:  # it ends with the process
                thread.join(max(0.1, end - time.monotonic()))
