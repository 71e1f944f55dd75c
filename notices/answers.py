"""Who wants to know of an answer: apps above keep it with what the notice was about."""

from __future__ import annotations

from collections.abc import Callable

from notices.models import Notice

Listener = Callable[[Notice], None]
_listeners: list[Listener] = []


def on_answer(function: Listener) -> Listener:
    """Call ``function(notice)`` in the transaction of each answer; ``answer`` and ``promise_on`` stand in the notice."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def tell(notice: Notice) -> None:
    """Tell everybody who asked."""
    for function in _listeners:
        function(notice)
