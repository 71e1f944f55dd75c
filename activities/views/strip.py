"""The obligation strip as templates/activities/obligations/strip.html reads it, on pages and as a panel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.marks import MARKS, WORDS
from activities.models import PeriodKind
from activities.queries.rule_words import how_many
from activities.queries.strips import Square, Strip, StripRow, strips, weeks_of, years_of
from activities.reminders.telling import period_words
from lib.kinds import cells as formats
from lib.kinds.panels import Panel
from pairing.models import Pairing, PairingState
from pairing.queries import pairings_of
from tenancy import clock
from units.models import Unit

# More strips than these on the page of a unit would be a board; the list, one tap away, has them all.
_STRIPS = 6
# From so many weeks on a square has room for its word.
_ROOM = 4


def strip_context(request: Any, strip: Strip, *, is_compact: bool = False) -> dict[str, Any]:
    """Everything the template shows, in ready words."""
    tenant, today = request.tenant.slug, clock.today()
    label = _("%(unit)s and %(village)s, %(year)d") % {
        "unit": strip.pairing.unit.name,
        "village": strip.pairing.village.name,
        "year": strip.year,
    }
    return {
        "key": f"strip-{strip.pairing.pk}-{strip.year}",
        "label": label,
        "year": strip.year,
        "is_compact": is_compact,
        "months": _months(strip, today),
        "weeks": _weeks(strip),
        "columns": range(strip.n_weeks),
        "rows": [_row(tenant, strip, row, today) for row in strip.rows],
        "states": [{"state": state} for state in MARKS],
    }


def _months(strip: Strip, today: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": pgettext("short month", "%(n)d") % {"n": month.first.month},
            "n_weeks": month.n_weeks,
            "is_now": (month.first.year, month.first.month) == (today.year, today.month),
        }
        for month in strip.months
    ]


def _ends(strip: Strip) -> set[int]:
    """Numbers of the weeks that are the last of a month."""
    return set(accumulate(month.n_weeks for month in strip.months))


def _weeks(strip: Strip) -> list[dict[str, Any]]:
    """The Monday of each week, told as the day of its month; empty when no rule goes by the week."""
    if not any(row.terms.period_kind == PeriodKind.WEEK for row in strip.rows):
        return []
    ends = _ends(strip)
    return [
        {"day": week.starts_on.day, "name": period_words(week.code), "is_edge": number in ends}
        for number, week in enumerate(weeks_of(strip.year), 1)
    ]


def _row(tenant: str, strip: Strip, row: StripRow, today: Any) -> dict[str, Any]:
    listed = reverse("activities:obligation_list", args=[tenant])
    ends = _ends(strip)
    narrowed = f"{listed}?pairing={strip.pairing.uid}&rule={row.terms.rule.uid}&period={strip.year}"
    return {
        "name": row.name,
        "squares": [
            _square(tenant, square, row, today) | {"is_edge": until in ends}
            for square, until in zip(row.squares, accumulate(one.n_weeks for one in row.squares), strict=True)
        ],
        "n_done": row.n_done,
        "n_owed": row.n_owed,
        "done_url": f"{narrowed}&state=done",
        "owed_url": narrowed,
        "counted": row.counted,
        "counted_words": f"{row.counted}/{how_many(row.required, row.terms.unit_of_count)}",
        "required": row.required,
        "all_url": narrowed,
    }


def _square(tenant: str, square: Square, row: StripRow, today: Any) -> dict[str, Any]:
    cell = square.cell
    is_now = today in square.span
    if cell is None:
        return {"n_weeks": square.n_weeks, "cell": None, "is_now": is_now}
    word = str(WORDS[cell.state])
    return {
        "n_weeks": square.n_weeks,
        "cell": cell,
        "is_now": is_now,
        "url": reverse("activities:obligation", args=[tenant, cell.uid]),
        "state": cell.state,
        "mark": MARKS[cell.state],
        "word": word,
        "has_room": square.n_weeks >= _ROOM,
        # One of one says no more than its word.
        "figure": f"{cell.counted}/{cell.required}" if max(cell.counted, cell.required) > 1 and not cell.waived_because else "",
        "title": _("%(rule)s, %(period)s: %(state)s, %(counted)d of %(required)d")
        % {
            "rule": row.name,
            "period": period_words(square.span.code),
            "state": word,
            "counted": cell.counted,
            "required": cell.required,
        },
    }


def chosen_year(asked: str, years: Sequence[int]) -> int:
    """The calendar year asked for; without a sound one this year, or the nearest that the programme has."""
    if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in years:
        return int(asked)
    return min(max(clock.today().year, years[0]), years[-1])


def year_links(request: Any, pairing: Pairing, year: int) -> list[dict[str, Any]]:
    """The calendar years of the programme, each its own address."""
    url = reverse("activities:strip", args=[request.tenant.slug, pairing.uid])
    return [{"label": str(one), "url": f"{url}?year={one}", "active": one == year} for one in years_of(pairing)]


def strip_panel(request: Any, pairing: Pairing) -> Panel | None:
    """The year at a glance, on the page of a pairing."""
    if pairing.active_from is None:
        return None
    years = years_of(pairing)
    year = chosen_year(request.GET.get("year", ""), years)
    [strip] = strips([pairing], year)
    url = reverse("activities:strip", args=[request.tenant.slug, pairing.uid])
    context = {"strip": strip_context(request, strip), "years": year_links(request, pairing, year) if len(years) > 1 else []}
    return Panel(
        key="obligations",
        title=_("Obligations of the year"),
        template="activities/obligations/panel.html",
        context=context,
        order=6,
        action_label=_("On a page of its own"),
        action_url=f"{url}?year={year}",
    )


def strips_panel(request: Any, unit: Unit) -> Panel | None:
    """The strips of a unit's or a village's pairings of this year, small."""
    access = request.access
    if not access.can("pairing", "R"):
        return None
    found = pairings_of(unit, access).filter(
        active_from__isnull=False, state__in=[PairingState.ACTIVE, PairingState.SUSPENDED, PairingState.ENDED]
    )
    today = clock.today()
    current = found.filter(programme__ends_on__gte=today.replace(month=1, day=1), programme__starts_on__lte=today)
    rows = list(current.select_related("programme", "unit", "village")[: _STRIPS + 1])
    if not rows:
        return None
    tenant = request.tenant.slug
    made = [
        {
            "title": strip.pairing.unit.name if unit.is_village else strip.pairing.village.name,
            "url": reverse("activities:strip", args=[tenant, strip.pairing.uid]) + f"?year={today.year}",
            "strip": strip_context(request, strip, is_compact=True),
        }
        for strip in strips(rows[:_STRIPS], today.year)
        if strip.rows
    ]
    if not made:
        return None
    side = "village" if unit.is_village else "unit"
    url = reverse("activities:obligation_list", args=[tenant]) + f"?{side}={unit.uid}&period={today.year}"
    return Panel(
        key="obligations",
        title=_("Obligations of %(year)s") % {"year": today.year},
        template="activities/obligations/strips.html",
        context={"strips": made, "more": formats.number(len(rows)) if len(rows) > _STRIPS else ""},
        order=35,
        action_label=_("All in the table"),
        action_url=url,
    )
