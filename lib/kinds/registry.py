"""The declared kinds, by code. Apps register theirs when they are loaded (``AppConfig.ready``)."""

from __future__ import annotations

from dataclasses import replace

from lib.kinds.checks import problems_of
from lib.kinds.declare import Field, Kind

_kinds: dict[str, Kind] = {}


class WrongDeclaration(Exception):
    """A kind names what its model does not have; the server does not start with it."""


def register(kind: Kind) -> Kind:
    """Make a kind known. Raises WrongDeclaration, naming kind, field and what is wrong."""
    problems = problems_of(kind)
    if problems:
        raise WrongDeclaration("\n".join(problems))
    _kinds[kind.code] = kind
    return kind


def extend(code: str, *fields: Field, after: str = "") -> None:
    """Add fields of an app above to a kind below (pairing tells units which are paired); behind the field ``after``."""
    kind = _kinds[code]
    known = {one.key for one in kind.fields}
    added = tuple(one for one in fields if one.key not in known)
    at = next((index + 1 for index, one in enumerate(kind.fields) if one.key == after), len(kind.fields))
    widened = (*kind.fields[:at], *added, *kind.fields[at:])
    trial = replace(kind, fields=widened)
    problems = problems_of(trial)
    if problems:
        raise WrongDeclaration("\n".join(problems))
    kind.fields = widened


def kind_of(code: str) -> Kind:
    """The kind with this code; KeyError when there is none."""
    return _kinds[code]


def all_kinds() -> tuple[Kind, ...]:
    """Every registered kind, in the order of registration."""
    return tuple(_kinds.values())
