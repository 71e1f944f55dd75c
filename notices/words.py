"""What a message says, in its reader's language: made when it is shown, from what was kept when it was planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.models import Notice, OutboxMessage

Message = Notice | OutboxMessage
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words. ``next_step``: what comes next; ``url``: the place to act, empty for none."""

    title: str
    lines: tuple[str, ...] = ()
    next_step: str = ""
    url: str = ""


Teller = Callable[[Message, str], Words]
# (notices of a page) -> chip (templates/parts/chip.html) by notice id: how things stand today.
Standing = Callable[[list[Notice]], Mapping[int, Mapping[str, Any]]]
_tellers: dict[str, tuple[Teller, str | Promise]] = {}
_standings: list[Standing] = []


def of_kind(code: str, label: str | Promise) -> Callable[[Teller], Teller]:
    """``function(message, county's slug)`` says what messages of this kind say; ``label`` names the kind in lists."""

    def register(function: Teller) -> Teller:
        _tellers[code] = (function, label)
        return function

    return register


def standing(function: Standing) -> Standing:
    """Ask ``function`` how the things that notices tell of stand today; it leaves out those it knows nothing of."""
    if function not in _standings:
        _standings.append(function)
    return function


def words_of(message: Message, slug: str) -> Words:
    """What the message says."""
    found = _tellers.get(message.kind)
    return found[0](message, slug) if found else _plain(message, slug)


def kinds() -> list[tuple[str, str]]:
    """(code, label) of the kinds that are promised to people, by label."""
    return sorted(((code, str(label)) for code, (_tell, label) in _tellers.items() if code != DIGEST), key=lambda pair: pair[1])


def kind_label(code: str) -> str:
    """What messages of a kind are called."""
    found = _tellers.get(code)
    return str(found[1]) if found else code


def standings(notices: Iterable[Notice]) -> dict[int, Mapping[str, Any]]:
    """Chips by notice id."""
    rows = list(notices)
    chips: dict[int, Mapping[str, Any]] = {}
    for function in _standings:
        chips.update(function(rows))
    return chips


def _plain(message: Message, slug: str) -> Words:
    told = message.payload
    return Words(
        str(told.get("title", "")) or _("A message"),
        tuple(str(line) for line in told.get("lines", [])),
        str(told.get("next_step", "")),
        str(told.get("url", "")),
    )


@of_kind(DIGEST, gettext_lazy("reminders of the week"))
def _digest(message: Message, slug: str) -> Words:
    year, week = str(message.payload.get("week", "-W")).split("-W")
    return Words(
        _("Reminders of week %(week)s of %(year)s") % {"week": int(week or 0), "year": year},
        next_step=_("Nothing is overdue yet. Write down what was done; answer what waits for your confirmation."),
    )
