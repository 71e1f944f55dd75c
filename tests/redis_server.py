"""A Redis of a test's own: it can be stopped, silenced, emptied and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from config.launch.cluster import HOST, free_port

READY_SECONDS = 60.0


def until(condition: Callable[[], bool], what: str, seconds: float = READY_SECONDS) -> None:
    """Wait for ``condition``. Raises AssertionError with ``what``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def redis_program() -> str:
    """The Redis server to use: the one that ``make test`` and ``make drill`` found, or the system's."""
    program = os.environ.get("PAIRING_REDIS_SERVER") or shutil.which("redis-server")
    if program is None:
        # Only where somebody runs pytest by hand: `make test` and `make drill` bring a Redis, and `make check` fails on a skip.
        pytest.skip("No Redis server. Install redis-server, or name one in PAIRING_REDIS_SERVER.")
    return program


@dataclass
class Redis:
    """A broker that keeps nothing on disk, as in production."""

    folder: Path
    port: int = 0
    _child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.port = self.port or free_port()
        self._child = subprocess.Popen(
            [redis_program(), "--port", str(self.port), "--bind", HOST, "--save", "", "--appendonly", "no"],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )
        until(self._answers, "Redis does not answer.")

    def _answers(self) -> bool:
        with suppress(redis.ConnectionError), closing(redis.Redis(port=self.port)) as client:
            return bool(client.ping())
        return False

    def flush(self) -> None:
        with closing(redis.Redis(port=self.port)) as client:
            client.flushall()

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def hold(self, seconds: float) -> None:
        """It accepts connections, and answers nothing for so long."""
        assert self._child is not None
        self._child.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._child.send_signal(signal.SIGCONT)

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"
