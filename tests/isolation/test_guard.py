"""T1: the tests run as the application does. Under an owner or a superuser every other test here would be empty."""

from __future__ import annotations

import pytest
from django.db import connection, connections

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_the_tests_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, session_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " pg_has_role(current_user, 'pair_owner', 'MEMBER') FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("pair_app", "pair_app", False, False, False, False, False)


def test_the_database_is_the_owner_s() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'app')")
        assert cursor.fetchall() == [("pair_owner",)]


def test_the_aliases_are_roles_of_their_own() -> None:
    users = {alias: connections.settings[alias]["USER"] for alias in connections.settings}
    assert users == {"default": "pair_app", "owner": "pair_owner", "dispatch": "pair_dispatch", "pref": "pair_pref"}


def test_the_application_s_statements_end_in_time() -> None:
    """As its role is set up: in tests its connections are given more time than that, for the sake of slow machines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = current_user")
        told = {row[0] for row in cursor.fetchall()}
    assert told >= {"statement_timeout=15s", "lock_timeout=3s", "idle_in_transaction_session_timeout=30s"}
