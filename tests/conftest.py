"""The test database: made and migrated by its owner once, cloned for each process, used as the application.

Every test runs as ``pair_app``, the role of production: under the owner or a superuser, row-level security
would let everything pass and every test of it be empty (reliability.md T1).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.utils import translation
from playwright.sync_api import Browser

from config import local_server
from tests.browser import NoBrowser, launch

pytest_plugins = ["tests.live", "tests.world"]
ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "test_template"
# The limits that the roles have in production end a statement, a wait for a lock and an idle transaction in seconds: a test
# beside which the machine has much else to do must not be ended by them. tests/house/test_launcher.py holds the real ones.
PATIENCE = "-c statement_timeout=600s -c lock_timeout=120s -c idle_in_transaction_session_timeout=1800s"


def _fingerprint() -> str:
    """Changes with anything that shapes the database."""
    files = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("*/sql/*.sql"),
        ROOT / "tenancy/rights.py",
        ROOT / "tenancy/rls.py",
    ]
    files += [ROOT / "requirements.txt", ROOT / "config/sql/roles.sql", ROOT / "config/sql/database.sql"]
    digest = hashlib.sha256(os.environ.get("PAIRING_POSTGRES", "").encode())
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _admin(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def _exists(admin_url: str, name: str) -> bool:
    with _admin(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _drop(admin_url: str, name: str) -> None:
    connection = _admin(admin_url)
    connection.cursor().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.close()


def _use(urls: dict[str, str]) -> None:
    """Point Django's aliases at a database. Its own settings named one, which tests must not touch."""
    from django.conf import settings
    from django.db import connections

    from config.settings import _database

    for alias in ("default", "owner", "dispatch", "pref"):
        values = _database(urls[alias], serves=alias == "default")
        values["OPTIONS"] |= {"options": PATIENCE, "connect_timeout": 60}
        settings.DATABASES[alias] = values
        connections.settings[alias] = connections.configure_settings({"default": values})["default"]
        if hasattr(connections._connections, alias):  # type: ignore[attr-defined]
            connections[alias].close()
            delattr(connections._connections, alias)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(worker_id: str, django_db_blocker: Any) -> Iterator[None]:
    """A database of this process's own, cloned from a migrated template that outlives the run."""
    from django.core.management import call_command

    admin_url = local_server.ensure_test_server()
    template = f"{TEMPLATE}_{_fingerprint()}"
    with (ROOT / ".local/test-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(admin_url, template):
            unfinished = f"{template}_making"
            _drop(admin_url, unfinished)
            _use(local_server.test_database(unfinished))
            with django_db_blocker.unblock():
                call_command("migrate", verbosity=0)
                from django.db import connections

                connections.close_all()
            connection = _admin(admin_url)
            connection.cursor().execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
            connection.close()
        name = f"test_{worker_id}_{os.getpid()}"
        urls = local_server.test_database(name, template=template)
    _use(urls)
    os.environ["PAIRING_TEST_ADMIN_URL"] = admin_url.rsplit("/", 1)[0] + f"/{name}"
    os.environ["PAIRING_TEST_TEMPLATE"] = template
    yield
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
    _drop(admin_url, name)
    local_server.release()


@pytest.fixture(autouse=True)
def chinese() -> None:
    """Each test begins in the county's language: a page read in English leaves its thread speaking English."""
    translation.activate("zh-hans")


@pytest.fixture(scope="session", autouse=True)
def sessions_at_rest() -> Iterator[pytest.MonkeyPatch]:
    """No session is written anew because a minute has passed: on a slow machine that would come between two requests
    whose statements are counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenancy.middleware.sessions._GRAIN_SECONDS", 1_000_000_000)
        yield patch


@pytest.fixture
def sessions_by_the_minute(sessions_at_rest: pytest.MonkeyPatch) -> Iterator[None]:
    """Sessions as the product keeps them, for tests of how long they live."""
    sessions_at_rest.undo()
    yield
    sessions_at_rest.setattr("tenancy.middleware.sessions._GRAIN_SECONDS", 1_000_000_000)


# Bytes of a table that are worth sweeping.
SWEPT_FROM = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def swept() -> Iterator[None]:
    """What a file's tests wrote and rolled back still lies in the tables' files (nothing vacuums here by itself), and the
    files after it, whichever they are, would read through it. So it is swept away."""
    yield
    url = os.environ.get("PAIRING_TEST_ADMIN_URL")
    if not url:
        return  # no test of this process has asked for the database yet
    connection = _admin(url)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > %s",
            [SWEPT_FROM],
        )
        tables = cursor.fetchone()[0]
        if tables:
            cursor.execute(f"VACUUM (SKIP_LOCKED) {tables}")


@pytest.fixture
def admin_db(db: None) -> Iterator[Any]:
    """A superuser's cursor on the test database: for planting holes and looking behind the wall."""
    connection = psycopg2.connect(os.environ["PAIRING_TEST_ADMIN_URL"])
    connection.autocommit = True
    yield connection.cursor()
    connection.close()


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """The browser of this machine, one for each file; ``make check`` fails where it is missing."""
    try:
        with launch() as found:
            yield found
    except NoBrowser as problem:
        pytest.skip(str(problem))
