"""A field of a form with label, help and errors: templates/parts/field.html, drawn here for filters have a dozen."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lib.drawn.words import drawn, escaped


def field(one: Any, *, plain: Any = False) -> SafeString:
    """``one``: a BoundField; ``plain`` leaves out the word "required"."""
    if one.is_hidden:
        return drawn(str(one))
    errors = one.errors
    wrong = " data-wrong" if errors else ""
    label = escaped(one.label)
    below = _errors(one.auto_id, errors) if errors else ""
    if one.widget_type == "checkbox":
        ticked = f'<label class="tickline" for="{escaped(one.id_for_label)}">{one} {label}</label>'
        return drawn(f'<div class="field field-tick"{wrong}>\n  {ticked}{_help(one)}{below}\n</div>')
    must = format_html(' <span class="must">{}</span>', _("required")) if one.field.required and not plain else ""
    if one.use_fieldset:
        by = one.aria_describedby
        described = format_html(' aria-describedby="{}"', by) if by else ""
        legend = f'<legend id="{escaped(one.auto_id)}">{label}{must}</legend>'
        return drawn(f'<fieldset class="field"{wrong}{described}>\n  {legend}{_help(one)}\n  {one}{below}\n</fieldset>')
    named = f'<label for="{escaped(one.id_for_label)}">{label}{must}</label>'
    return drawn(f'<div class="field"{wrong}>\n  {named}{_help(one)}\n  {one}{below}\n</div>')


def _help(one: Any) -> str:
    return format_html('\n  <p class="field-help" id="{}_helptext">{}</p>', one.auto_id, one.help_text) if one.help_text else ""


def _errors(of: str, errors: Any) -> SafeString:
    told = format_html_join("", "<p>{}</p>", ((error,) for error in errors))
    return format_html('\n  <div class="field-error" id="{}_error">{}</div>', of, told)
