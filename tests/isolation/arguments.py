"""What stands in an address's holes: which kind of object a parameter names, found by its name or the word before it.

A route with a parameter that is not told here fails its test, and the message says to add it.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from tests.routes import Route
from tests.world import Objects

# A parameter's own name → kind of object in tests.world.
NAMES = {
    "unit": "unit",
    "town": "town",
    "village": "village",
    "person": "person",
    "post": "post",
    "programme": "programme",
    "pairing": "pairing",
    "grant": "grant",
    "account": "account",
    "batch": "batch",
    "row": "import_row",
    "listing": "listing",
    "alias": "alias",
    "revision": "revision",
    "change": "division_change",
    "feedback": "feedback",
    "job": "job",
    "rule": "rule",
    "waiver": "waiver",
    "activity_type": "type",
    "content_class": "content_class",
    "parent": "town",
    "party_org": "party_organisation",
    "cycle": "cycle",
    "rubric": "rubric",
    "dispute": "dispute",
}
# The word in front of a parameter that is only called uid, pk, id or by its lookup → kind.
WORDS = {
    "units": "unit",
    "organisations": "unit",
    "party-organisations": "party_organisation",
    "groups": "group",
    "towns": "town",
    "villages": "village",
    "people": "person",
    "programmes": "programme",
    "pairings": "pairing",
    "posts": "post",
    "grants": "grant",
    "accounts": "account",
    "logins": "account",
    "imports": "batch",
    "import": "batch",
    "rows": "import_row",
    "listings": "listing",
    "lists": "listing",
    "aliases": "alias",
    "revisions": "revision",
    "divisions": "revision",
    "changes": "division_change",
    "feedback": "feedback",
    "jobs": "job",
    "many": "job",
    "audit": "audit",
    "inbox": "notice",
    "records": "record",
    "obligations": "obligation",
    "items": "item",
    "projects": "item",
    "livelihood": "livelihood_item",
    "courtyards": "courtyard",
    "visitors": "visitor",
    "rules": "rule",
    "waivers": "waiver",
    "assessments": "cycle",
    "households": "household",
    "figures": "figure",
    "warnings": "warning",
    "findings": "finding",
    "polls": "poll",
    "honours": "honour",
    "vetoes": "veto",
    "joint-reports": "joint_report",
}
ANONYMOUS = {"uid", "pk", "id", "object", "object_uid"}
# Parameters that name no object of a county: one value that the product knows.
WORD_VALUES = {
    "kind": "units",
    "slug": "jia-xian",
    "format": "json",
    "language": "en",
    "code": "A1",
    "step": "score",
    "number": "1",
    "quarter": "2025-Q1",
    "paper": "month",
    "table": "rules",
}
# (route name, parameter) where the general rule would choose wrongly.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("pairing:post_phone", "post"): "pairing_post",
    ("units:listing_add", "uid"): "village",
    ("units:reopen", "uid"): "ended_unit",
    ("activities:item_degraded", "uid"): "courtyard",
    ("activities:item_house", "uid"): "courtyard",
    ("assessment:what_if_compare", "rubric"): "what_if",
    # Shown when a year is published and closed.
    ("assessment:results", "cycle"): "closed_cycle",
    ("assessment:results_excel", "cycle"): "closed_cycle",
    ("assessment:publicity_excel", "cycle"): "closed_cycle",
    ("assessment:sheet_excel", "cycle"): "closed_cycle",
    ("assessment:publicity", "cycle"): "closed_cycle",
    ("reports:notice", "cycle"): "closed_cycle",
    ("reports:notice_pdf", "cycle"): "closed_cycle",
    ("assessment:archive", "cycle"): "closed_cycle",
    ("assessment:archive_file", "cycle"): "closed_cycle",
    ("assessment:sheet", "cycle"): "closed_cycle",
    ("assessment:sheet_word", "cycle"): "closed_cycle",
    ("assessment:sheet_line", "cycle"): "closed_cycle",
}
WORD_EXCEPTIONS: dict[tuple[str, str], str] = {
    ("pairing:post", "kind"): "liaison",
    ("assessment:rubric_group", "code"): "A",
    ("assessment:rubric_line_add", "code"): "A",
    ("assessment:rubric_group_drop", "code"): "A",
}


class UnknownParameter(LookupError):
    """A parameter of a route that nobody has told the isolation tests about."""


def kind_of(route: Route, parameter: str) -> str | None:
    """The kind of object that a parameter names; None for a plain word. Raises UnknownParameter."""
    if (route.name, parameter) in EXCEPTIONS:
        return EXCEPTIONS[route.name, parameter]
    if (route.name, parameter) in WORD_EXCEPTIONS:
        return None
    if parameter in ANONYMOUS:
        before = re.search(rf"([a-z_-]+)/[^/]*[<(][^/]*{parameter}", route.path)
        if before and before.group(1) in WORDS:
            return WORDS[before.group(1)]
    if parameter in NAMES:
        return NAMES[parameter]
    if parameter in WORD_VALUES:
        return None
    raise UnknownParameter(
        f"{route}: what does <{parameter}> of {route.path} name? Add it to NAMES, WORDS or WORD_VALUES in {__name__}."
    )


def object_parameters(route: Route) -> list[str]:
    """Parameters of the route that name an object of a county."""
    return [name for name in route.parameters if name != "tenant" and kind_of(route, name) is not None]


def fill(route: Route, slug: str, objects: Objects, **instead: Any) -> str:
    """The route's path in county ``slug`` over ``objects``; ``instead`` gives other values for some parameters."""
    values: dict[str, Any] = {}
    for name in route.parameters:
        if name == "tenant":
            values[name] = slug
            continue
        kind = kind_of(route, name)
        word = WORD_EXCEPTIONS.get((route.name, name)) or WORD_VALUES.get(name)
        values[name] = word if kind is None else public_id(objects[kind])
    values |= instead

    def value(match: re.Match[str]) -> str:
        return str(values[match.group("name")])

    path = re.sub(r"<(?:[a-z_]+:)?(?P<name>[a-z_]+)>", value, _plain(route.path))
    return f"/{path}"


def _plain(path: str) -> str:
    """A path as declared, regular expressions (of the API's router) written like converters."""
    path = re.sub(r"\(\?P<([a-z_]+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", path)
    return path.replace("^", "").replace("\\Z", "").replace("$", "").replace("\\.", ".").replace("/?", "/")


def public_id(thing: Any) -> str:
    """How the product names a row to the outside."""
    return str(thing.uid)


def nobody_s() -> str:
    """An id that names nothing anywhere."""
    return str(uuid.uuid4())
