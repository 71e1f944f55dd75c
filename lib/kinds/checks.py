"""What can be wrong with a declaration, found when the server starts and not when a county opens the page."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Model

from lib.kinds.declare import Field, Kind, Type

# What an address of a list says of its own (lib/kinds/listing.py): no filter can be called so.
_OF_THE_LIST = ("form", "page", "size", "sort", "col")


def _unknown(model: type[Model], path: str) -> str:
    """Why a path leads nowhere; empty when the model has it."""
    try:
        # The plain manager: the scoped one wants a tenant, and no query is sent here.
        model._base_manager.values(path).query  # noqa: B018
    except (FieldError, FieldDoesNotExist) as problem:
        return str(problem).split(" Choices are")[0]
    return ""


def _of_field(kind: Kind, one: Field) -> Iterator[str]:
    at = f"Kind {kind.code!r}, field {one.key!r}: "
    paths = [*one.sort, *([one.note] if one.note else [])]
    if one.annotate is None:
        paths.append(one.source)
    for path in (one.uid, one.phone):
        if isinstance(path, str) and path:
            paths.append(path)
    if one.filter is not None and one.filter.where is None:
        paths.append(one.filter.path or one.source)
    for path in paths:
        if one.annotate is not None and path in (one.source, one.key):
            continue
        problem = _unknown(kind.model, path)
        if problem:
            yield f"{at}the path {path!r} leads nowhere. {problem}"
    if one.type in (Type.CHOICE, Type.CHOICES) and one.choices is None:
        yield f"{at}a choice needs `choices`."
    if one.filter is not None and one.filter.widget == "row" and one.filter.rows is None:
        yield f"{at}a filter by row needs `rows`, the rows that are offered."
    if one.filter is not None and one.filter.widget == "choice" and not (one.filter.choices or one.choices):
        yield f"{at}a filter by choice needs `choices`."
    taken = (*_OF_THE_LIST, *(("q",) if kind.search.names else ()), *(("state",) if kind.states else ()))
    if one.filter is not None and one.key in taken:
        yield f"{at}a filter cannot be called so: in the list's address the name means something else. Give the key another."
    if one.in_form:
        problem = _unknown(kind.model, one.attribute or one.source)
        if problem or "__" in (one.attribute or one.source):
            yield f"{at}a form cannot set {one.attribute or one.source!r}. {problem}"


def problems_of(kind: Kind) -> list[str]:
    """Sentences for developers, each naming kind, field and fix; empty when the declaration holds."""
    found = [sentence for one in kind.fields for sentence in _of_field(kind, one)]
    keys = [one.key for one in kind.fields]
    found += [f"Kind {kind.code!r}: two fields are called {key!r}." for key in sorted({k for k in keys if keys.count(k) > 1})]
    search = kind.search
    looked_at = [*search.names, *search.pinyin, *search.initials, *search.below]
    for path in (kind.title_path, *kind.order, *kind.chip_paths, *looked_at):
        problem = _unknown(kind.model, path.lstrip("-"))
        if problem:
            found.append(f"Kind {kind.code!r}: the path {path!r} leads nowhere. {problem}")
    found += [f"Kind {kind.code!r}: its ledger names {key!r}, which is no field." for key in kind.ledger if key not in keys]
    if not any(one.listed for one in kind.fields):
        found.append(f"Kind {kind.code!r}: no field is a column of its list.")
    return found
