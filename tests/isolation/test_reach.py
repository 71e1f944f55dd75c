"""Within a county: a role whose right is for its own scope finds nothing of what lies outside it (domain.md §7).

``outside`` is a second set of rows of the same county, tied to nothing that the role was granted.
"""

from __future__ import annotations

import pytest

from tenancy.policy import right
from tests.isolation.arguments import fill, nobody_s, object_parameters
from tests.isolation.asking import ask
from tests.isolation.test_foreign import NOT_SHOWN, SIDES_ONLY
from tests.routes import Route, county_routes
from tests.world import MEMBERS, World, digest, untouched

pytestmark = pytest.mark.django_db

# Routes whose right is "own scope" but whose object is the county's, for everybody in it: there is no outside.
EVERYBODY_S = {
    "assessment:publicity_excel": "a public notice is for all who take part, as its page is; taking data away is a right"
}
WITH_OBJECTS = [route for route in county_routes() if object_parameters(route) and route.policy and route.policy.kind]


def own_scope(route: Route, method: str) -> list[str]:
    """Roles that may do it within their own scope only."""
    policy = route.policy
    assert policy is not None
    action = policy.action(method) or ""
    found = {role: right(policy.kind or "", role, action) for role in MEMBERS}
    return [role for role, one in found.items() if one is not None and one.own]


@pytest.mark.parametrize("route", [r for r in WITH_OBJECTS if r.name not in EVERYBODY_S], ids=str)
def test_what_lies_outside_the_scope_is_as_if_there_were_none(world: World, route: Route) -> None:
    slug, before = world.a.tenant.slug, digest(world.a)
    outside = fill(route, slug, world.a.outside)
    nothing = fill(route, slug, world.a.outside, **{name: nobody_s() for name in object_parameters(route)})
    wrong: list[tuple[object, ...]] = []
    for method in route.methods:
        for role in own_scope(route, method):
            with untouched():
                told = ask(world.a, role, route, method, outside)
            with untouched():
                expected = ask(world.a, role, route, method, nothing)
            ids = [part for path in (outside, nothing) for part in path.split("/") if len(part) == 36]
            if told.masked(*ids) != expected.masked(*ids):
                wrong.append((role, method, told.status, expected.status))
    assert not wrong, "\n".join(map(str, wrong))
    assert digest(world.a) == before


@pytest.mark.parametrize(
    "route", [r for r in WITH_OBJECTS if "GET" in r.methods and r.name not in {**NOT_SHOWN, **SIDES_ONLY}], ids=str
)
def test_what_lies_outside_is_there_for_the_county_s_own_staff(world: World, route: Route) -> None:
    """Or the test above would be empty."""
    path = fill(route, world.a.tenant.slug, world.a.outside)
    with untouched():
        assert {ask(world.a, role, route, "GET", path).status for role in ("CA", "CS", "both")} & {200, 302}
