"""Whom else those with an own scope may read, told by the apps above: pairing gives the partners."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

Extension = Callable[[frozenset[int]], Q]
_extensions: list[Extension] = []


def extend(extension: Extension) -> None:
    """Let people whose scope is ``units`` also read the units that ``extension(units)`` describes (a Q on Unit).

    It widens reading only, never what may be changed or taken away. Registering one twice is once.
    """
    if extension not in _extensions:
        _extensions.append(extension)


def beyond(units: frozenset[int]) -> Q:
    """The condition that all extensions give together; nothing when there is none."""
    found = Q(pk__in=[])
    for extension in _extensions:
        found |= extension(units)
    return found
