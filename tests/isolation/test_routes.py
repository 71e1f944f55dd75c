"""T4 and the policy table: every route is classified, and each role gets from it what the table says and no more."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenancy.policy import OBJECTS, ROLES, right
from tests.isolation.arguments import fill, object_parameters
from tests.isolation.asking import ask
from tests.isolation.each import for_each
from tests.routes import Route, county_routes, routes
from tests.world import MEMBERS, World, untouched

ALL = for_each("route", routes())
IN_COUNTY = pytest.mark.parametrize("route", county_routes(), ids=str)


@ALL
def test_a_route_is_classified(route: Route) -> None:
    policy = route.policy
    assert policy is not None, f"{route.path}: say who may come in (tenancy.access.allow, signed_in, public, operators_only)."
    assert policy.audience in ("members", "public", "operators", "readers")
    if policy.kind is None and policy.audience not in ("operators", "readers"):
        assert len(policy.why) >= 10, f"{route.path}: say why no right is needed."
    if policy.kind is not None:
        assert policy.kind in OBJECTS
        assert policy.actions, f"{route.path}: name the action of each method."
    for _method, action in policy.actions:
        assert any(right(policy.kind or "", role, action) for role in ROLES), f"{route.path}: nobody may {action} {policy.kind}."
    assert route.name.split(":")[-1], f"{route.path} has no name."


@ALL
def test_a_route_s_parameters_are_known(route: Route) -> None:
    if route.policy and route.policy.audience not in ("operators", "readers"):
        object_parameters(route)


@ALL
def test_members_routes_stand_in_a_county_and_operators_outside(route: Route) -> None:
    if route.policy and route.policy.audience == "members":
        assert route.in_county
    if route.policy and route.policy.audience in ("operators", "readers"):
        assert not route.in_county


def allowed(route: Route, role: str, method: str) -> bool | None:
    """What the policy table says of a member's request; None where it depends on the row (own scope)."""
    policy = route.policy
    assert policy is not None
    if policy.kind is None:
        return True
    action = policy.action(method)
    found = right(policy.kind, role, action) if action else None
    return None if found and found.own else found is not None


@pytest.mark.django_db
@IN_COUNTY
def test_each_role_gets_what_the_table_says(world: World, route: Route) -> None:
    """403 exactly where the table has no right; where it says "own scope", what is out of reach is 403 or 404."""
    wrong = []
    path = fill(route, world.a.tenant.slug, world.a.inside)
    for role in (*MEMBERS, "both"):
        for method in route.methods:
            with untouched():
                answer = ask(world.a, role, route, method, path)
            may = allowed(route, "CA" if role == "both" else role, method)
            if answer.status >= 500 or (may is not None and (answer.status == 403) is may):
                wrong.append((role, method, answer.status, "may" if may else "may not", answer.fault))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.django_db
@IN_COUNTY
def test_who_is_no_member_finds_nothing(world: World, route: Route) -> None:
    """A stranger, one whose grant has ended, and the operator see what a county that does not exist shows."""
    wrong: list[tuple[object, ...]] = []
    for method in route.methods:
        there = fill(route, world.a.tenant.slug, world.a.inside)
        nowhere = fill(route, "bing-xian", world.a.inside)
        with untouched():
            expected = ask(world.a, "stranger", route, method, nowhere).masked("bing-xian")
        for who in ("stranger", "past", "OP"):
            with untouched():
                told = ask(world.a, who, route, method, there).masked(world.a.tenant.slug)
            if told != expected or told[0] != 404:
                wrong.append((who, method, told[0], expected[0]))
        with untouched():
            answer = ask(world.a, "nobody", route, method, there)
        if route.is_api and answer.status != 401:
            wrong.append(("nobody", method, answer.status, answer.location))
        if not route.is_api and (answer.status != 302 or not answer.location.startswith(f"/{world.a.tenant.slug}/login/")):
            wrong.append(("nobody", method, answer.status, answer.location))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in routes() if r.policy and r.policy.audience in ("operators", "readers")], ids=str)
def test_routes_outside_of_counties_are_for_nobody_in_one(world: World, route: Route) -> None:
    wrong = []
    path = fill(route, "", world.a.inside | {"tenant": world.a.tenant})
    for method in route.methods:
        for role in (*MEMBERS, "both", "stranger"):
            with untouched():
                answer = ask(world.a, role, route, method, path)
            if answer.status != 404:
                wrong.append((role, method, answer.status))
        with untouched():
            answer = ask(world.a, "nobody", route, method, path)
        if answer.status != 302:
            wrong.append(("nobody", method, answer.status))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in routes() if r.policy and r.policy.audience == "members"], ids=str)
def test_get_never_writes(world: World, route: Route) -> None:
    """No INSERT, UPDATE or DELETE in answer to GET, but for the session's own clock and entries of the audit chain."""
    if "GET" not in route.methods:
        return
    path = fill(route, world.a.tenant.slug, world.a.inside)
    with untouched(), CaptureQueriesContext(connection) as asked:
        ask(world.a, "CA", route, "GET", path)
    writes = [
        query["sql"]
        for query in asked.captured_queries
        if query["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and '"tenancy_session"' not in query["sql"]
    ]
    assert writes == []


@pytest.mark.django_db
@IN_COUNTY
def test_other_methods_are_refused(world: World, route: Route) -> None:
    path = fill(route, world.a.tenant.slug, world.a.inside)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(route.methods):
        with untouched():
            assert ask(world.a, "CA", route, method, path).status in (403, 404, 405), method
