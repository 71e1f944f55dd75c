"""All that happened to a pairing in one list by day, newest first: records, steps of its life, rests, waivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.kinds.statuses import status_chip
from activities.models import ActivityType, Share, Status, Waiver
from activities.queries.linked import linked_shares, linked_types
from activities.queries.records import visible_records
from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.pages.places import breadcrumb
from lib.kinds.panels import Panel
from pairing.kinds.pairing import PAIRING
from pairing.models import Pairing, PairingChange, PairingSuspension
from pairing.queries import visible_pairings
from tenancy.access import Access, TenantRequest, allow

_PANEL, _PAGE = 8, 30
_HANDED_IN = (Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED, Status.VOIDED)


@dataclass(frozen=True, slots=True)
class Source:
    """One sort of event: its rows, newest first, and how one is told; ``day`` names the field of its day."""

    rows: QuerySet[Any]
    day: str
    told: Callable[[Any], dict[str, Any]]


def _sources(access: Access, pairing: Pairing, tenant: str) -> list[Source]:
    types = dict(ActivityType.objects.filter(programme=pairing.programme_id).values_list("code", "name"))
    town = pairing.village.parent_id
    waivers = Waiver.objects.filter(
        Q(scope="all") | Q(scope="town", town=town) | Q(scope="pairing", pairing=pairing), programme=pairing.programme_id
    )
    if pairing.active_from is not None:
        waivers = waivers.filter(ends_on__gte=pairing.active_from)
    shares = Share.objects.filter(pairing=pairing, status__in=_HANDED_IN, record__in=visible_records(access).values("pk"))

    def of_record(share: Share) -> dict[str, Any]:
        record = share.record
        return {
            "title": types.get(record.type, record.type),
            "text": record.title or record.text[:80],
            "url": reverse("activities:record", args=[tenant, record.uid]),
            "chip": status_chip(share.status),
        }

    def of_change(row: PairingChange) -> dict[str, Any]:
        return {"title": row.get_kind_display(), "text": _("; ").join(part for part in (row.doc_no, row.reason) if part)}

    def of_rest(row: PairingSuspension) -> dict[str, Any]:
        until = cells.day(row.ends_on) if row.ends_on else _("until further notice")
        return {"title": _("Suspended"), "text": _("until %(day)s: %(reason)s") % {"day": until, "reason": row.reason}}

    def of_waiver(row: Waiver) -> dict[str, Any]:
        told = _("waiver from %(first)s to %(last)s: %(reason)s")
        text = told % {"first": cells.day(row.starts_on), "last": cells.day(row.ends_on), "reason": row.reason}
        return {"title": _("Waiver withdrawn") if row.withdrawn_at else _("Waiver"), "text": text}

    linked, names = linked_shares(access, pairing), linked_types(pairing)

    def of_linked(share: Share) -> dict[str, Any]:
        record = share.record
        named = {"unit": share.pairing.unit.name if share.pairing else "", "programme": share.programme.title}
        where = _("%(unit)s, %(programme)s") % named
        return {
            "title": names.get((record.programme_id, record.type), record.type),
            "text": _("; ").join(part for part in (where, record.title or record.text[:80]) if part),
            "url": reverse("activities:record", args=[tenant, record.uid]),
            "chip": {"word": _("counted in another programme"), "tone": "grey", "mark": "dash"},
        }

    return [
        Source(linked.select_related("record", "pairing__unit", "programme"), "counts_on", of_linked),
        Source(shares.select_related("record"), "counts_on", of_record),
        Source(PairingChange.objects.filter(pairing=pairing), "effective_on", of_change),
        Source(PairingSuspension.objects.filter(pairing=pairing), "starts_on", of_rest),
        Source(waivers, "starts_on", of_waiver),
    ]


def events_of(access: Access, pairing: Pairing, tenant: str, *, first: int, size: int) -> tuple[list[dict[str, Any]], int]:
    """Events from the ``first`` (0 is the newest), and how many there are in all; as many queries however many."""
    found: list[tuple[date, int, int, dict[str, Any]]] = []
    n_rows = 0
    for rank, source in enumerate(_sources(access, pairing, tenant)):
        n_rows += source.rows.count()
        # Of each sort no more than could stand on this page.
        for row in source.rows.order_by(f"-{source.day}", "-pk")[: first + size]:
            found.append((getattr(row, source.day), -rank, row.pk, source.told(row)))
    found.sort(key=lambda event: event[:3], reverse=True)
    shown = found[first : first + size]
    return [{"when": cells.day(day), "datetime": day.isoformat(), **told} for day, _rank, _pk, told in shown], n_rows


def timeline_panel(request: Any, pairing: Pairing) -> Panel | None:
    """The newest events, on the page of a pairing."""
    tenant = request.tenant.slug
    events, n_rows = events_of(request.access, pairing, tenant, first=0, size=_PANEL)
    if not events:
        return None
    return Panel(
        key="timeline",
        title=_("What happened"),
        template="activities/obligations/timeline_panel.html",
        context={"events": events},
        order=30,
        action_label=_("All %(n)s") % {"n": cells.number(n_rows)} if n_rows > _PANEL else "",
        action_url=reverse("activities:timeline", args=[tenant, pairing.uid]) if n_rows > _PANEL else "",
    )


@allow("pairing", GET="R")
def timeline(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """All of it, a page at a time."""
    rows = visible_pairings(request.access).select_related("programme", "unit", "village__parent")
    pairing = rows.filter(uid=uid).first()
    if pairing is None:
        raise Http404
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 else 1
    events, n_rows = events_of(request.access, pairing, tenant, first=(max(page, 1) - 1) * _PAGE, size=_PAGE)
    n_pages = max(1, -(-n_rows // _PAGE))
    page = min(max(page, 1), n_pages)
    if not events and n_rows:
        events, n_rows = events_of(request.access, pairing, tenant, first=(page - 1) * _PAGE, size=_PAGE)
    name = f"{pairing.unit.name} — {pairing.village.name}"
    trail = breadcrumb(PAIRING, tenant, last=_("What happened"))
    above = {"label": name, "url": reverse("pairing:pairing", args=[tenant, uid])}
    context = {
        "heading": _("What happened"),
        "who": above,
        "breadcrumb": [*trail[:-1], above, trail[-1]],
        "events": events,
        "pager": {
            "count": n_rows,
            "first": (page - 1) * _PAGE + 1,
            "last": min(page * _PAGE, n_rows),
            "page": page,
            "pages": n_pages,
            "prev_url": f"?page={page - 1}" if page > 1 else "",
            "next_url": f"?page={page + 1}" if page < n_pages else "",
        },
    }
    return answer(request, "activities/obligations/timeline.html", context)
