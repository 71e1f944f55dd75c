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
from kombu.exceptions import OperationalError
from waitress import wasyncore

from config.celery import app
from config.keeping import Kept
from config.launch.parent import Parent
from config.programs import worker_options
from config.wsgi import application

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
    """The three parts; ``serve`` returns when a signal came, ``make`` ended, or the web died.

    A worker or a scheduler that ends by itself begins anew.
    """

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
        self._beat: Any = None
        self._kept = [Kept("worker", self._begin_worker), Kept("scheduler", self._begin_beat)]

    def serve(self, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        parent = Parent() if os.environ.get("PAIRING_UNDER_MAKE") else None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup ignores the hang-up on purpose. Ctrl-C is always heard, though a shell ignores it for its background jobs.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        self._get_ready_to_work()
        for part in self._kept:
            part.start()
        self._wake_everyone()
        web = threading.Thread(target=self._web.run, name="web", daemon=True)
        web.start()
        ready()
        while not self._stop.wait(0.25):
            if parent is not None and parent.is_ending():
                break
            if not web.is_alive():
                logger.error("The web part ended by itself; stopping the others.")
                break
            for part in self._kept:
                part.look()
        stopping()
        self._end()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _get_ready_to_work(self) -> None:
        app.set_default()
        app.finalize()
        task_prerun.connect(_fresh_connections)
        task_postrun.connect(_fresh_connections)

    def _begin_worker(self) -> threading.Thread:
        # The controller without the program around it: that would take the signals and the logging.
        worker = WorkController(app=app, hostname="worker@local", pool="threads", concurrency=WORKER_THREADS, **worker_options())
        thread = threading.Thread(target=worker.start, name="worker", daemon=True)
        thread.start()
        return thread

    def _begin_beat(self) -> threading.Thread:
        # In memory: what is due is read from the database, so nothing is lost by forgetting the last tick.
        self._beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
        thread: threading.Thread = self._beat
        thread.daemon = True
        thread.name = "scheduler"
        thread.start()
        return thread

    def _wake_everyone(self) -> None:
        """Once at the start, not after a first interval: what fell due while nothing ran should not wait for it."""
        for entry in app.conf.beat_schedule.values():
            try:
                app.send_task(entry["task"], args=entry.get("args"), kwargs=entry.get("kwargs"))
            except OperationalError as problem:
                logger.warning("The broker is away (%s); the scheduler will come to it.", problem)
                return

    def _end(self) -> None:
        """Let what is under way finish, for a few seconds; what does not is repeated by design after the next start."""
        end = time.monotonic() + STOP_SECONDS
        state.should_stop = 0  # type: ignore[assignment]
        if self._beat is not None:
            self._beat.service.stop(wait=False)
        # Only the door: the server's own close() would cut off the answers that are being written.
        wasyncore.dispatcher.close(self._web)
        self._web.task_dispatcher.shutdown(timeout=end - time.monotonic())
        while time.monotonic() < end and any(channel.total_outbufs_len for channel in list(self._web.active_channels.values())):
            time.sleep(0.05)
        for part in self._kept:
            if part.thread is not None:
                part.thread.join(max(0.1, end - time.monotonic()))
