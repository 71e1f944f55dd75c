"""A server named by ``DATABASE_URL``: used as it is, or set up once when the URL is an administrator's."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import psycopg2

from config.launch import roles
from config.launch.account import Account, make_private
from config.launch.keep import read_json, write_json
from config.launch.locks import alone
from config.launch.problem import Problem

ENVIRONMENT = {
    "default": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "dispatch": "DATABASE_DISPATCH_URL",
    "pref": "DATABASE_PREF_URL",
}


def _is_administrator(url: str) -> bool:
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise Problem("连不上 DATABASE_URL 指的数据库:请确认它已启动,并检查地址、用户名和密码。") from error
    except psycopg2.ProgrammingError as error:
        raise Problem("DATABASE_URL 写得不对:请写成 postgresql://用户:密码@主机:5432/库名。") from error
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
            row = cursor.fetchone()
            return bool(row and row[0])
    finally:
        connection.close()


def given_urls(local: Path) -> dict[str, str] | None:
    """URLs by alias when ``DATABASE_URL`` is set, else None.

    With an administrator's URL (superuser or CREATEROLE) the roles and the database are made, their URLs are
    kept in ``<local>/database.json`` and put into the environment in its place: nothing of ours then works
    as administrator. With any other URL nothing is touched; migrations then need ``DATABASE_OWNER_URL``.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return None
    given = {alias: os.environ[name] for alias, name in ENVIRONMENT.items() if os.environ.get(name)}
    if "owner" in given:
        return given
    source = hashlib.sha256(url.encode()).hexdigest()
    kept = read_json(local / "database.json")
    if kept.get("source") != source or kept.get("roles") != roles.definition_digest():
        if not _is_administrator(url):
            return given
        kept = _set_up(url, source, local)
    urls: dict[str, str] = kept["urls"]
    os.environ.update({name: urls[alias] for alias, name in ENVIRONMENT.items()})
    return urls


def _set_up(url: str, source: str, local: Path) -> dict[str, str | dict[str, str]]:
    make_private(local, Account())
    with alone(local / "database.lock"):
        before = read_json(local / "database.json")
        passwords = before["passwords"] if before.get("source") == source else roles.new_passwords()
        roles.apply_roles(url, passwords)
        roles.make_database(url, roles.DATABASE)
        roles.apply_rights(url, roles.DATABASE)
        urls = roles.role_urls(url, roles.DATABASE, passwords)
        kept = {"source": source, "roles": roles.definition_digest(), "passwords": passwords, "urls": urls, **urls}
        write_json(local / "database.json", kept)
        return kept
