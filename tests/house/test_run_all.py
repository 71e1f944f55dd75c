"""One process that serves everything: started from nothing, killed hard, started again, stopped, nothing left."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Generous, for a machine that runs the other tests beside it.
START_SECONDS = 600
STOP_SECONDS = 60


@pytest.fixture
def copy() -> Iterator[Path]:
    """The project as git has it, in a folder of its own: with no data, no keys and no server yet."""
    folder = Path(tempfile.mkdtemp(prefix="pairing-"))
    folder.chmod(0o711)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if not name.startswith(("tests/", "docs/")) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    _shorten_demonstration(folder)
    yield folder
    for pid in processes(folder):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _shorten_demonstration(folder: Path) -> None:
    """Leave out the year that apps above add to it: tests/units/demo loads it whole, here it is begun and found again."""
    path = folder / "units/demo/loading.py"
    source = path.read_text(encoding="utf-8")
    assert source.count("        for addition in _additions:\n") == 1
    path.write_text(source.replace("        for addition in _additions:\n", "        for addition in ():\n"), encoding="utf-8")


def processes(folder: Path) -> list[int]:
    """Every process that was started from the folder or works in it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            inside = (entry / "cwd").readlink().is_relative_to(folder)
        except OSError:
            continue
        if inside or os.fsencode(folder) in command:
            found.append(int(entry.name))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Run:
    """One ``manage.py run_all``, as ``make run`` starts it."""

    def __init__(self, folder: Path, port: int) -> None:
        unwanted = ("DATABASE_", "PAIRING_TEST", "SECRET_KEY", "TENANT_KEY", "REDIS_URL", "HOST", "PORT")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        self.port = port
        self.output = folder / ".run.out"
        with self.output.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run_all", "--port", str(port)],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self) -> str:
        end = time.monotonic() + START_SECONDS
        while "按 Ctrl-C 停止" not in (told := self.output.read_text(encoding="utf-8")):
            assert self.process.poll() is None, told
            assert time.monotonic() < end, told
            time.sleep(0.05)
        return told

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            code: int = answer.status
            return code

    def wait_ready_answer(self) -> int:
        """``/readyz`` once the scheduler's first heartbeat is in."""
        end = time.monotonic() + 60
        while True:
            try:
                return self.status("/readyz")
            except urllib.error.HTTPError:
                assert time.monotonic() < end
                time.sleep(0.2)

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


def test_from_nothing_to_served_and_back_to_nothing(socket_enabled: None, copy: Path) -> None:
    run = Run(copy, free_port())
    told = run.wait_ready()
    assert f"http://127.0.0.1:{run.port}/" in told
    assert "Traceback" not in told
    assert (copy / ".local/demo-accounts.json").stat().st_mode & 0o077 == 0
    assert run.status("/healthz") == 200
    assert run.wait_ready_answer() == 200, "web, worker, scheduler and database work together"

    for pid in processes(copy):
        # A backend of the database may have ended by itself since it was listed.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    run.process.wait(STOP_SECONDS)

    again = Run(copy, run.port)
    told = again.wait_ready()
    assert "载入示例数据" not in told, "what was there is there"
    assert again.status("/healthz") == 200
    assert again.stop(signal.SIGTERM) == 0
    assert processes(copy) == []

    once_more = Run(copy, run.port)
    once_more.wait_ready()
    assert once_more.stop(signal.SIGINT) == 0
    assert processes(copy) == []
