"""T14 in small: requests of two counties alternate on few kept connections, and no row of one is seen in the other's answer."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.live import LiveServer
from tests.world import World, build

N_REQUESTS = 300
N_THREADS = 8
PAGES = ("units/villages/", "pairings/", "units/people/", "audit/", "units/villages/?q=%E6%9D%91", "programmes/", "nowhere/")


@pytest.fixture(scope="module")
def live_world(live_module: LiveServer) -> tuple[LiveServer, World]:
    return live_module, build()


def test_threads_on_kept_connections_mix_no_rows(live_world: tuple[LiveServer, World]) -> None:
    live, world = live_world
    sides = (world.a, world.b)

    def fetch(number: int) -> tuple[int, set[str]]:
        side = sides[number % 2]
        path = f"/{side.tenant.slug}/{PAGES[number % len(PAGES)]}"
        request = urllib.request.Request(live.url + path, headers={"Cookie": f"session={side.sessions['CS']}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as problem:
            with problem:
                status, text = problem.code, problem.read().decode()
        return status, {letter for letter in re.findall(r"zq([ab])\d{4}", text) if letter != side.letter}

    with ThreadPoolExecutor(N_THREADS) as pool:
        answers = list(pool.map(fetch, range(N_REQUESTS)))

    assert [number for number, (_status, foreign) in enumerate(answers) if foreign] == []
    wrong = {i: s for i, (s, _f) in enumerate(answers) if s != (404 if PAGES[i % len(PAGES)] == "nowhere/" else 200)}
    assert wrong == {}
