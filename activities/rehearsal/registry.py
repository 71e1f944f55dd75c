"""The words of a scenario: each ``do`` and each ``what`` is one function with the fields it takes.

    @event("confirm", record=needed(readers.record), by=optional(readers.one_of(...)))
    def confirm(stage, given): ...

A word whose tables lie on a floor above is declared with ``later_event`` or ``later_question`` and played by that floor,
which registers it with ``plays``. One that nobody plays is read and checked, and then refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from activities.rehearsal.readers import Names, Reader
from activities.rehearsal.stage import Stage

Given = Mapping[str, Any]
Play = Callable[[Stage, Given], Any]
# (field, sentence) for what fits field by field and not together.
Check = Callable[[Given, Names], Iterator[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a word: how it is read, and whether it must stand there."""

    read: Reader
    is_needed: bool = False


def needed(read: Reader) -> Field:
    return Field(read, is_needed=True)


def optional(read: Reader) -> Field:
    return Field(read)


@dataclass(frozen=True, slots=True)
class Word:
    """One word. ``play`` None: no floor plays it."""

    name: str
    fields: Mapping[str, Field]
    play: Play | None
    check: Check | None = None


EVENTS: dict[str, Word] = {}
QUESTIONS: dict[str, Word] = {}
# What floors above play, by word: they register when the server starts, words are declared when first read.
_above: dict[str, tuple[Play, Check | None]] = {}


def _declare(words: dict[str, Word], name: str, fields: Mapping[str, Field], play: Play | None, check: Check | None) -> None:
    if name in words:
        raise ValueError(f"{name!r} is declared twice: a word means one thing.")
    above_play, above_check = _above.get(name, (None, None))
    words[name] = Word(name, fields, play or above_play, check or above_check)


def event(name: str, check: Check | None = None, /, **fields: Field) -> Callable[[Play], Play]:
    """Declare an event; ``from_`` stands for the field ``from``."""

    def declare(play: Play) -> Play:
        _declare(EVENTS, name, _named(fields), play, check)
        return play

    return declare


def question(name: str, check: Check | None = None, /, **fields: Field) -> Callable[[Play], Play]:
    """Declare something that may be asked; ``at`` is given to all."""

    def declare(play: Play) -> Play:
        _declare(QUESTIONS, name, _named(fields), play, check)
        return play

    return declare


def plays(name: str, check: Check | None = None, /) -> Callable[[Play], Play]:
    """Let a floor above play a word that is declared with ``later_event`` or ``later_question``.

    Raises ValueError when somebody plays it already.
    """

    def keep(play: Play) -> Play:
        declared = {**EVENTS, **QUESTIONS}.get(name)
        if name in _above or (declared is not None and declared.play is not None):
            raise ValueError(f"{name!r} is played already: a word means one thing.")
        _above[name] = (play, check)
        for words in (EVENTS, QUESTIONS):
            if name in words:
                words[name] = replace(words[name], play=play, check=check)
        return play

    return keep


def later_event(name: str, /, **fields: Field) -> None:
    """An event that a floor above plays."""
    _declare(EVENTS, name, _named(fields), None, None)


def later_question(name: str, /, **fields: Field) -> None:
    _declare(QUESTIONS, name, _named(fields), None, None)


def _named(fields: Mapping[str, Field]) -> dict[str, Field]:
    return {name.rstrip("_"): field for name, field in fields.items()}
