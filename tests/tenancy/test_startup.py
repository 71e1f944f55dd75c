"""Refusing to serve on a database whose walls do not stand (reliability.md §1.1)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections

from tenancy.startup import MustNotServe, _too_old, problems, refuse_open_walls

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ROOT = Path(__file__).resolve().parents[2]


def test_the_application_role_may_serve() -> None:
    assert problems() == []
    refuse_open_walls()


def test_a_wall_that_lies_down_is_refused(admin_db: Any) -> None:
    admin_db.execute("ALTER TABLE units_unit NO FORCE ROW LEVEL SECURITY")
    try:
        with pytest.raises(MustNotServe, match="units_unit"):
            refuse_open_walls()
        with pytest.raises(SystemCheckError):
            call_command("check", databases=["default"])
    finally:
        admin_db.execute("ALTER TABLE units_unit FORCE ROW LEVEL SECURITY")


def _owner_url() -> str:
    owner = connections["owner"].settings_dict
    return f"postgres://{owner['USER']}:{owner['PASSWORD']}@{owner['HOST']}:{owner['PORT']}/{owner['NAME']}"


@pytest.mark.parametrize("role", ["owner", "superuser"])
def test_the_web_server_does_not_start_as(role: str) -> None:
    url = _owner_url() if role == "owner" else os.environ["PAIRING_TEST_ADMIN_URL"]
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "拒绝启动" in done.stderr
    assert "pair_app" in done.stderr


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (150013, "PostgreSQL 15.13 有已知的安全漏洞,请升级到 15.14 或更新的版本"),
        (150014, None),
        (180000, None),
        (190000, None),
        (140022, "PostgreSQL 14.22 有已知的安全漏洞,请升级到 15.14 或更新的版本"),
        (160009, "PostgreSQL 16.9 有已知的安全漏洞,请升级到 16.10 或更新的版本"),
    ],
)
def test_a_server_without_known_repairs_is_named(version: int, told: str | None) -> None:
    assert _too_old(version) == ([told] if told else [])
