"""The parts of a list that grow with its rows and columns. What a table is: templates/parts/table.html."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lib.drawn.chips import chip
from lib.drawn.words import drawn, escaped, is_nothing

Part = Mapping[str, Any]
_NONE = '<span class="none">—</span>'


def _link(url: Any, text: Any) -> str:
    return f'<a href="{escaped(url)}">{escaped(text)}</a>'


def _note(cell: Part) -> str:
    return f"<small>{escaped(cell['note'])}</small>" if cell.get("note") else ""


def _name(row: Part, cell: Part) -> str:
    """The first cell: the row's name, which opens it."""
    text = cell.get("text", "")
    name = _link(row["url"], text) if row.get("url") else escaped(text)
    state = f" {chip(cell['chip'])}" if cell.get("chip") else ""
    return f'<th scope="row">{name}{state}{_note(cell)}</th>'


def _inside(cell: Part) -> str:
    if cell.get("chip"):
        return chip(cell["chip"])
    if cell.get("links"):
        return escaped(_(", ")).join(_link(link.get("url", ""), link.get("label", "")) for link in cell["links"])
    text = cell.get("text", "")
    if cell.get("url"):
        return _link(cell["url"], text)
    return _NONE if is_nothing(text) else escaped(text)


def _labelled(cell: Part, inside: str, *, is_empty: bool) -> str:
    """A cell below its column; on a phone the column's name stands beside it."""
    numeric = ' class="num"' if cell.get("numeric") else ""
    empty = " data-empty" if is_empty else ""
    return f'<td data-label="{_label(str(cell.get("label", "")))}"{numeric}{empty}><div>{inside}</div></td>'


@lru_cache(maxsize=512)
def _label(word: str) -> str:
    """A column's name as an attribute: some hundred words, each in every row."""
    return escaped(word)


def _cell(cell: Part) -> str:
    is_empty = is_nothing(cell.get("text", "")) and not (cell.get("chip") or cell.get("links") or cell.get("note"))
    return _labelled(cell, _inside(cell) + _note(cell), is_empty=is_empty)


def _actions(row: Part) -> str:
    found = (
        f'<a class="btn btn-sm" href="{escaped(one["url"])}">{escaped(one["label"])}</a>' for one in row.get("actions") or ()
    )
    return f'<td class="row-actions">{"".join(found)}</td>'


def rows(table: Part) -> SafeString:
    """The rows, the first cell of each as its name."""
    has_actions = bool(table.get("has_actions"))
    made = []
    for row in table["rows"]:
        first, *others = row["cells"]
        actions = _actions(row) if has_actions else ""
        made.append(f"<tr>{_name(row, first)}{''.join(map(_cell, others))}{actions}</tr>")
    return drawn(*made)


def heads(table: Part) -> SafeString:
    """The columns' names, those that sort as links."""
    made = [_head(escaped(table.get("id", "")), column) for column in table["columns"]]
    if table.get("has_actions"):
        name = pgettext("column of buttons", "Do")
        made.append(f'<th scope="col">{escaped(name)}</th>')
    return drawn(f"<tr>{''.join(made)}</tr>")


def _head(of: str, column: Part) -> str:
    shape = ' class="num"' if column.get("numeric") else ' class="wide"' if column.get("wide") else ""
    order = f' aria-sort="{escaped(column["sort_state"])}"' if column.get("sort_state") else ""
    name = escaped(column.get("label", ""))
    if column.get("sort_url"):
        key = escaped(column.get("key", ""))
        name = f'<a class="sort" id="{of}-sort-{key}" href="{escaped(column["sort_url"])}">{name}</a>'
    return f'<th scope="col"{shape}{order}>{name}</th>'


def totals(table: Part) -> SafeString:
    """The last line: sums over all pages."""
    first, *others = table["totals"]
    made = [f'<th scope="row">{escaped(first.get("text", ""))}</th>']
    made += [_labelled(one, escaped(one.get("text", "")), is_empty=one.get("text", "") == "") for one in others]
    if table.get("has_actions"):
        made.append("<td data-empty></td>")
    return drawn(f"<tr>{''.join(made)}</tr>")


def kept(hidden: Any) -> SafeString:
    """Parameters that a form sends along: [{name, value}]."""
    return drawn(
        *(f'<input type="hidden" name="{escaped(one["name"])}" value="{escaped(one["value"])}">' for one in hidden or ())
    )


def choices(chooser: Part) -> SafeString:
    """A tick for each column that a list can show."""
    name = escaped(chooser["name"])
    return drawn(*(_tick(name, column) for column in chooser["columns"]))


def _tick(name: str, column: Part) -> str:
    is_fixed = bool(column.get("fixed"))
    ticked = " checked" if column.get("chosen") or is_fixed else ""
    disabled = " disabled" if is_fixed else ""
    return (
        f'<label class="tickline"><input type="checkbox" name="{name}" value="{escaped(column["key"])}"{ticked}{disabled}>'
        f" {escaped(column['label'])}</label>"
    )
