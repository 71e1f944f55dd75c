"""One test over many things: what is wrong with any of them is collected, and told by its name.

As parameters each would be a test of its own, and what pytest does around a test costs more than these take.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import pytest

from tests.world import untouched


def for_each(parameter: str, things: Sequence[Any], *, named: Callable[[Any], str] = str) -> Callable[..., Any]:
    """Run a test for each of ``things``, given as ``parameter``; with a world, each on it as it was built."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def whole(**given: Any) -> None:
            wrong = []
            for thing in things:
                try:
                    with untouched() if "world" in given else nullcontext():
                        test(**given, **{parameter: thing})
                except (Exception, pytest.fail.Exception) as problem:
                    wrong.append(f"{named(thing)}: {type(problem).__name__}: {problem}")
            assert not wrong, "\n".join(wrong)
            assert things

        asked = inspect.signature(test)
        kept = [one for name, one in asked.parameters.items() if name != parameter]
        whole.__signature__ = asked.replace(parameters=kept)  # type: ignore[attr-defined]
        return whole

    return decorate
