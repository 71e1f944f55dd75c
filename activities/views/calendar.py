"""The working calendar of a programme year: months as tables, a day's setting, the published holidays."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.actions import calendar as actions
from activities.forms.calendar import DayForm
from activities.models import RuleTerms, WorkingDay
from activities.queries.calendar import Day, months_of
from activities.queries.rules import published
from activities.views.frame import address, attempt, chosen_year, done, form_page, programme_of, trail, year_page, year_tabs
from lib.htmx import answer
from lib.kinds import cells
from pairing.models import Programme
from tenancy import clock
from tenancy.access import TenantRequest, allow

_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


def _least(programme: Programme) -> int:
    """The working days that a week must have: what the year's weekly rules say, else the field's default."""
    weekly = published().filter(rule__programme=programme, rule__is_active=True, period_kind="week")
    found = weekly.order_by("-number").values_list("min_working_days", flat=True).first()
    default: int = RuleTerms._meta.get_field("min_working_days").default
    return default if found is None else found


@allow("programme", GET="R")
def of_year(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """The months of a calendar year: worked on or free, and weeks that are waived for having too few working days."""
    row = programme_of(programme)
    year, least = chosen_year(request, row), _least(row)
    can_edit = request.access.can("settings", "U")
    here = address("year_calendar", tenant, row.uid)
    day_url = address("calendar_day", tenant, row.uid)
    context = year_page(
        row,
        request,
        tenant,
        here="calendar",
        heading=_("Working calendar"),
        help_text=ngettext(
            "A week with fewer than %(n)d working day is waived by itself.",
            "A week with fewer than %(n)d working days is waived by itself.",
            least,
        )
        % {"n": least},
    )
    context |= {
        "year": year,
        "years": year_tabs(row, here, year),
        "is_published": actions.is_published(year),
        "can_edit": can_edit,
        "load_url": address("calendar_load", tenant, row.uid) if can_edit else "",
        "weekdays": _WEEKDAYS,
        "months": [
            {
                "name": f"{month.first.year}年{month.first.month}月",
                "n_working": month.n_working,
                "weeks": [
                    {
                        "code": week.code.partition("-")[2],
                        "is_waived": week.is_waived,
                        "n_working": week.n_working,
                        "days": [_cell(day, day_url if can_edit else "") for day in week.days],
                    }
                    for week in month.weeks
                ],
            }
            for month in months_of(year, least=least)
            if row.starts_on.replace(day=1) <= month.first <= row.ends_on
        ],
    }
    return answer(request, "activities/calendar/year.html", context)


def _cell(day: Day, url: str) -> dict[str, Any]:
    mark = ""
    if day.is_told:
        # The two characters that every printed calendar has, in every language of the interface.
        mark = "班" if day.is_working else "休"
    state = _("worked on") if day.is_working else _("free")
    return {
        "number": day.day.day,
        "in_month": day.in_month,
        "kind": ("work" if day.is_working else "free") if day.is_told else ("plain" if day.is_working else "weekend"),
        "mark": mark,
        "is_county": day.is_county,
        "label": _("%(day)s, %(state)s %(note)s") % {"day": cells.long_day(day.day), "state": state, "note": day.note},
        "url": f"{url}?day={day.day.isoformat()}" if url else "",
    }


@allow("settings", GET="U", POST="U")
def day(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Say whether a day is worked on, and why; of today when none is named."""
    row = programme_of(programme)
    try:
        when = date.fromisoformat(request.GET.get("day", clock.today().isoformat()))
    except ValueError:
        raise Http404 from None
    known = WorkingDay.objects.filter(day=when).first()
    is_working = known.is_working if known else when.weekday() < 5
    # Whoever taps a day wants it the other way round.
    form = DayForm(
        request.POST or None, initial={"is_working": "no" if is_working else "yes", "note": known.note if known else ""}
    )
    saved = attempt(
        form,
        lambda: actions.set_day(
            day=when, is_working=form.cleaned_data["is_working"], note=form.cleaned_data["note"], actor=request.access.actor
        ),
    )
    back = f"{address('year_calendar', tenant, row.uid)}?year={when.year}"
    if saved is not None:
        return done(request, _("The day is set. What is owed has been counted again."), back)
    heading = cells.long_day(when)
    told = _("So far it is worked on.") if is_working else _("So far it is free.")
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(row, tenant, (_("Working calendar"), back), last=heading),
        cancel_url=back,
        help_text=told,
    )


@allow("settings", POST="U")
def load(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Import the published holidays again; days that the county set stay."""
    row = programme_of(programme)
    loaded = actions.load_library(programme=row, actor=request.access.actor)
    sentence = ngettext("%(n)d day was imported.", "%(n)d days were imported.", loaded.n_days) % {"n": loaded.n_days}
    if loaded.unknown:
        years = _(", ").join(str(year) for year in loaded.unknown)
        sentence += _(" The holidays of %(years)s are not published yet: set the days yourself.") % {"years": years}
    return done(request, sentence, address("year_calendar", tenant, row.uid))
