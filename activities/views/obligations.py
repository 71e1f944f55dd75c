"""What is owed: the list of a county, a pairing's strip on a page of its own, and why a cell is what it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.kinds.obligations import DONE, LEFT, OBLIGATION, OWED, WAITING
from activities.marks import WORDS
from activities.models import Obligation, ObligationState
from activities.queries.behind import Behind, records_behind
from activities.queries.obligations import visible_obligations
from activities.queries.strips import strips, years_of
from activities.queries.years import current_programme
from activities.reminders.telling import period_words
from activities.views.strip import chosen_year, strip_context, year_links
from activities.views.why import why_context
from lib.htmx import answer
from lib.kinds import cells
from lib.kinds.addresses import Addresses
from lib.kinds.listing import Listing
from lib.kinds.pages.listed import list_context, listing_of
from lib.kinds.pages.places import breadcrumb
from pairing.kinds.pairing import PAIRING
from pairing.queries import visible_pairings
from tenancy import clock
from tenancy.access import TenantRequest, allow
from tenancy.kinds import PORTS

# So many records are named beside a cell; all of them stand on its page.
_NAMED = 4
# So many characters of what a record says.
_SAID = 12


def totals_of(rows: QuerySet[Obligation]) -> dict[str, int]:
    """How many cells are owed, and of these done, waiting and left; one query."""
    found: dict[str, int] = rows.aggregate(
        owed=Count("pk", filter=OWED),
        done=Count("pk", filter=DONE),
        waiting=Count("pk", filter=WAITING),
        left=Count("pk", filter=LEFT),
    )
    return found


def _totals(listing: Listing) -> list[dict[str, Any]]:
    """Four figures of all that the other filters leave; each opens the list that sums to it."""
    rows = listing.of_all_states
    if rows is None:
        return []
    found = totals_of(rows)
    return figures(found, lambda state: listing.url(state=state if state != "owed" else "", page=""))


def figures(found: dict[str, int], url: Any) -> list[dict[str, Any]]:
    """应完成, 已完成, 待确认, 尚未完成 as templates/parts/stat.html reads them; ``url(state)`` is the list that sums to one."""
    met, waiting = WORDS[ObligationState.MET], WORDS[ObligationState.WAITING]
    words = {"owed": _("Owed"), "done": met, "waiting": waiting, "left": pgettext("state", "Not done yet")}
    return [{"label": word, "value": cells.number(found[code]), "url": url(code)} for code, word in words.items()]


@allow("pairing", GET="R")
def listing(request: TenantRequest, tenant: str) -> HttpResponse:
    """Cells by programme, rule, state, period, place, deadline; the totals above equal their rows."""
    asked = listing_of(OBLIGATION, request, tenant, PORTS)
    this_year = None if request.GET else current_programme(clock.today())
    if this_year is not None:
        # Nothing asked for: the year that is on, not all that was ever owed.
        asked = Listing(OBLIGATION, request.access, tenant, asked.on, {"programme": str(this_year.uid)})
    context = {**list_context(asked), "totals": _totals(asked)}
    _with_records(request, tenant, context["table"])
    status = 200 if not context["filter_form"].errors else 422
    parts = {context["area_id"]: "area", context["table"]["id"]: "table"}
    return answer(request, "activities/obligations/list.html", context, parts=parts, status=status)


def _with_records(request: TenantRequest, tenant: str, table: dict[str, Any]) -> None:
    """A last column: what was counted in each cell, so that a figure is two taps from its records."""
    label = _("Records")
    uids = [UUID(row["url"].rstrip("/").rsplit("/", 1)[-1]) for row in table["rows"]]
    behind = records_behind(request.access, uids) if uids else {}
    address = Addresses(tenant)
    table["columns"] = [*table["columns"], {"key": "records", "label": label, "wide": True}]
    for uid, row in zip(uids, table["rows"], strict=True):
        found = behind.get(uid, [])
        links = [{"label": _named(one), "url": address("activities:record", one.record.uid)} for one in found[:_NAMED]]
        if len(found) > _NAMED:
            links.append({"label": _("all %(n)d") % {"n": len(found)}, "url": row["url"]})
        row["cells"] = [*row["cells"], {"label": label, "text": "", "links": links}]
    if table.get("totals"):
        table["totals"] = [*table["totals"], {"label": label, "text": ""}]


def _named(one: Behind) -> str:
    """A record in few words: its day, what it was, and that it waits."""
    said = one.record.title or one.record.text
    words = f"{cells.day(one.record.occurred_on)} {said[:_SAID]}".strip()
    return _("%(record)s (to be confirmed)") % {"record": words} if one.waits else words


@allow("pairing", GET="R")
def strip(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """A pairing's year at a glance, a calendar year at a time."""
    pairing = visible_pairings(request.access).filter(uid=uid).select_related("programme", "unit", "village").first()
    if pairing is None:
        raise Http404
    year = chosen_year(request.GET.get("year", ""), years_of(pairing))
    [found] = strips([pairing], year)
    name = f"{pairing.unit.name} — {pairing.village.name}"
    heading = _("Obligations of %(year)s") % {"year": year}
    above = {"label": name, "url": reverse("pairing:pairing", args=[tenant, pairing.uid])}
    trail = breadcrumb(PAIRING, tenant, last=heading)
    context = {
        "heading": heading,
        "who": name,
        "breadcrumb": [*trail[:-1], above, trail[-1]],
        "help_text": _("Each square is a period. Open one to see what counted, what did not and why, and what to do."),
        "years": year_links(request, pairing, year),
        "strip": strip_context(request, found),
        "pairing_url": above["url"],
        "list_url": f"{reverse('activities:obligation_list', args=[tenant])}?pairing={pairing.uid}&period={year}&state=all",
    }
    return answer(request, "activities/obligations/strip_page.html", context)


@allow("pairing", GET="R")
def detail(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Why a cell is what it is; beside the strip where scripts run, else on a page of its own."""
    rows = visible_obligations(request.access).select_related(
        "rule", "terms", "programme", "village__parent", "pairing__unit", "pairing__village__parent"
    )
    cell = rows.filter(uid=uid).first()
    if cell is None:
        raise Http404
    why = why_context(request, cell)
    heading = f"{cell.rule.name} · {period_words(why['period'])}"
    trail = breadcrumb(OBLIGATION, tenant, last=heading)
    if cell.pairing is not None:
        url = reverse("activities:strip", args=[tenant, cell.pairing.uid]) + f"?year={why['year']}"
        trail = [*trail[:-1], {"label": f"{cell.pairing.unit.name} — {cell.pairing.village.name}", "url": url}, trail[-1]]
    context = {"heading": heading, "breadcrumb": trail, "why": why, "page_url": request.path}
    return answer(request, "activities/obligations/why.html", context, parts={"why": "side"})
