"""State chips: shape, word and colour, the same everywhere (ui.md). templates/parts/chip.html is drawn here too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from lib.drawn.words import drawn, escaped


class State(NamedTuple):
    """How a state looks. ``mark``: a symbol of static/img/marks.svg."""

    word: Promise
    tone: str
    mark: str


# Of a duty, then of a row to import.
STATES: Mapping[str, State] = {
    "not_due": State(pgettext_lazy("state", "Not due"), "grey", "hollow"),
    "open": State(pgettext_lazy("state", "Open"), "blue", "half"),
    "waiting": State(pgettext_lazy("state", "To be confirmed"), "indigo", "hourglass"),
    "met": State(pgettext_lazy("state", "Met"), "green", "tick"),
    "met_late": State(pgettext_lazy("state", "Met late"), "green", "tick-clock"),
    "missed": State(pgettext_lazy("state", "Missed"), "red", "cross"),
    "waived": State(pgettext_lazy("state", "Waived"), "grey", "dash"),
    "ok": State(pgettext_lazy("state", "Can be imported"), "green", "tick"),
    "question": State(pgettext_lazy("state", "Question"), "amber", "question"),
    "error": State(pgettext_lazy("state", "Error"), "red", "cross"),
}


# The sprite's address does not change while a process runs, and a list has hundreds of marks.
@lru_cache(maxsize=64)
def mark(name: str) -> SafeString:
    """A symbol beside a word; hidden from screen readers, who have the word."""
    return format_html(
        '<svg class="sign" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', static("img/marks.svg"), name
    )


def chip(one: Any) -> SafeString:
    """A state as shape + word + colour; ``one`` as templates/parts/chip.html tells it, nothing for nothing."""
    if not one:
        one = {}
    state = STATES.get(one.get("state") or "")
    if state is None:
        title = format_html(' title="{}"', one["title"]) if one.get("title") else ""
        tone, sign = escaped(one.get("tone") or "grey"), mark(one.get("mark") or "dot")
        return drawn(f'<span class="chip" data-tone="{tone}"{title}>{sign}\n{escaped(one.get("word", ""))}</span>')
    word = escaped(state.word)
    if one["state"] == "waived":
        word = f"<s>{word}</s>"
    outlined = ' class="chip chip-outline"' if one["state"] == "met_late" else ' class="chip"'
    return drawn(f'<span{outlined} data-tone="{state.tone}">{mark(state.mark)}\n{word}</span>')
