"""What one measurement says."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one piece of work: by the clock, and of processors (our own process and the given backends)."""

    wall: float
    processor: float


def processor_seconds(backends: Iterable[int] = ()) -> float:
    """Processor time used so far by this process and by PostgreSQL's processes of these ids; 0 of theirs where unreadable."""
    ticks = 0
    for pid in backends:
        try:
            # After the name, which may hold blanks: utime and stime are the 14th and 15th field.
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def costs(
    *works: Callable[[], object], rounds: int = 5, before: Callable[[], object] | None = None, backends: Iterable[int] = ()
) -> list[Cost]:
    """Medians of several pieces of work, measured in turn so that a busy moment of the machine hits all of them.

    ``before``: done before the first in each round, and not measured. ``backends``: ids of the server's processes that
    work for them.
    """
    pids = tuple(backends)
    walls: list[list[float]] = [[] for _ in works]
    processors: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        if before is not None:
            before()
        for work, wall, processor in zip(works, walls, processors, strict=True):
            used, began = processor_seconds(pids), time.perf_counter()
            work()
            wall.append(time.perf_counter() - began)
            processor.append(processor_seconds(pids) - used)
    return [Cost(statistics.median(wall), statistics.median(used)) for wall, used in zip(walls, processors, strict=True)]


def interleaved(
    one: Callable[[], object], other: Callable[[], object], rounds: int = 5, *, before: Callable[[], object] | None = None
) -> tuple[float, float]:
    """Median seconds by the clock of two pieces of work, as ``costs`` measures them."""
    first, second = costs(one, other, rounds=rounds, before=before)
    return first.wall, second.wall


def by_processor(one: Cost, other: Cost) -> str:
    """The ratio by processor time, in words; nothing where it is too short to be told."""
    if other.processor < 0.02:
        return ""
    return f"; processor time {one.processor:.2f} s ÷ {other.processor:.3f} s, {one.processor / other.processor:.1f}"
