"""Opening every figure of a page: each is a link to a list with as many rows as the figure says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client

_FIGURE = re.compile(r'<a\b[^>]*\bdata-figure="(\d+)"[^>]*\bhref="([^"]*)"')


@dataclass(frozen=True)
class Found:
    """A figure as it stands on the page."""

    value: int
    url: str


def figures_of(html: str) -> list[Found]:
    """All figures of a page."""
    return [Found(int(value), unescape(url)) for value, url in _FIGURE.findall(html)]


def _target(url: str) -> str:
    return "obligation-list" if "/obligations/" in url else ""


def n_rows(client: Client, url: str) -> int:
    """How many rows the list has, over all of its pages."""
    # As htmx asks for it: the list alone, without the filters around it.
    response: Any = client.get(url, headers={"HX-Request": "true", "HX-Target": _target(url)})
    assert response.status_code == 200, url
    context = response.context
    if "table" in context and context["table"].get("pager"):
        return int(context["table"]["pager"]["count"])
    # Cards to confirm stand one below the other, on one page.
    return len(context["cards"])


def wrong_figures(client: Client, html: str) -> list[tuple[Found, int]]:
    """Figures whose list has another number of rows, each with that number."""
    opened: dict[str, int] = {}
    wrong = []
    for figure in figures_of(html):
        if figure.url not in opened:
            opened[figure.url] = n_rows(client, figure.url)
        if opened[figure.url] != figure.value:
            wrong.append((figure, opened[figure.url]))
    return wrong
