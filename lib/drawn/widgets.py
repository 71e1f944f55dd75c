"""The renderer of forms: Django's, but for boxes and choices, which a list's filters have by the hundred.

What is drawn here is what Django's own templates give, to the letter but for white space; tests/lib/drawn holds them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from lib.drawn.words import drawn, escaped

_FOLDER = "django/forms/widgets/"
SELECT = f"{_FOLDER}select.html"
_OPTION = f"{_FOLDER}select_option.html"
# All of them are one template of Django's, input.html.
INPUTS = frozenset(f"{_FOLDER}{name}.html" for name in ("text", "number", "email", "url", "hidden", "date", "checkbox"))


class Renderer(DjangoTemplates):
    """For ``FORM_RENDERER``."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        widget = context.get("widget")
        if widget is not None:
            if template_name in INPUTS:
                return _input(widget)
            if template_name == SELECT and _is_plain(widget):
                return _select(widget)
        return drawn(super().render(template_name, context, request))


def _plain(value: Any) -> str:
    """What ``{{ value|stringformat:'s' }}`` gives: escaped unless marked safe, never in the reader's form."""
    return str(value) if isinstance(value, SafeString) else escape(str(value))


def _attributes(attrs: Mapping[str, Any]) -> str:
    made = []
    for name, value in attrs.items():
        if value is not False:
            made.append(f" {escaped(name)}" if value is True else f' {escaped(name)}="{_plain(value)}"')
    return "".join(made)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = f' value="{_plain(widget["value"])}"' if widget["value"] is not None else ""
    name, kind = escaped(widget["name"]), escaped(widget["type"])
    return drawn(f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>')


def _is_plain(widget: Mapping[str, Any]) -> bool:
    """Whether no option has a template of its own."""
    return all(option["template_name"] == _OPTION for _name, options, _n in widget["optgroups"] for option in options)


def _select(widget: Mapping[str, Any]) -> SafeString:
    made = [f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _n in widget["optgroups"]:
        inside = "".join(
            f'<option value="{_plain(one["value"])}"{_attributes(one["attrs"])}>{escaped(one["label"])}</option>'
            for one in options
        )
        made.append(f'<optgroup label="{escaped(group)}">{inside}</optgroup>' if group else inside)
    made.append("</select>")
    return drawn(*made)
