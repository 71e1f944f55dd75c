"""The words of a scenario: each ``do`` and each ``what`` is one function with the fields it takes.

    @event("confirm", record=needed(readers.record), by=optional(readers.one_of(...)))
    def confirm(stage, given): ...

A word whose tables do not exist yet is declared with ``later``: it is read and checked, and then refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
    """One word. ``play`` None: it cannot be played yet."""

    name: str
    fields: Mapping[str, Field]
    play: Play | None
    check: Check | None = None


EVENTS: dict[str, Word] = {}
QUESTIONS: dict[str, Word] = {}


def _declare(words: dict[str, Word], name: str, fields: Mapping[str, Field], play: Play | None, check: Check | None) -> None:
    if name in words:
        raise ValueError(f"{name!r} is declared twice: a word means one thing.")
    words[name] = Word(name, fields, play, check)


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


def later_event(name: str, /, **fields: Field) -> None:
    """An event of the scenario's language that nothing in the product can play yet."""
    _declare(EVENTS, name, _named(fields), None, None)


def later_question(name: str, /, **fields: Field) -> None:
    _declare(QUESTIONS, name, _named(fields), None, None)


def _named(fields: Mapping[str, Field]) -> dict[str, Field]:
    return {name.rstrip("_"): field for name, field in fields.items()}
