"""Thousands of requests are refused here on purpose; their log lines would cost more than the requests."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.isolation.asking import KNOWN
from tests.world import World


@pytest.fixture(autouse=True, scope="package")
def _quiet() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    yield
    logging.disable(before)


@pytest.fixture(autouse=True)
def _known_ids(request: pytest.FixtureRequest) -> None:
    """Tells ``asking`` which ids are A's own."""
    if "world" in request.fixturenames:
        world: World = request.getfixturevalue("world")
        KNOWN.clear()
        KNOWN.update(str(thing.uid) for things in (world.a.inside, world.a.outside) for thing in things.values())
