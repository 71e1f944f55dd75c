"""The processes of a drill: PostgreSQL, Redis, Celery workers and beats, dispatchers; each can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from config.launch import binaries, roles
from config.launch.account import data_home, make_private, reachable, server_account
from config.launch.cluster import HOST, Cluster, free_port
from config.programs import BEAT, CELERY_APP, SCHEDULE, WORKER
from tests.redis_server import Redis, until

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Postgres:
    """A server of the drill's own, with the settings of production: what it acknowledges it must keep."""

    folder: Path
    port: int = 0
    password: str = "drill"
    passwords: dict[str, str] = field(default_factory=roles.new_passwords)
    _cluster: Cluster | None = None

    def make(self) -> None:
        account = server_account()
        make_private(self.folder, account)
        chosen = binaries.choose(os.environ.get("PAIRING_POSTGRES", ""))
        home = data_home(self.folder, account)
        self._cluster = Cluster(
            data=home / "drill", log=self.folder / "postgres.log", binaries=reachable(chosen, home, account), account=account
        )
        self._cluster.create(self.password)
        self.start()
        roles.apply_roles(self.admin, self.passwords)
        roles.make_database(self.admin, "pairing")
        roles.apply_rights(self.admin, "pairing")

    def start(self) -> None:
        assert self._cluster is not None
        self.port = self._cluster.start(self.port or free_port())

    def crash(self) -> None:
        """Immediate shutdown, as ``pg_ctl stop -m immediate``: no checkpoint, every client cut off; then start again."""
        assert self._cluster is not None
        pid = self._cluster.pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        until(lambda: self._cluster is not None and self._cluster.pid() is None, "PostgreSQL does not stop.")
        self.start()

    def stop(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()

    @property
    def admin(self) -> str:
        return f"postgresql://postgres:{self.password}@{HOST}:{self.port}/postgres"

    def urls(self) -> dict[str, str]:
        """Environment of the product's processes."""
        by_alias = roles.role_urls(self.admin, "pairing", self.passwords)
        names = {"default": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "dispatch": "DATABASE_DISPATCH_URL"}
        return {name: by_alias[alias] for alias, name in names.items()}

    def ask(self, query: str, values: Any = None) -> list[Any]:
        """A superuser's question or statement, committed."""
        with closing(psycopg2.connect(roles.with_database(self.admin, "pairing"))) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []


@dataclass
class Ground:
    """PostgreSQL and Redis, and whatever of the product runs over them."""

    folder: Path
    postgres: Postgres
    redis: Redis
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _number: int = 0

    @classmethod
    def make(cls) -> Ground:
        folder = Path(tempfile.mkdtemp(prefix="pairing-drill-"))
        folder.chmod(0o711)
        ground = cls(folder, Postgres(folder / ".local"), Redis(folder))
        try:
            ground.postgres.make()
            ground.redis.start()
            ground.run("manage.py", "migrate", "--verbosity", "0")
        except BaseException:
            ground.end()
            raise
        return ground

    def environment(self) -> dict[str, str]:
        return (
            os.environ
            | self.postgres.urls()
            | {
                "REDIS_URL": self.redis.url,
                "LOG_LEVEL": "WARNING",
                "PYTHONPATH": str(ROOT),
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "PAIRING_LOCAL_SERVER": "never",
            }
        )

    def run(self, *arguments: str) -> None:
        """A Python program of ours, to its end."""
        told = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout + told.stderr

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A Python program of ours, in a process group of its own; what it says goes to a file."""
        self._number += 1
        with (self.folder / f"{name}-{self._number}.log").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(child)
        return child

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", *self._as_in_production(WORKER))

    def beat(self) -> subprocess.Popen[bytes]:
        return self.start("beat", *self._as_in_production(BEAT))

    def _as_in_production(self, command: tuple[str, ...]) -> list[str]:
        """Production's command line, but for the application (tests/drills/app.py) and the schedule's place."""
        ours = {CELERY_APP: "tests.drills.app", SCHEDULE: str(self.folder / f"schedule-{self._number}")}
        return ["-m", *(ours.get(word, word) for word in command)]

    def dispatcher(self) -> subprocess.Popen[bytes]:
        return self.start("dispatcher", "-m", "tests.drills.dispatch")

    def kill(self, child: subprocess.Popen[bytes]) -> None:
        """``kill -9`` of a process and its children."""
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if child in self.running:
            self.running.remove(child)

    def clear(self) -> None:
        for child in list(self.running):
            self.kill(child)
        self.redis.flush()

    def end(self) -> None:
        for child in list(self.running):
            self.kill(child)
        self.redis.kill()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
