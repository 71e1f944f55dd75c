"""T7: what a county lists, searches, counts and exports is the same to the byte whether its neighbour is full or empty."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from tests.isolation.arguments import fill, object_parameters
from tests.isolation.asking import ask
from tests.routes import Route, county_routes
from tests.world import World, tenant_models, untouched

pytestmark = pytest.mark.django_db

# A new secret each time it is shown.
CHANGING = {"tenancy:second_factor"}
LISTS = [
    route for route in county_routes() if not object_parameters(route) and "GET" in route.methods and route.name not in CHANGING
]
SEARCHES: tuple[dict[str, str], ...] = ({}, {"q": "陈"}, {"q": "zq", "page": "2"}, {"q": "13900001234", "sort": "-name"})
# Times of day in papers and pages: the two answers are made a moment apart.
_CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.+]+Z?|\d{1,2}:\d{2}(:\d{2})?")


def _empty_b(world: World) -> None:
    """Delete all of B that the application may delete (grants, versions and the audit chain stay)."""
    from tenancy.scope import tenant_scope

    with tenant_scope(world.b.tenant), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in tenant_models():
            cursor.execute("SELECT has_table_privilege(%s, 'DELETE')", [model._meta.db_table])
            if cursor.fetchone()[0]:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_a_list_does_not_depend_on_the_neighbour(world: World, route: Route) -> None:
    path = fill(route, world.a.tenant.slug, world.a.inside)

    def told() -> list[tuple[int, str, str]]:
        found = []
        for role in ("CS", "UL"):
            for query in SEARCHES if role == "CS" else SEARCHES[:1]:
                with untouched():
                    status, text, location = ask(world.a, role, route, "GET", path, query=dict(query)).masked()
                found.append((status, _CLOCK.sub("TIME", text), location))
        return found

    full = told()
    with untouched():
        _empty_b(world)
        empty = told()

    assert full == empty
    assert [status for status, _text, _location in full if status >= 500] == []
