"""The addresses of a kind."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import URLPattern, path

from lib.kinds.declare import Kind
from lib.kinds.pages import listed, shown, written
from lib.kinds.pages.ports import Ports, View

_PAGES: tuple[tuple[str, str, Callable[[Kind, Ports], View]], ...] = (
    ("list", "", listed.list_page),
    ("export", "export/", listed.export_page),
    ("create", "new/", written.create_page),
    ("", "<uuid:uid>/", shown.detail_page),
    ("edit", "<uuid:uid>/edit/", written.edit_page),
    ("history", "<uuid:uid>/history/", shown.history_page),
)


def routes(kind: Kind, ports: Ports, *, without: tuple[str, ...] = ()) -> list[URLPattern]:
    """``<tenant>/<kind.path>/…``, named ``<stem>_list``, ``<stem>``, ``<stem>_edit`` …; ``without`` leaves pages out."""
    left_out = {*without, *(() if kind.create else ("create",)), *(() if kind.update else ("edit",))}
    if not hasattr(kind.model, "versions"):
        left_out.add("history")
    return [
        path(f"<slug:tenant>/{kind.path}/{ending}", view(kind, ports), name=f"{kind.stem}_{page}" if page else kind.stem)
        for page, ending, view in _PAGES
        if (page or "detail") not in left_out
    ]
