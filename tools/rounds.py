"""A round of tests, and its few failures once more: each alone, in a process of its own.

A test that fails in company and passes alone depends on what others leave behind or on the load of the machine. That is a
defect, to be mended, and is named at the end as 不稳定; but it does not refuse a change that it knows nothing of.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools import testing
from tools.places import PYTHON, ROOT

# More failures than these are no accident.
MOST = 3


def _failures(arguments: Sequence[str]) -> tuple[int, list[str] | None]:
    """Run a round: its exit code, and the node ids of what failed; None where that cannot be said or is not all."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "failed.json"
        code = testing.run("-p", "tools.pytest_failed", *arguments, told=told)
        return code, json.loads(told.read_text(encoding="utf-8")) if told.is_file() else None


def passes_alone(test: str, options: Sequence[str] = ()) -> bool:
    """Run one test by its node id in a fresh process; whether it passes. A skipped one does not count as passed."""
    print(f"== 单独再运行 {test}", flush=True)
    command = [str(PYTHON), "-m", "pytest", "-p", "tools.pytest_skips", "-p", "no:randomly", *options, test]
    environment = os.environ | {"PAIRING_FAIL_ON_SKIP": "1"}
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def run(*arguments: str, options: Sequence[str] = ()) -> tuple[int, list[str]]:
    """Run a round of tests. Its exit code, 0 also when what failed passes alone; and the names of those tests.

    ``options`` are pytest's, for the tests that are run again (``arguments`` also say which tests to run at first).
    """
    code, failed = _failures(arguments)
    if code == 0 or not failed or len(failed) > MOST:
        return code, []
    if all(passes_alone(test, options) for test in failed):
        return 0, failed
    return code, []


def words(unsteady: Sequence[str]) -> str:
    """What is said at the end of tests that failed in company and passed alone; empty when there are none."""
    if not unsteady:
        return ""
    lines = [f"不稳定 {test}" for test in unsteady]
    return "\n".join([*lines, "以上测试与其他测试一起运行时失败,单独运行时通过:它们依赖别的测试留下的东西或机器的负载,请修好。"])
