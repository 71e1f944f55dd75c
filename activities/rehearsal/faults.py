"""What is wrong with a scenario, and where: nothing is guessed, everything is named (docs/rehearsal.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# More than this nobody mends in one go.
MOST_TOLD = 20


class Wrong(ValueError):
    """A value cannot be what its field asks for; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``place`` is the path within the file: ``events[3].on``; ``第 4 行第 12 列`` where the file is no JSON."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}:{self.sentence}"


class ScenarioRefused(ValueError):
    """The scenario cannot be played as it is written; nothing was played."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
