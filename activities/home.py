"""Cards of a county's first page: what waits for one's word, one's own unfinished records, and 记一笔."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.cards import cards_of
from activities.kinds.statuses import status_chip
from activities.models import AuthorSide, Record, Status
from activities.queries.lasts import locked_since
from activities.queries.records import to_confirm, visible_records, with_shares
from activities.queries.writing import last_record, writable_pairings
from lib.kinds import cells
from lib.kinds.panels import Panel
from tenancy import clock

# On a phone two cards leave room for what is due; the others are one tap away.
_SHOWN = 2
_UNFINISHED = 5
_LOOKED_AT = 40
# So long a returned record is shown though its month is locked: the county may be asked to open it again.
_TOLD = timedelta(days=30)
# The first page's order: write one down, to confirm (one tap each), what came back, then what is due (3), then pairings.
WRITE, CONFIRM, UNFINISHED = 0, 1, 2


def write_panel(request: Any, access: Any) -> Panel | None:
    """记一笔, and "same as last time"; and what this browser keeps and has not sent."""
    if not access.can("record", "C") or not writable_pairings(access).exists():
        return None
    slug = request.tenant.slug
    form = reverse("activities:record_create", args=[slug])
    last = last_record(access)
    context = {
        "form_url": form,
        "again_url": f"{form}?again=1" if last is not None else "",
        "owner": str(access.account.uid),
        "api_url": reverse("api:records-list", args=[slug]),
    }
    title = _("Write down what was done")
    return Panel(key="write", title=title, template="activities/home/write.html", context=context, order=WRITE, bare=True)


def confirm_panel(request: Any, access: Any) -> Panel | None:
    """The first cards that wait for one's own side; nothing waits: no card."""
    if not access.can("record_confirm", "X"):
        return None
    waiting = to_confirm(access)
    rows = list(with_shares(waiting)[: _SHOWN + 1])
    if not rows:
        return None
    n_rows = waiting.count() if len(rows) > _SHOWN else len(rows)
    title = ngettext("To confirm: %(n)s", "To confirm: %(n)s", n_rows) % {"n": cells.number(n_rows)}
    url = reverse("activities:record_waiting", args=[request.tenant.slug])
    context = {"cards": cards_of(rows[:_SHOWN], tenant=request.tenant.slug), "more_url": url if n_rows > _SHOWN else ""}
    return Panel(
        key="to-confirm", title=title, template="activities/home/confirm.html", context=context, order=CONFIRM, waits=title
    )


def unfinished_panel(request: Any, access: Any) -> Panel | None:
    """One's own side's drafts, and what came back, with why it did."""
    if not access.can("record", "C"):
        return None
    mine = Q(author=access.account.pk)
    if access.reach("record", "C") is not None:
        mine |= Q(is_proxy=False, author_side=AuthorSide.VILLAGE if "VS" in access.roles else AuthorSide.UNIT)
    found = visible_records(access, "C").filter(mine, status__in=[Status.RETURNED, Status.DRAFT])
    rows = _still_open(list(with_shares(found.order_by("-status", "-status_at", "-id"))[:_LOOKED_AT]))[:_UNFINISHED]
    if not rows:
        return None
    links = [_unfinished(card, record) for card, record in zip(cards_of(rows, tenant=request.tenant.slug), rows, strict=True)]
    title = _("Returned, and drafts")
    return Panel(key="unfinished", title=title, template="kinds/parts/links.html", context={"links": links}, order=UNFINISHED)


def _still_open(records: list[Record]) -> list[Record]:
    """Without what came back long ago and whose month is locked: nothing can be done about it from here."""
    locked = locked_since([row for row in records if row.status == Status.RETURNED])
    since = clock.now() - _TOLD
    return [row for row in records if row.pk not in locked or row.status_at >= since]


def _unfinished(card: dict[str, Any], record: Record) -> dict[str, Any]:
    note = _("; ").join(part for part in (card["day"], card["where"], card["text"]) if part)
    return {"label": card["type"], "url": card["url"], "chip": status_chip(record.status), "note": note}
