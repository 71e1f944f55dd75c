"""A part that ends is begun anew, after longer and longer pauses."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from config.keeping import LONGEST_PAUSE, WELL_SECONDS, Kept


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def ended() -> threading.Thread:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    return thread


def starts(kept: Kept, clock: Clock, begun: list[float], seconds: float) -> list[float]:
    """When it was begun in so many seconds, looked at four times each."""
    del begun[:]
    first, end = clock.now, clock.now + seconds
    while clock.now < end:
        clock.now += 0.25
        kept.look()
    return [at - first for at in begun]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def keep(clock: Clock, begin: Callable[[], threading.Thread]) -> tuple[Kept, list[float]]:
    begun: list[float] = []

    def noted() -> threading.Thread:
        begun.append(clock.now)
        return begin()

    kept = Kept("worker", noted, clock)
    kept.start()
    return kept, begun


def test_pauses_grow_and_do_not_end(clock: Clock) -> None:
    kept, begun = keep(clock, ended)

    times = starts(kept, clock, begun, 500)

    pauses = [round(later - earlier) for earlier, later in zip([0.0, *times], times, strict=False)]
    assert pauses[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert set(pauses[6:]) == {round(LONGEST_PAUSE)}


def test_what_does_not_even_start_is_tried_again(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> threading.Thread:
        raise OSError("no more threads")

    kept, begun = keep(clock, broken)

    assert len(starts(kept, clock, begun, 10)) == 3
    assert "The worker part does not start." in caplog.text


def test_what_runs_is_left_alone_and_a_long_life_is_forgiven(clock: Clock) -> None:
    stop = threading.Event()
    lives = [False, False, False, True, False]

    def some_live() -> threading.Thread:
        if not lives.pop(0):
            return ended()
        thread = threading.Thread(target=stop.wait, daemon=True)
        thread.start()
        return thread

    kept, begun = keep(clock, some_live)
    assert len(starts(kept, clock, begun, 20)) == 3
    assert starts(kept, clock, begun, WELL_SECONDS) == []

    stop.set()
    assert kept.thread is not None
    kept.thread.join()

    assert [round(at) for at in starts(kept, clock, begun, 2)] == [1], "the pause is short again"
