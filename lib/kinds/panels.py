"""Parts of a row's page, and what can be done there; an app above adds its own to a kind below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.kinds.declare import Words


@dataclass(frozen=True, slots=True)
class Panel:
    """A card on the page of one row. ``template`` is included with ``panel`` and everything of ``context`` beside it.

    ``bare``: no frame and no title to be seen, for what explains itself. ``waits``: on the first page, what waits there in
    two or three words; a link to the card stands at the top, for telephones show little at once.
    """

    key: str
    title: Words
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50
    action_label: Words = ""
    action_url: str = ""
    bare: bool = False
    waits: Words = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button at the head of a row's page. The first that is ``primary`` is red, the others stand beside it."""

    label: Words
    url: str
    primary: bool = False
    order: int = 50


PanelMaker = Callable[[Any, Any], Panel | None]
ActionMaker = Callable[[Any, Any], Action | None]
_panels: dict[str, dict[str, PanelMaker]] = defaultdict(dict)
_actions: dict[str, dict[str, ActionMaker]] = defaultdict(dict)


def _name(maker: Callable[..., Any]) -> str:
    return f"{maker.__module__}.{maker.__qualname__}"


def register(maker: PanelMaker, *codes: str) -> None:
    """Show ``maker(request, row)`` on the pages of these kinds; None for nothing to show. Twice is once."""
    for code in codes:
        _panels[code][_name(maker)] = maker


def register_action(maker: ActionMaker, *codes: str) -> None:
    """Offer ``maker(request, row)`` as a button on the pages of these kinds; None for those who may not."""
    for code in codes:
        _actions[code][_name(maker)] = maker


def panels_of(code: str, request: Any, row: Any) -> list[Panel]:
    """The cards of a row's page, in order."""
    made = [maker(request, row) for maker in _panels[code].values()]
    return sorted((panel for panel in made if panel is not None), key=lambda panel: panel.order)


def actions_of(code: str, request: Any, row: Any) -> list[Action]:
    """The buttons of a row's page, in order."""
    made = [maker(request, row) for maker in _actions[code].values()]
    return sorted((action for action in made if action is not None), key=lambda action: (not action.primary, action.order))
