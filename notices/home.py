"""The card of a county's first page with what one was told and has not read."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lib.kinds import cells
from lib.kinds.panels import Panel
from notices import queries, words

_SHOWN = 3


def unread_panel(request: Any, access: Any) -> Panel | None:
    """The newest unread messages; nothing when all are read."""
    slug = request.tenant.slug
    inbox = reverse("notices:inbox", args=[slug])
    unread = queries.inbox(access, unread=True)
    rows = list(unread[: _SHOWN + 1])
    if not rows:
        return None
    links = [{"label": words.words_of(row, slug).title, "url": inbox, "note": cells.minute(row.sent_at)} for row in rows[:_SHOWN]]
    n_unread = unread.count() if len(rows) > _SHOWN else len(rows)
    return Panel(
        key="messages",
        title=_("New messages"),
        template="kinds/parts/links.html",
        context={"links": links},
        order=8,
        action_label=_("All messages"),
        action_url=inbox,
        waits=_("New messages: %(n)s") % {"n": cells.number(n_unread)},
    )
