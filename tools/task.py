"""What stands behind ``make``: each target is one function here.

Runs under the machine's own Python with nothing installed, until it hands over to ``.venv``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from config.launch.problem import Problem
from tools import address, environment
from tools.places import PYTHON, ROOT

CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"


class Steps:
    """Numbered lines of progress: ``[2/5] 安装依赖``."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.at = 0

    def next(self, text: str) -> None:
        self.at += 1
        self.say(text)

    def say(self, text: str) -> None:
        print(f"[{self.at}/{self.total}] {text}", flush=True)


def _hand_over(*arguments: str) -> NoReturn:
    """Become the program: signals then reach it and its exit code is ours."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])


def _python(*arguments: str) -> int:
    """Run one program of the environment; its exit code. Ctrl-C and SIGTERM are for it to handle: we await its end."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        # The terminal tells Ctrl-C to both of us; SIGTERM came to us alone.
        if number == signal.SIGTERM:
            process.terminate()

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    with subprocess.Popen([PYTHON, *arguments], cwd=ROOT) as process:
        code = process.wait()
    for number, handler in before.items():
        signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _compile_messages() -> None:
    """The .mo files are not committed; make them when the catalogue is newer."""
    compiled = CATALOGUE.with_suffix(".mo")
    if CATALOGUE.exists() and (not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime):
        code = _python("tools/messages.py", "compile")
        if code:
            raise Problem("编译界面文字失败:请查看上面的原因。")


def setup() -> None:
    steps = Steps(4)
    steps.next("检查环境")
    steps.next("检查依赖")
    environment.ensure("run", steps.say)
    steps.next("启动数据库")
    _compile_messages()
    _hand_over("manage.py", "run_all", "--prepare-only")


def env() -> None:
    """Only the packages: where the database is another machine's business."""
    environment.ensure("run", print)


def run() -> None:
    steps = Steps(5)
    steps.next("检查环境")
    place = address.asked_for()
    address.ensure_free(place)
    steps.next("检查依赖")
    environment.ensure("run", steps.say)
    steps.next("启动数据库")
    _compile_messages()
    os.environ["PAIRING_UNDER_MAKE"] = "1"
    _hand_over("manage.py", "run_all", "--host", place.host, "--port", str(place.port))


def test() -> None:
    steps = Steps(2)
    steps.next("检查依赖")
    environment.ensure("dev", steps.say)
    steps.next("准备浏览器与 Redis,然后运行测试")
    _compile_messages()
    _hand_over("-m", "tools.testing", "-m", "not drill", *os.environ.get("ARGS", "").split())


def check() -> None:
    steps = Steps(2)
    steps.next("检查依赖")
    environment.ensure("dev", steps.say)
    steps.next("运行全部检查")
    _compile_messages()
    _hand_over("-m", "tools.checks")


def fmt() -> None:
    environment.ensure("dev", print)
    codes = [_python("-m", "ruff", "check", "--fix-only", "--quiet", "."), _python("-m", "ruff", "format", ".")]
    templates = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))]
    if templates:
        codes.append(subprocess.run([ROOT / ".venv/bin/djade", *templates], cwd=ROOT, check=False).returncode)
    # djade exits with 1 when it has rewritten something, which is what it is here for.
    sys.exit(max(codes[:2]))


def messages() -> None:
    environment.ensure("dev", print)
    for step in ("collect", "compile"):
        if code := _python("tools/messages.py", step):
            sys.exit(code)
    _hand_over("tools/messages.py", "missing")


def bench() -> None:
    environment.ensure("dev", print)
    _hand_over("-m", "bench", *os.environ.get("ARGS", "").split())


def drill() -> None:
    """The slow rehearsals: backup and restore, and what stands under the marker beside it."""
    environment.ensure("dev", print)
    _compile_messages()
    _hand_over("-m", "tools.testing", "-m", "drill", *os.environ.get("ARGS", "").split())


def lock() -> None:
    environment.ensure("dev", print)
    os.execvp("sh", ["sh", "tools/lock.sh"])


TASKS: dict[str, Callable[[], None]] = {
    task.__name__: task for task in (setup, env, run, test, check, fmt, messages, bench, drill, lock)
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TASKS:
        sys.exit(f"没有叫“{name}”的任务:请用 make {'、make '.join(TASKS)} 之一。")
    os.chdir(ROOT)
    try:
        TASKS[name]()
    except Problem as problem:
        sys.exit(f"无法继续:{problem}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
