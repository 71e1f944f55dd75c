"""What the dispatcher does in each round besides jobs; apps above register theirs when the server starts."""

from __future__ import annotations

from collections.abc import Callable

Round = Callable[[], int]
_rounds: list[Round] = []


def each_round(function: Round) -> Round:
    """Do ``function`` in each round of ``manage.py dispatch``; it answers how many things it has done."""
    if function not in _rounds:
        _rounds.append(function)
    return function


def do_all() -> int:
    """One round of everything; the number of things done."""
    return sum(function() for function in _rounds)
