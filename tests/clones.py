"""Throw-away copies of the migrated database, for tests that break its schema on purpose."""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from config import local_server

LOCK = Path(__file__).resolve().parent.parent / ".local/test-template.lock"
_numbers = itertools.count(1)


@contextmanager
def cloned() -> Iterator[dict[str, str]]:
    """URLs by role (``default``, ``owner``, ``dispatch``, ``pref``, ``admin``) of a fresh copy, dropped afterwards.

    Needs ``django_db_setup``: that fixture made the template.
    """
    admin_url = local_server.ensure_test_server()
    name = f"test_clone_{os.getpid()}_{next(_numbers)}"
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        urls = local_server.test_database(name, template=os.environ["PAIRING_TEST_TEMPLATE"])
    try:
        yield {**urls, "admin": admin_url.rsplit("/", 1)[0] + f"/{name}"}
    finally:
        with closing(psycopg2.connect(admin_url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def undone(url: str) -> Iterator[Any]:
    """A cursor of a transaction that is rolled back: schema changes of PostgreSQL are transactional."""
    with closing(psycopg2.connect(url)) as connection:
        yield connection.cursor()
        connection.rollback()
