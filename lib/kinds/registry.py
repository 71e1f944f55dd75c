"""The declared kinds, by code. Apps register theirs when they are loaded (``AppConfig.ready``)."""

from __future__ import annotations

from dataclasses import replace

from lib.kinds.checks import problems_of
from lib.kinds.declare import Field, Kind

_kinds: dict[str, Kind] = {}
# Fields for kinds that are registered later: Django loads the upper apps first.
_waiting: dict[str, list[tuple[tuple[Field, ...], str]]] = {}


class WrongDeclaration(Exception):
    """A kind names what its model does not have; the server does not start with it."""


def _check(kind: Kind) -> None:
    problems = problems_of(kind)
    if problems:
        raise WrongDeclaration("\n".join(problems))


def register(kind: Kind) -> Kind:
    """Make a kind known. Raises WrongDeclaration, naming kind, field and what is wrong."""
    _check(kind)
    _kinds[kind.code] = kind
    for fields, after in _waiting.pop(kind.code, []):
        extend(kind.code, *fields, after=after)
    return kind


def extend(code: str, *fields: Field, after: str = "") -> None:
    """Add fields of an app above to a kind below (pairing tells units which are paired); behind the field ``after``."""
    kind = _kinds.get(code)
    if kind is None:
        _waiting.setdefault(code, []).append((fields, after))
        return
    known = [one.key for one in kind.fields]
    if after and after not in known:
        raise WrongDeclaration(f"Kind {code!r} has no field {after!r} to put another behind; it has {', '.join(known)}.")
    added = tuple(one for one in fields if one.key not in known)
    at = known.index(after) + 1 if after else len(known)
    widened = (*kind.fields[:at], *added, *kind.fields[at:])
    _check(replace(kind, fields=widened))
    kind.fields = widened


def kind_of(code: str) -> Kind:
    """The kind with this code; KeyError when there is none."""
    return _kinds[code]


def all_kinds() -> tuple[Kind, ...]:
    """Every registered kind, in the order of registration."""
    return tuple(_kinds.values())


def waiting() -> tuple[str, ...]:
    """Codes that were extended and never registered: misspelt, or of an app that is gone."""
    return tuple(_waiting)
