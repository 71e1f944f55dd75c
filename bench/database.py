"""A database of its own for measuring: migrated, used as the application, dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Sets Django up on a fresh database of the local test server; drops it at the end."""
    from config import local_server

    local_server.ensure_secrets()
    admin = local_server.ensure_test_server()
    name = f"bench_{os.getpid()}"
    urls = local_server.test_database(name)
    os.environ |= {
        "DATABASE_URL": urls["default"],
        "DATABASE_OWNER_URL": urls["owner"],
        "DATABASE_DISPATCH_URL": urls["dispatch"],
        "DATABASE_PREF_URL": urls["pref"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "WARNING",
    }
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections.close_all()
        connection = psycopg2.connect(admin)
        connection.autocommit = True
        connection.cursor().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.close()
        local_server.release()
