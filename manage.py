#!/usr/bin/env python3
"""Django's command line. Starts the local PostgreSQL first when that is the one in use."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from pathlib import Path
from types import FrameType

HERE = Path(__file__).resolve().parent
# These read no data; they work where there is no database, such as while an image is built.
WITHOUT_DATABASE = {
    "",
    "help",
    "version",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "findstatic",
    "diffsettings",
}

# What PostgreSQL says of a table, column or function that the migrations would have made.
UNPREPARED = {"42P01", "42703", "42883"}


def _use_the_virtual_environment() -> None:
    """`python3 manage.py` on a machine whose own Python has no Django: go on with .venv's."""
    if importlib.util.find_spec("django") is not None:
        return
    ours = HERE / ".venv/bin/python"
    if ours.exists() and Path(sys.prefix).resolve() != (HERE / ".venv").resolve():
        os.execv(ours, [str(ours), *sys.argv])  # noqa: S606 - our own interpreter
    sys.exit("还没有安装依赖:请先在项目目录中运行 make setup。")


def _leave(number: int, frame: FrameType | None) -> None:
    # Not the default, which would end the process without its exit handlers and leave the server running.
    raise SystemExit(128 + number)


def main() -> None:
    _use_the_virtual_environment()
    from config import local_server

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    for number in (signal.SIGTERM, signal.SIGHUP):
        # nohup sets SIGHUP to be ignored: then it stays so.
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _leave)
    try:
        local_server.ensure_secrets()
        if command not in WITHOUT_DATABASE and not {"-h", "--help", "--version"} & set(sys.argv[1:3]):
            local_server.ensure_running()
    except local_server.Problem as problem:
        sys.exit(str(problem))

    from django.core.management import execute_from_command_line
    from django.db.utils import ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError as error:
        if getattr(error.__cause__, "pgcode", None) not in UNPREPARED:
            raise
        sys.exit(f"数据库还没有建好(或版本较旧):请先运行 make setup,再重新执行这条命令。\n{error}")


if __name__ == "__main__":
    main()
