"""Roles, passwords and database on a server that we administer; the SQL is in ``config/sql``."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

SQL = Path(__file__).resolve().parent.parent / "sql"
DATABASE = "pairing"
# Alias in database.json → role that signs in.
SIGN_IN = {
    "default": "pair_app",
    "owner": "pair_owner",
    "dispatch": "pair_dispatch",
    "pref": "pair_pref",
    "backup": "pair_backup",
}


def definition_digest() -> str:
    """Changes when the definition of roles or rights does; then it is applied again."""
    texts = [(SQL / name).read_bytes() for name in ("roles.sql", "database.sql")]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def new_passwords() -> dict[str, str]:
    return {role: secrets.token_urlsafe(24) for role in SIGN_IN.values()}


def with_database(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/" + quote(database, safe="")))


def with_role(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role, safe='')}:{quote(password, safe='')}@{place}"))


def role_urls(admin_url: str, database: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """A URL per alias for one database, and ``admin`` for it too."""
    here = with_database(admin_url, database)
    urls = {alias: with_role(here, role, passwords[role]) for alias, role in SIGN_IN.items()}
    return urls | {"admin": here}


def _run(url: str, *statements: str | sql.Composable) -> None:
    connection = psycopg2.connect(url, connect_timeout=10)
    try:
        connection.autocommit = True  # CREATE DATABASE refuses a transaction
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def apply_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Create or mend the roles of the whole server and set their passwords."""
    change = (
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
        for role, password in passwords.items()
        if role != "pair_backup"
    )
    # Missing where the administrator was not allowed to make it (roles.sql).
    backup = sql.SQL(
        "DO $$BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pair_backup')"
        " THEN ALTER ROLE pair_backup PASSWORD {}; END IF; END$$"
    ).format(sql.Literal(passwords["pair_backup"]))
    _run(admin_url, (SQL / "roles.sql").read_text(encoding="utf-8"), *change, backup)


def apply_rights(admin_url: str, database: str) -> None:
    """Owner, schemas and rights of one database that exists."""
    _run(with_database(admin_url, database), (SQL / "database.sql").read_text(encoding="utf-8"))


def make_database(admin_url: str, database: str, *, template: str = "template0") -> bool:
    """Create the database unless it is there; whether it was created. Rights are copied from a template, not made."""
    connection = psycopg2.connect(admin_url, connect_timeout=10)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if cursor.fetchone():
                return False
            # Sorting is ours (pinyin keys); "C" is the one locale that every server has.
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'").format(
                    sql.Identifier(database), sql.Identifier(template)
                )
            )
            return True
    finally:
        connection.close()
