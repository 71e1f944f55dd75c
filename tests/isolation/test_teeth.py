"""T12: a wall that is missing is noticed, each one alone; a filter of the application that is missing does no harm.

``PAIRING_WRITE_TEETH=1 python -m pytest tests/isolation/test_teeth.py`` writes the table into the document.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from tenancy.access import Access
from tenancy.scope import tenant_scope
from tests.isolation.asking import ask
from tests.isolation.teeth import BEGIN, DOCUMENT, END, Bite, key_mutants, table_mutants, table_of, tables
from tests.routes import county_routes
from tests.world import World, tenant_models, untouched

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Teeth:
    walls: dict[str, list[Bite]]
    keys: dict[tuple[str, str], Bite]
    held: dict[str, int]


def _foreign_without_filter(world: World, model: type[models.Model]) -> int:
    """Rows of others that a manager without a scope filter finds while A is in scope."""
    with tenant_scope(world.a.tenant):
        return model._base_manager.exclude(tenant=world.a.tenant).count()


@pytest.fixture(scope="module")
def teeth(world: World, django_db_blocker: Any) -> Teeth:
    with django_db_blocker.unblock():
        held = {model._meta.db_table: _foreign_without_filter(world, model) for model in tenant_models()}
        return Teeth(table_mutants(world), key_mutants(world), held)


def test_a_missing_wall_is_noticed_by_lint_and_by_sql(teeth: Teeth) -> None:
    assert [(table, bite) for table in tables() for bite in teeth.walls[table] if not bite.is_caught] == []
    assert {len(bites) for bites in teeth.walls.values()} == {4}


def test_a_missing_key_is_noticed_by_lint_and_by_sql(teeth: Teeth) -> None:
    assert {key: bite for key, bite in teeth.keys.items() if not bite.is_caught} == {}
    assert len(teeth.keys) >= 15


def test_a_missing_filter_is_held_by_the_policy(teeth: Teeth) -> None:
    assert teeth.held == dict.fromkeys(tables(), 0)


@pytest.mark.django_db
def test_a_missing_membership_check_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may enter a county is decided in the middleware: no policy of the database can know. The route tests do."""
    route = next(route for route in county_routes() if route.name == "units:list")
    path = f"/{world.a.tenant.slug}/units/"
    with untouched():
        assert ask(world.a, "stranger", route, "GET", path).status == 404

    real = Access(world.a.accounts["CA"], world.a.tenant, ())
    monkeypatch.setattr("tenancy.middleware.tenant.access_for", lambda account, tenant, **_: real)
    monkeypatch.setattr(Access, "can", lambda self, kind, action: True)
    with untouched():
        assert ask(world.a, "stranger", route, "GET", path).status != 404


def test_the_document_tells_what_notices(teeth: Teeth) -> None:
    path = ROOT / DOCUMENT
    text = path.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{table_of(teeth.walls, teeth.keys, teeth.held)}\n{END}{after}"
    if os.environ.get("PAIRING_WRITE_TEETH"):
        path.write_text(wanted, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == wanted, (
        "A table or key is new, or a wall is noticed by something else than before. Look, then write the table anew: "
        "PAIRING_WRITE_TEETH=1 python -m pytest tests/isolation/test_teeth.py"
    )
