"""What one measurement says."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio with its goal: ``goal`` None reports only; "equal" figures carry ratio 1.0 when all counts are the same."""

    name: str
    ratio: float
    goal: float | None
    told: str
    # Counted, not timed: holds on the busiest machine, and so in continuous integration.
    is_exact: bool = False

    @property
    def ok(self) -> bool:
        return self.goal is None or self.ratio <= self.goal

    def line(self) -> str:
        """The figure as one line of JSON."""
        return json.dumps({"name": self.name, "ratio": round(self.ratio, 3), "goal": self.goal, "ok": self.ok})


def interleaved(
    one: Callable[[], object], other: Callable[[], object], rounds: int = 5, *, before: Callable[[], object] | None = None
) -> tuple[float, float]:
    """Median seconds of two pieces of work, measured in turn so that a busy moment of the machine hits both.

    ``before``: done before the first in each round, and not measured.
    """
    first: list[float] = []
    second: list[float] = []
    for _ in range(rounds):
        if before is not None:
            before()
        for work, seconds in ((one, first), (other, second)):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
    return statistics.median(first), statistics.median(second)
