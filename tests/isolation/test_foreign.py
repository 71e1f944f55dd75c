"""T6: each route, for each who asks, with another county's ids in every place where an id can stand.

For every probe: no canary of B in the answer, the same answer as for an id that names nothing, all rows of B as before,
and never a fault of ours. The places: path, query, form field, JSON body, list of ids, order and filter expressions,
the name of a file, ``next=``. What a route listens to is learnt from the forms on the pages and from the API's schema,
so that a new route is probed without a line here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve

from tenancy.models import TenantSettings
from tenancy.scope import tenant_scope
from tests.isolation.arguments import UnknownParameter, fill, kind_of, nobody_s, object_parameters, public_id
from tests.isolation.asking import Answer, ask
from tests.isolation.forms import Form, forms_of
from tests.isolation.schema import body_fields, query_parameters
from tests.routes import Route, county_routes, routes
from tests.world import ASKERS, World, digest, untouched

pytestmark = pytest.mark.django_db

IN_COUNTY = pytest.mark.parametrize("route", county_routes(), ids=str)
# Names that applications of this kind listen to, whether or not a form shows them.
USUAL = (
    "id", "ids", "uid", "pk", "q", "tenant", "tenant_id", "unit", "unit_id", "village", "town", "parent", "programme", "pairing",
    "person", "account", "batch", "kind", "state", "page", "cursor", "limit", "size", "format", "columns", "next", "back",
)  # fmt: skip
# Everybody is asked about the path. These are asked about query and body too, all names at once …
QUICK = ("UL", "both")
# … and this role, which may write most, about each name alone.
THOROUGH = "CS"
TARGETS = ("//evil.example/", "", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")
NO_NUMBER = 999_999_999
ORDER_NAMES = ("sort", "order", "ordering", "o")
ORDERS = ("tenant__name", "-tenant_id", "unit__tenant__slug", "{id}", "id;drop")


@dataclass(frozen=True, slots=True)
class Probe:
    """One request in two versions: with ids of B, and with ids of nothing."""

    place: str
    method: str
    foreign: dict[str, Any]
    missing: dict[str, Any]


def _ids(world: World, kind: str) -> tuple[str, str]:
    """B's id of a kind, and one that names nothing: always the same, as B's is, or two fields would differ in one answer only."""
    return public_id(world.b.inside[kind]), str(uuid.uuid5(uuid.NAMESPACE_URL, kind))


def _lists(world: World, names: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A list in each name: one of A's own ids and one of B's, or one of nothing."""
    own = {name: public_id(world.a.inside[_kinds(name)]) for name in names}
    return (
        {name: [own[name], _ids(world, _kinds(name))[0]] for name in own},
        {name: [own[name], _ids(world, _kinds(name))[1]] for name in own},
    )


def _number(world: World) -> int:
    """The number of B's unit, which is chosen so that no other stands anywhere by chance."""
    return int(world.b.inside["unit"].pk)


def _kinds(name: str) -> str:
    """Which kind of object a field names, judged by its name; a unit when it does not say."""
    plain = name.removesuffix("_id").removesuffix("_ids").removesuffix("_uid").rsplit("__", 1)[-1].rsplit("-", 1)[-1]
    known = {
        "town": "town", "village": "village", "villages": "village", "programme": "programme", "pairing": "pairing",
        "person": "person", "leader": "person", "liaison": "person", "secretary": "person", "principal": "person",
        "account": "account", "grant": "grant", "batch": "batch", "row": "import_row", "party_org": "party_organisation",
        "parent": "town", "post": "post", "job": "job",
    }  # fmt: skip
    return known.get(plain, "unit")


def path_probes(world: World, route: Route, *, thorough: bool) -> Iterator[Probe]:
    """B's ids in the path: all at once; ``thorough``: also one at a time beside A's own, and with every method."""
    slug, names = world.a.tenant.slug, object_parameters(route)
    subsets = [names, *([name] for name in names)] if thorough and len(names) > 1 else [names]
    for subset in subsets:
        if not subset:
            continue
        foreign = {name: public_id(world.b.inside[str(kind_of(route, name))]) for name in subset}
        missing = {name: nobody_s() for name in subset}
        for method in route.methods if thorough else route.methods[:1]:
            yield Probe(
                f"path {'+'.join(subset)}",
                method,
                {"path": fill(route, slug, world.a.inside, **foreign)},
                {"path": fill(route, slug, world.a.inside, **missing)},
            )


def query_probes(world: World, route: Route, forms: list[Form], *, alone: bool) -> Iterator[Probe]:
    """B's ids in the query: in each name that the page's filters or the schema tell, and in the usual names at once."""
    path = fill(route, world.a.tenant.slug, world.a.inside)
    told = {name for form in forms if form.method == "GET" for name in form.values} | set(query_parameters(route))
    number, none = _number(world), NO_NUMBER
    pairs = {name: _ids(world, _kinds(name)) for name in (*USUAL, *(() if alone else sorted(told)))}
    foreign: dict[str, Any] = {name: pair[0] for name, pair in pairs.items()}
    missing: dict[str, Any] = {name: pair[1] for name, pair in pairs.items()}
    foreign |= {"unit_id": number, "unit__tenant__slug": world.b.tenant.slug, "ordering": "tenant__name"}
    missing |= {"unit_id": none, "unit__tenant__slug": "bing-xian", "ordering": "tenant__name"}
    yield Probe("query, usual names", "GET", {"path": path, "query": foreign}, {"path": path, "query": missing})
    for name in sorted(told) if alone else ():
        theirs, nobodys = _ids(world, _kinds(name))
        yield Probe(f"query {name}", "GET", {"path": path, "query": {name: theirs}}, {"path": path, "query": {name: nobodys}})
    if told and alone:
        # The other shapes of a value: all names together.
        shapes = _lists(world, told)
        yield Probe("query, lists", "GET", {"path": path, "query": shapes[0]}, {"path": path, "query": shapes[1]})
        numbers = [dict.fromkeys(told, str(value)) for value in (number, none)]
        yield Probe("query, numbers", "GET", {"path": path, "query": numbers[0]}, {"path": path, "query": numbers[1]})
    theirs, nobodys = _ids(world, "unit")
    for name in ORDER_NAMES:
        if name in told:
            for expression in ORDERS:
                one, other = expression.format(id=theirs), expression.format(id=nobodys)
                yield Probe(
                    f"order {name}={expression}",
                    "GET",
                    {"path": path, "query": {name: one}},
                    {"path": path, "query": {name: other}},
                )


def body_probes(world: World, route: Route, forms: list[Form], *, alone: bool) -> Iterator[Probe]:
    """B's ids in the body: in each field of the form as the page would send it, or of the API's schema; in a file's name."""
    slug = world.a.tenant.slug
    path = fill(route, slug, world.a.inside)
    for method in route.methods:
        if method in ("GET", "HEAD"):
            continue
        as_json = route.is_api
        sent = next((form for form in forms if form.method == "POST"), Form(path, "POST"))
        base: dict[str, Any] = {name: values for name, values in sent.values.items() if values}
        fields = set(sent.values) | set(body_fields(route, method))
        versions: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        if alone:
            for name in sorted(fields):
                theirs, nobodys = _ids(world, _kinds(name))
                versions.append((f"body {name}", {name: theirs}, {name: nobodys}))
            versions.append(("body, lists", *_lists(world, fields)))
            if as_json:
                nested = [{name: {"uid": _ids(world, _kinds(name))[at]} for name in fields} for at in (0, 1)]
                versions.append(("body, nested", nested[0], nested[1]))
        usual = {name: _ids(world, _kinds(name)) for name in (*USUAL, *(() if alone else fields))}
        versions.append(
            (
                "body, usual names",
                {name: pair[0] for name, pair in usual.items()},
                {name: pair[1] for name, pair in usual.items()},
            )
        )
        for place, foreign, missing in versions:
            yield Probe(
                place,
                method,
                {"path": path, "data": base | foreign, "is_json": as_json},
                {"path": path, "data": base | missing, "is_json": as_json},
            )
        for name in sent.files or (["file"] if "file" in body_fields(route, method) else []):
            theirs, nobodys = _ids(world, "batch")
            files = [SimpleUploadedFile(f"{value}.xlsx", b"no spreadsheet") for value in (theirs, nobodys)]
            yield Probe(
                "file name",
                method,
                {"path": path, "data": base | {name: files[0]}},
                {"path": path, "data": base | {name: files[1]}},
            )


def slug_probes(world: World, route: Route) -> Iterator[Probe]:
    """B's address name in the path, over A's objects and over B's."""
    for method in route.methods:
        for place, objects in (("county", world.a.inside), ("county and path", world.b.inside)):
            yield Probe(
                place,
                method,
                {"path": fill(route, world.b.tenant.slug, objects)},
                {"path": fill(route, "bing-xian", objects)},
            )


def problems(world: World, role: str, route: Route, probe: Probe) -> list[str]:
    """What is wrong with the answers to one probe."""
    with untouched():
        theirs = ask(world.a, role, route, probe.method, **probe.foreign)
    with untouched():
        nothing = ask(world.a, role, route, probe.method, **probe.missing)
    found = []
    values = [
        world.b.tenant.slug,
        "bing-xian",
        str(_number(world)),
        str(NO_NUMBER),
        *_strings(probe.foreign),
        *_strings(probe.missing),
    ]
    if theirs.status >= 500 or nothing.status >= 500:
        found.append(f"fault {theirs.status} {theirs.fault or nothing.fault}")
    if theirs.says(world.b.canary):
        found.append(f"leak: {theirs.says(world.b.canary)!r}")
    if theirs.masked(*values) != nothing.masked(*values):
        found.append(f"answers differ: {_difference(theirs, nothing, values)}")
    return [f"{role} {probe.method} {probe.place}: {text}" for text in found]


def _strings(value: Any) -> list[str]:
    """The ids and numbers that a probe carries, wherever they stand."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() if name != "is_json" for text in _strings(inner)]
    if isinstance(value, (list, tuple)):
        return [text for inner in value for text in _strings(inner)]
    if isinstance(value, SimpleUploadedFile):
        return [str(value.name)]
    text = str(value)
    parts = [part for part in text.replace("?", "/").split("/") if _is_uuid(part)]
    return parts + ([text] if _is_uuid(text) else [])


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _difference(one: Answer, other: Answer, values: list[str]) -> str:
    first, second = one.masked(*values), other.masked(*values)
    if first[0] != second[0]:
        return f"{first[0]} and {second[0]}"
    if first[2] != second[2]:
        return f"to {first[2]} and to {second[2]}"
    lines = zip(first[1].splitlines(), second[1].splitlines(), strict=False)
    return next((f"{a.strip()[:120]!r} and {b.strip()[:120]!r}" for a, b in lines if a != b), "in length")


def _pages(world: World) -> dict[str, list[Form]]:
    """The forms that lead to each route, gathered from every page as the county's administrator and staff see it."""
    gathered: dict[str, list[Form]] = {}
    for route in county_routes():
        if "GET" not in route.methods or route.is_api:
            continue
        try:
            path = fill(route, world.a.tenant.slug, world.a.inside)
        except UnknownParameter:
            continue  # test_routes says so, once
        for role in ("CS", "CA"):
            with untouched():
                answer = ask(world.a, role, route, "GET", path)
            for form in forms_of(answer.text) if answer.status == 200 else ():
                target = form.action.split("?")[0] or path
                try:
                    name = resolve(target).view_name
                except Resolver404:
                    continue
                gathered.setdefault(name, []).append(form)
    return gathered


@pytest.fixture(scope="module")
def forms(world: World, django_db_blocker: Any) -> dict[str, list[Form]]:
    with django_db_blocker.unblock():
        return _pages(world)


@IN_COUNTY
def test_another_county_s_ids_in_the_path_are_ids_of_nothing(world: World, route: Route) -> None:
    """Everybody, the operator and nobody included."""
    before = digest(world.b)
    wrong = []
    for role in ASKERS if object_parameters(route) else ("CA",):
        probes = [*path_probes(world, route, thorough=role in (THOROUGH, *QUICK))]
        if role == "CA":
            probes += slug_probes(world, route)
        for probe in probes:
            wrong += problems(world, role, route, probe)
    assert not wrong, "\n".join(map(str, wrong))
    assert digest(world.b) == before


@IN_COUNTY
def test_another_county_s_ids_anywhere_else_are_ids_of_nothing(world: World, forms: dict[str, list[Form]], route: Route) -> None:
    """In query and body, asked by a role of the whole county, one of its own scope, and one that may enter both counties."""
    before = digest(world.b)
    told = forms.get(route.name, [])
    wrong = []
    for role in (THOROUGH, *QUICK):
        alone = role == THOROUGH
        probes = [*body_probes(world, route, told, alone=alone)]
        if "GET" in route.methods:
            probes += query_probes(world, route, told, alone=alone)
        for probe in probes:
            wrong += problems(world, role, route, probe)
    assert not wrong, "\n".join(map(str, wrong))
    assert digest(world.b) == before


@pytest.mark.parametrize("route", [r for r in routes() if r.policy and r.policy.audience == "public"], ids=str)
def test_public_routes_tell_nothing_of_a_county_s_rows(world: World, route: Route) -> None:
    """Signed in or not; and ``next`` leads nowhere but here."""
    before = digest(world.b)
    wrong: list[tuple[object, ...]] = []
    path = fill(route, world.a.tenant.slug, world.a.inside)
    with tenant_scope(world.a.tenant):
        settings = TenantSettings.objects.get()
    # The foot of each page names the county's sponsor and how its system ends: meant for everybody (domain.md §5.2).
    open_words = {str(getattr(settings, f.attname)) for f in settings._meta.fields}
    for role in ("nobody", "CA", "both", "stranger"):
        for method in route.methods:
            # Each wrong password costs a hash on purpose: all the targets for one of those who ask.
            for target in TARGETS if role == "nobody" else TARGETS[:1]:
                data = {"next": target, "login": "x", "password": "y", "id": public_id(world.b.inside["unit"])}
                with untouched():
                    answer = ask(world.a, role, route, method, path, data=data, query={"next": target})
                # In tests no sweeper runs, so the platform rightly says that it is not ready.
                if answer.status >= 500 and route.name != "tenancy:readyz":
                    wrong.append((role, method, answer.status, answer.fault))
                told = answer.canaries() - open_words
                # Members of A see themselves in the menu; nobody sees anything of B here.
                if told := {word for word in told if role in ("nobody", "stranger") or world.b.canary in word}:
                    wrong.append((role, method, "leak", sorted(told)))
                if "evil" in answer.location or answer.location.startswith("javascript"):
                    wrong.append((role, method, "leads away", answer.location))
    assert not wrong, "\n".join(map(str, wrong))
    assert digest(world.b) == before


# Routes to an object of which the world's row shows no page, and why.
NOT_SHOWN = {
    "people:many_job": "the slips of first passwords are shown once, right after they were made",
    "importing:download": "the world's import has no stored file",
    "notices:read": "takes POST only",
}
# Routes that the county's own staff may not enter: their pages are shown to the side that acts.
SIDES_ONLY = {
    "supervision:warning_answer": "the unit's leader answers",
    "supervision:finding_hand-in": "the unit and the village hand in",
    "supervision:finding_ask-time": "the unit and the village ask",
    "assessment:self_report_approve": "the unit's leader approves",
    "assessment:dispute": "the unit's liaison disputes",
    "assessment:my_mark": "the village marks",
}


@IN_COUNTY
def test_own_pages_do_show_own_rows(world: World, route: Route) -> None:
    """The probes above would be empty if no page showed anything: whatever lists or shows rows shows A's canaries."""
    names_an_object = bool(object_parameters(route))
    if "GET" not in route.methods or not names_an_object or route.name in NOT_SHOWN:
        return
    path = fill(route, world.a.tenant.slug, world.a.inside)
    with untouched():
        readers = ("UG", "UL", "VS") if route.name in SIDES_ONLY else ("CA", "CS", "both")
        answers = [ask(world.a, role, route, "GET", path) for role in readers]
    shown = [answer.status == 200 and answer.says(world.a.canary) for answer in answers]
    # Some pages lead on to where the row is shown.
    led = [answer.status == 302 and answer.location.startswith(f"/{world.a.tenant.slug}/") for answer in answers]
    assert any(shown) or any(led), [answer.status for answer in answers]


def test_a_leak_would_be_seen(world: World) -> None:
    """Who may enter both counties sees B's canaries in B's pages, papers and API: the eyes of the probes work."""
    blind = []
    for name in ("units:village_list", "units:village_export", "api:villages-list", "units:village"):
        route = next(route for route in county_routes() if route.name == name)
        with untouched():
            answer = ask(world.a, "both", route, "GET", fill(route, world.b.tenant.slug, world.b.inside))
        if answer.status != 200 or not answer.says(world.b.canary):
            blind.append((name, answer.status))
    assert blind == []
