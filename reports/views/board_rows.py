"""The rows of a board's two tables, put together here and not by a template: a year has two hundred figures (performance.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.safestring import SafeString

from lib.drawn.words import drawn, escaped
from reports.queries.board import Figure, Line, Trend


def _link(figure: Figure) -> str:
    return f'<a data-figure="{figure.value}" href="{escaped(figure.url)}">{escaped(figure.text)}</a>'


def _named(label: str) -> str:
    return f'<th scope="row">{escaped(label)}</th>'


def trend_rows(trends: Iterable[Trend]) -> SafeString:
    """Each rule over the year's months: done of owed as two links, nothing where nothing is owed."""
    return drawn(*(f"<tr>{_named(one.label)}{''.join(map(_share, one.points))}</tr>" for one in trends))


def _share(point: Line | None) -> str:
    if point is None or not point.figures["owed"].value:
        return '<td class="num">—</td>'
    return f'<td class="num">{_link(point.figures["done"])}/{_link(point.figures["owed"])}</td>'


def town_rows(towns: Iterable[Line], parts: Mapping[str, str]) -> SafeString:
    """Each town with its figures; ``parts``: code of the figure → name of the column, which stands beside it on a phone."""
    labels = {code: escaped(label) for code, label in parts.items()}
    made = []
    for one in towns:
        cells = (
            f'<td class="num" data-label="{label}"><div>{_link(one.figures[code])}</div></td>' for code, label in labels.items()
        )
        made.append(f"<tr>{_named(one.label)}{''.join(cells)}</tr>")
    return drawn(*made)
