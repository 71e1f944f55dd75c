"""``manage.py dispatch``: do what waits, without broker or scheduler."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from tenancy import jobs, rounds
from tenancy.sweeping import beat

IDLE_SECONDS = 5.0


class Command(BaseCommand):
    """A loop kept alive by systemd or compose; any number may run side by side."""

    help = "执行等待中的任务（导入等）;--once 处理完当前任务后退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then leave")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if not options["once"]:
            self._heed_signals(stop)
        n_done = 0
        while not stop.is_set():
            try:
                n_done += self._round(stop)
            except (OperationalError, InterfaceError):
                # The database is away for a moment: that is no reason to end.
                close_old_connections()
                if options["once"]:
                    raise
            if options["once"]:
                self.stdout.write(f"已执行 {n_done} 项任务。")
                return
            stop.wait(IDLE_SECONDS)

    def _round(self, stop: threading.Event) -> int:
        close_old_connections()
        beat("dispatcher")
        jobs.reap()
        n_done, tried = 0, set[int]()
        while not stop.is_set() and (job_id := jobs.run_next()) is not None:
            n_done += 1
            if job_id in tried:
                break  # it failed a moment ago: leave its last attempt for the next round
            tried.add(job_id)
        return n_done + rounds.do_all()

    def _heed_signals(self, stop: threading.Event) -> None:
        def leave(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, leave)
