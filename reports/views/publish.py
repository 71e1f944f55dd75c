"""What a county shows its prefecture: which figures would be seen, publish, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.queries.years import current_programme
from activities.reminders.telling import period_words
from lib.kinds import cells
from lib.periods import period_of
from pairing.models import Programme
from reports.actions.publishing import Told, publish_sums, retract_sums, sums_of
from reports.models import PublishedSum
from tenancy import clock
from tenancy.access import TenantRequest, allow


def _year(request: TenantRequest) -> tuple[int | None, list[int]]:
    """The year asked for, by default that of the current programme, and all there are. Raises Http404."""
    years = list(Programme.objects.order_by("-year").values_list("year", flat=True).distinct())
    asked = request.GET.get("year", "")
    if asked:
        found = next((year for year in years if str(year) == asked), None)
        if found is None:
            raise Http404
        return found, years
    current = current_programme(clock.today())
    return (current.year if current is not None else None), years


@allow("settings", GET="R", POST="U")
def publish(request: TenantRequest, tenant: str) -> HttpResponse:
    """The preview; POST ``do=publish`` or ``do=retract``."""
    year, years = _year(request)
    here = reverse("reports:publish_sums", args=[tenant])
    if request.method == "POST" and year is not None:
        if request.POST.get("do") == "retract":
            retract_sums(year=year, access=request.access)
            messages.success(request, _("What was published of %(year)d was taken back.") % {"year": year})
        else:
            n_rows = publish_sums(year=year, access=request.access)
            text = ngettext("%(n)s sum of %(year)d was published.", "%(n)s sums of %(year)d were published.", n_rows)
            messages.success(request, text % {"n": cells.number(n_rows), "year": year})
        return redirect(f"{here}?year={year}")
    told = sums_of(year) if year is not None else []
    last = PublishedSum.objects.filter(programme_year=year).order_by("-published_at").first() if year is not None else None
    heading = _("Sums for the prefecture")
    context = {
        "heading": heading,
        "breadcrumb": [
            {"label": _("Home"), "url": f"/{tenant}/"},
            {"label": _("Board"), "url": reverse("reports:board", args=[tenant])},
            {"label": heading, "url": ""},
        ],
        "year": year,
        "tabs": [{"label": str(one), "url": f"{here}?year={one}", "active": one == year} for one in years],
        "told": [_row(one) for one in told],
        "n_hidden": sum(one.is_hidden for one in told),
        "published_at": cells.minute(last.published_at) if last is not None else "",
        "may_publish": request.access.can("settings", "U"),
        "empty": {
            "title": _("Nothing can be published yet."),
            "text": _("Only periods that are over are published. Come back when the first is."),
        },
    }
    return render(request, "reports/boards/publish.html", context)


def _row(one: Told) -> dict[str, Any]:
    numbers = [one.n_pairings, one.n_due, one.n_met, one.n_waiting, one.n_missed]
    return {
        "rule": one.rule_name,
        "period": period_words(period_of(one.period_kind, one.starts_on).code),
        "is_hidden": one.is_hidden,
        "numbers": [] if one.is_hidden else [cells.number(number) for number in numbers],
    }
