"""``manage.py`` on a database that has no tables yet says what to run; other faults of a statement stay as they are."""

from __future__ import annotations

import django.core.management
import pytest
from django.db.utils import ProgrammingError

import manage


class UndefinedTable(Exception):
    pgcode = "42P01"


class UndefinedColumn(Exception):
    pgcode = "42703"


class BadSyntax(Exception):
    pgcode = "42601"


def _fails_with(cause: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def execute(_arguments: list[str]) -> None:
        raise ProgrammingError(str(cause)) from cause

    monkeypatch.setattr(django.core.management, "execute_from_command_line", execute)
    monkeypatch.setattr("sys.argv", ["manage.py", "help"])
    # The handlers that a program of its own sets are not this process's.
    monkeypatch.setattr("signal.signal", lambda *_arguments: None)


@pytest.mark.parametrize("kind", [UndefinedTable, UndefinedColumn])
def test_an_empty_database_is_told(kind: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    _fails_with(kind('relation "tenancy_division" does not exist'), monkeypatch)
    with pytest.raises(SystemExit) as left:
        manage.main()
    assert "make setup" in str(left.value)
    assert "tenancy_division" in str(left.value)


def test_another_fault_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    _fails_with(BadSyntax("syntax error"), monkeypatch)
    with pytest.raises(ProgrammingError):
        manage.main()
