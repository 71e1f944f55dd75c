"""Text on its way into HTML, escaped as a template escapes it."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import localize
from django.utils.safestring import SafeString


def escaped(value: Any) -> str:
    """What ``{{ value }}`` gives: escaped unless marked safe; numbers and dates in the reader's form; None as a word."""
    kind = type(value)
    if kind is str:
        return escape(value)
    if kind is SafeString:
        return str(value)
    found = localize(value)
    return str(found) if hasattr(found, "__html__") else escape(str(found))


def drawn(*pieces: str) -> SafeString:
    """Pieces of HTML as one that templates take as it is. Whoever calls it has escaped all text in them."""
    return SafeString("".join(pieces))


def as_json(value: Any, element_id: str) -> SafeString:
    """What the filter ``json_script`` gives: figures for a script, in which nothing ends the element.

    The filter itself goes through the text letter by letter, of which a board has 40,000.
    """
    text = json.dumps(value, cls=DjangoJSONEncoder)
    text = text.replace("&", "\\u0026").replace("<", "\\u003C").replace(">", "\\u003E")
    return drawn(f'<script id="{escaped(element_id)}" type="application/json">{text}</script>')


def is_nothing(value: Any) -> bool:
    """Whether a cell with this text is empty: nothing at all, or no letter. 0 is something."""
    return bool(value is None or value == "")
