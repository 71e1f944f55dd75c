"""Run the tests, as ``make test`` does: ``python -m tools.testing [pytest's arguments]``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config import local_server
from tools import helpers
from tools.places import PYTHON, ROOT


def workers() -> str:
    """Half as many again as there are cores: a browser test waits more than it computes."""
    return str(max(2, (os.cpu_count() or 2) * 3 // 2))


def command(*arguments: str) -> list[str]:
    plugins = ["-p", "tools.pytest_skips", "-p", "tools.pytest_order"]
    # Neighbours stay in one process, which builds what they share once; who has nothing left takes over half of another's.
    return [str(PYTHON), "-m", "pytest", *plugins, "-n", workers(), "--dist", "worksteal", *arguments]


def run(*arguments: str, told: Path | None = None) -> int:
    """Run pytest and wait for it; its exit code. ``told``: where tools.pytest_failed writes what failed."""
    local_server.ensure_secrets()
    environment = os.environ | ({"PAIRING_FAILED_LIST": str(told)} if told else {})
    sys.stdout.flush()
    return subprocess.run(command(*arguments), cwd=ROOT, env=environment, check=False).returncode


def main() -> None:
    # pytest-django reads the settings before any fixture could make the two keys that they want.
    local_server.ensure_secrets()
    helpers.export()
    sys.stdout.flush()
    # Its last lines are ours, and Ctrl-C reaches it.
    os.execv(PYTHON, command(*sys.argv[1:]))


if __name__ == "__main__":
    main()
