"""A web server on loopback over the test database, for tests with a browser or with several clients at once.

Its threads have connections of their own, so what a test writes is committed, and wiped after the test by a
superuser: the application itself may delete neither grants nor the audit chain.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlencode

import psycopg2
import pytest
import waitress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from psycopg2 import sql

from tenancy.models import Account
from tenancy.sessions import SEEN, STARTED, TOKEN_MARK, SessionStore
from tests.factories import PASSWORD

THREADS = 4
BACKEND = "tenancy.backends.AccountBackend"


def session_key(account: Account, *, is_token: bool = False) -> str:
    """The key of a new session of ``account``, made without a password: hashing one takes 0.2 s.

    ``is_token``: as ``Authorization: Bearer <key>`` for the API.
    """
    now = int(time.time())
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[STARTED] = now
    # Seen some hours from now: however long a file of tests takes, its sessions have not lain idle.
    session[SEEN] = now + settings.SESSION_ABSOLUTE_SECONDS
    if is_token:
        session[TOKEN_MARK] = True
    session.create()
    return str(session.session_key)


class LiveServer:
    """The product as a web server at ``url`` (``http://127.0.0.1:port``, no slash at the end)."""

    def __init__(self) -> None:
        self._web: Any = waitress.create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=THREADS, ident="")
        self.url = f"http://127.0.0.1:{self._web.effective_port}"
        self._thread = threading.Thread(target=self._web.run, name="live-server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._web.close()
        self._web.task_dispatcher.shutdown(timeout=2)
        self._thread.join(2)

    def address(self, path: str, **query: str) -> str:
        """A whole address; ``path`` starts with a slash."""
        return self.url + path + (f"?{urlencode(query)}" if query else "")

    def session_key(self, account: Account, *, is_token: bool = False) -> str:
        return session_key(account, is_token=is_token)

    def sign_in(self, context: Any, account: Account) -> None:
        """Give a browser context (playwright) a session of ``account``."""
        key = session_key(account)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.url, "httpOnly": True}])

    def sign_in_by_form(self, page: Any, tenant: str, login: str, password: str = PASSWORD) -> None:
        """Sign in as people do, at ``/<tenant>/login/``; the page is then wherever the product sends it."""
        page.goto(self.address(f"/{tenant}/login/"))
        page.fill("[name=login]", login)
        page.fill("[name=password]", password)
        page.click("main form button.btn-primary")
        page.wait_for_load_state()


def _tables(cursor: Any) -> list[str]:
    """Tables that hold rows now."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    names = [row[0] for row in cursor.fetchall()]
    asked = [sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(n), sql.Identifier(n)) for n in names]
    cursor.execute(sql.SQL(" UNION ALL ").join(asked))
    return [row[0] for row in cursor.fetchall()]


def wipe(kept: frozenset[str]) -> None:
    """Empty every table of the test database but ``kept``, past policies, keys and triggers."""
    with closing(psycopg2.connect(os.environ["PAIRING_TEST_ADMIN_URL"])) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in _tables(cursor):
            if table not in kept:
                cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    cache.clear()


@contextmanager
def _committed(server: tuple[LiveServer, frozenset[str]], blocker: Any) -> Iterator[LiveServer]:
    from django.db import connections

    with blocker.unblock():
        try:
            yield server[0]
        finally:
            connections.close_all()
            wipe(server[1])


@pytest.fixture(scope="session")
def migrated_tables(django_db_setup: None) -> frozenset[str]:
    """Tables that hold rows after migrating (content types and the like): part of the schema, not wiped."""
    with closing(psycopg2.connect(os.environ["PAIRING_TEST_ADMIN_URL"])) as connection, connection.cursor() as cursor:
        return frozenset(_tables(cursor))


@pytest.fixture(scope="session")
def _live_server(migrated_tables: frozenset[str]) -> Iterator[tuple[LiveServer, frozenset[str]]]:
    server = LiveServer()
    yield server, migrated_tables
    server.stop()


@pytest.fixture
def live(_live_server: tuple[LiveServer, frozenset[str]], django_db_blocker: Any) -> Iterator[LiveServer]:
    """The live server, over an empty database that the test fills with the factories. Not together with ``db``."""
    with _committed(_live_server, django_db_blocker) as server:
        yield server


@pytest.fixture(scope="module")
def live_module(_live_server: tuple[LiveServer, frozenset[str]], django_db_blocker: Any) -> Iterator[LiveServer]:
    """As ``live``, with rows kept for all tests of a module, which then use neither ``live`` nor ``db``."""
    with _committed(_live_server, django_db_blocker) as server:
        yield server
