"""Refusing to serve on a database whose walls do not stand (reliability.md §1.1).

A web server that connects as a superuser or as the owner works without a fault, and shows every county to
everybody. So it is asked before the first request is answered, and the answer is one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from tenancy.lint import OWNER, findings

_ROLE = """
    SELECT r.rolname, r.rolsuper, r.rolbypassrls,
           EXISTS (SELECT FROM pg_roles o WHERE o.rolname = %(owner)s AND pg_has_role(r.oid, o.oid, 'MEMBER')),
           EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) OR EXISTS (SELECT FROM pg_proc p WHERE p.proowner = r.oid)
    FROM pg_roles r WHERE r.rolname = current_user
"""
# The first minor releases that have the repairs of row-level security and of pg_dump (CVE-2024-10976, CVE-2025-8713).
OLDEST = {15: 14, 16: 10, 17: 6, 18: 0}


class MustNotServe(RuntimeError):
    """The walls do not stand; the text says what is wrong and what to do."""


def problems(alias: str = "default") -> list[str]:
    """What is wrong with the role that the application connects as, and with the walls. Empty: it may serve."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_ROLE, {"owner": OWNER})
        name, is_super, bypasses, owns_by_role, owns = cursor.fetchone()
        if is_super or bypasses:
            return [f"数据库角色 {name} 不受行级安全约束,请把 DATABASE_URL 改为 pair_app 角色"]
        if owns_by_role or owns:
            return [f"数据库角色 {name} 拥有数据表或函数,请把 DATABASE_URL 改为 pair_app 角色"]
        return [*_too_old(cursor.connection.server_version), *(str(finding) for finding in findings(cursor))]


def _too_old(version: int) -> list[str]:
    """A sentence when the server (150018 for 15.18) lacks known repairs; a major release that is not listed is newer."""
    major, minor = divmod(version, 10_000)
    if major < min(OLDEST) or minor < OLDEST.get(major, 0):
        wanted = OLDEST.get(major)
        advice = f"{major}.{wanted}" if wanted is not None else f"{min(OLDEST)}.{OLDEST[min(OLDEST)]}"
        return [f"PostgreSQL {major}.{minor} 有已知的安全漏洞,请升级到 {advice} 或更新的版本"]
    return []


def refuse_open_walls(alias: str = "default") -> None:
    """Raise MustNotServe with one sentence unless the walls stand."""
    found = problems(alias)
    if found:
        more = f"(另有 {len(found) - 1} 处,运行 manage.py lint_schema 查看)" if len(found) > 1 else ""
        raise MustNotServe(f"拒绝启动,否则各县数据不能隔离:{found[0]}{more}。")


@register(Tags.database)
def walls_stand(
    *, app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """``manage.py check --database default``."""
    if "default" not in (databases or []):
        return []
    return [Error(problem, id="tenancy.E001") for problem in problems()]
