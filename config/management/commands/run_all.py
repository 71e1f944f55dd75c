"""``manage.py run_all``: bring the database up to date, then serve everything from one process."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from config.launch.keep import write_json, write_private
from config.launch.locks import Users
from tenancy.startup import MustNotServe

LOCAL: Path = settings.BASE_DIR / ".local"
ACCOUNTS = LOCAL / "demo-accounts.json"
MIGRATED = LOCAL / "migrated"


def _migrated_for() -> str:
    """What the database was migrated with beside the migrations themselves: its place and the signing key."""
    owner = connections["owner"].settings_dict
    told = [str(owner[name]) for name in ("HOST", "PORT", "NAME")] + [settings.VERSION, settings.TENANT_KEY]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _is_migrated() -> bool:
    if not MIGRATED.is_file() or MIGRATED.read_text() != _migrated_for():
        return False
    executor = MigrationExecutor(connections["owner"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _accounts_table() -> list[str]:
    """The demonstration accounts as lines to read; none when the demonstration was not loaded."""
    try:
        accounts: list[dict[str, str]] = json.loads(ACCOUNTS.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    rows = [("县", "角色", "登录名", "密码")]
    rows += [tuple(str(one.get(name, "")) for name in ("tenant", "role", "login", "password")) for one in accounts]  # type: ignore[misc]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    return [
        "  " + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


class Command(BaseCommand):
    """Everything on one machine; for development, trials and small counties."""

    help = "Migrate, load the demonstration into an empty database, and serve web, worker and scheduler."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--prepare-only", action="store_true", help="do everything but serve")

    def handle(self, *args: Any, **options: Any) -> None:
        step = "[4/4]" if options["prepare_only"] else "[4/5]"
        self._prepare(step)
        if options["prepare_only"]:
            self._say("准备完毕:运行 make run 启动平台。")
            return
        self._say("[5/5] 启动服务")
        self._serve(options["host"], options["port"])

    def _say(self, text: str) -> None:
        """At once, also into a pipe: it is progress."""
        self.stdout.write(text)
        self.stdout.flush()

    def _prepare(self, step: str) -> None:
        if not _is_migrated():
            self._say(f"{step} 更新数据表")
            call_command("migrate", interactive=False, verbosity=0)
            write_private(MIGRATED, _migrated_for())
        if not apps.get_model("tenancy", "Tenant")._default_manager.exists():
            self._say(f"{step} 载入示例数据")
            call_command("load_demo")

    def _serve(self, host: str, port: int) -> None:
        try:
            from config.serve import Platform  # loads the whole of Celery, and asks whether the walls stand
        except MustNotServe as refusal:
            raise CommandError(str(refusal)) from None

        # A person reads this terminal: the requests are not for them, the problems are.
        logging.getLogger("django_structlog").setLevel(logging.WARNING)
        logging.getLogger("celery").setLevel(logging.WARNING)
        users = Users(LOCAL / "run.lock")
        users.join()
        try:
            platform = Platform(host, port)
        except OSError as error:
            raise CommandError(f"不能使用 {host}:{port}:请换一个端口,例如 PORT={port + 1} make run。") from error
        told = {"pid": os.getpid(), "host": host, "port": port}

        def ready() -> None:
            write_json(LOCAL / "run.json", told | {"state": "running"})
            shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
            table = _accounts_table()
            lines = [f"平台已启动: http://{shown}:{port}/"]
            lines += ["示例账号(也在 .local/demo-accounts.json):", *table] if table else []
            self._say("\n".join(["", *lines, "按 Ctrl-C 停止。"]))

        def stopping() -> None:
            write_json(LOCAL / "run.json", told | {"state": "stopping"})
            self._say("正在停止 …")

        try:
            platform.serve(ready, stopping)
        finally:
            (LOCAL / "run.json").unlink(missing_ok=True)
        self._say("已停止。")
