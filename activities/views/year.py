"""Opening a programme year in one page, its deadlines, and its locked months."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from activities.actions import types as type_actions
from activities.actions import year as actions
from activities.actions.calendar import lock_on, reopen_month
from activities.forms.calendar import ReopenForm
from activities.forms.rules import ClassForm, DeadlinesForm, OpenYearForm, TypeForm
from activities.models import ActivityType, ContentClass, Reopening, YearSettings
from activities.views.frame import address, attempt, done, form_page, programme_of, trail, year_page
from lib.htmx import answer
from lib.kinds import cells
from lib.periods import periods
from pairing.models import Pairing, Programme
from pairing.queries import live
from tenancy import clock
from tenancy.access import TenantRequest, allow

# What the form for a locked month proposes: who is told of it today needs some days.
_OPEN_FOR = timedelta(days=7)


@allow("programme", GET="C", POST="C")
def open_year(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Choose a preset: classes, types, rules, deadlines and the calendar are made from it in one go."""
    year = programme_of(programme)
    back = address("year_rules", tenant, year.uid)
    if YearSettings.objects.filter(programme=year).exists():
        return done(request, _("This programme year has been set up already."), back)
    form = OpenYearForm(request.POST or None)

    def deed() -> Any:
        values = form.cleaned_data
        settings = actions.open_year(
            programme=year, preset=values["preset"], switches={"year.lock_day": values["lock_day"]}, actor=request.access.actor
        )
        if values["switched_on"] is not None:
            actions.switch_on(programme=year, day=values["switched_on"], actor=request.access.actor)
        return settings

    if attempt(form, deed) is not None:
        return done(request, _("The year is set up. Look at the rules: each can be changed or switched off."), back)
    heading = _("Set the year up")
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(year, tenant, last=heading),
        cancel_url=back,
        submit_label=_("Set the year up"),
        help_text=_("Rules, activity types, content classes, deadlines and the working calendar are made in one go."),
    )


@allow("programme", GET="X", POST="X")
def deadlines(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Lock day, days to confirm, costs; from when the year reminds."""
    year = programme_of(programme)
    here = address("year_deadlines", tenant, year.uid)
    settings = YearSettings.objects.filter(programme=year).first()
    if settings is None:
        return HttpResponseRedirect(address("year_rules", tenant, year.uid))
    initial = {name: getattr(settings, name) for name in (*actions.YEAR_FIELDS, "switched_on")}
    form = DeadlinesForm(request.POST or None, initial=initial)

    def deed() -> Any:
        values = dict(form.cleaned_data)
        day, reason = values.pop("switched_on"), values.pop("reason")
        actions.change_deadlines(programme=year, values=values, reason=reason, actor=request.access.actor)
        if day is not None and day != settings.switched_on:
            actions.switch_on(programme=year, day=day, actor=request.access.actor)
        return True

    if attempt(form, deed) is not None:
        return done(request, _("The deadlines were kept."), here)
    context = year_page(
        year, request, tenant, here="deadlines", heading=_("Deadlines"), help_text=_("They hold for the whole programme year.")
    )
    context |= {"form": form, "submit_label": _("Save the deadlines")}
    return answer(request, "activities/year/form.html", context, status=422 if form.is_bound else 200)


@allow("record_void", GET="D", POST="D")
def reopenings(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Which months are locked, which were opened again; opening one."""
    year, today = programme_of(programme), clock.today()
    pairings = live(Pairing.objects.filter(programme=year)).select_related("unit", "village")
    form = ReopenForm(
        request.POST or None, programme=year, pairings=pairings.order_by("village__pinyin", "id"), initial=_last_locked(year)
    )
    row = attempt(
        form,
        lambda: reopen_month(
            programme=year,
            month=form.cleaned_data["month"],
            pairing=form.cleaned_data["pairing"],
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            actor=request.access.actor,
        ),
    )
    if row is not None:
        return done(request, _("The month takes entries again."), address("year_reopenings", tenant, year.uid))
    settings = YearSettings.objects.filter(programme=year).first() or YearSettings()
    opened = list(Reopening.objects.filter(programme=year).select_related("pairing__unit", "pairing__village"))
    # Opened for one pairing, a month stays locked for the others, and is told as such.
    for_all = {one.month: one.until for one in sorted(opened, key=lambda one: one.until) if one.pairing is None}
    context = year_page(
        year,
        request,
        tenant,
        here="reopenings",
        heading=_("Locked months"),
        help_text=_("After its lock a month takes no entries. Staff may open it again, with a reason."),
    )
    context |= {
        "form": form,
        "submit_label": _("Open the month again"),
        "locks": [
            {"month": _month(span.starts_on), "day": cells.day(until), "is_locked": until < today}
            for span in periods("month", year.starts_on, year.ends_on)
            for until in [max(lock_on(span.starts_on, settings.lock_day), for_all.get(span.starts_on, date.min))]
            if span.starts_on <= today
        ][::-1],
        "opened": [
            {
                "month": _month(one.month),
                "who": str(one.pairing) if one.pairing else _("all pairings"),
                "until": cells.day(one.until),
                "reason": one.reason,
                "is_open": one.until >= today,
            }
            for one in opened
        ],
    }
    return answer(request, "activities/year/reopenings.html", context, status=422 if form.is_bound else 200)


def _month(day: Any) -> str:
    return f"{day.year}年{day.month}月"


def _last_locked(year: Programme) -> dict[str, Any]:
    """The month that is most often asked for: the latest that is locked."""
    today = clock.today()
    settings = YearSettings.objects.filter(programme=year).first() or YearSettings()
    months = [span.starts_on for span in periods("month", year.starts_on, year.ends_on)]
    locked = [month for month in months if lock_on(month, settings.lock_day) < today]
    return {"month": (locked or months)[-1 if locked else 0].isoformat(), "until": today + _OPEN_FOR}


# -- types and classes ---------------------------------------------------------------------------


@allow("programme", GET="R")
def types(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Activity types and content classes of a year."""
    year = programme_of(programme)
    can_edit, can_add = request.access.can("programme", "U"), request.access.can("programme", "C")
    rows = ActivityType.objects.filter(programme=year).select_related("content_class").order_by("position", "id")
    classes = ContentClass.objects.filter(programme=year).order_by("position", "id")
    context = year_page(
        year,
        request,
        tenant,
        here="types",
        heading=_("Types and classes"),
        help_text=_("What can be written down in this year, and what it is sorted into. A type needs no rule."),
    )
    context |= {
        "types": [
            {
                "name": row.name,
                "code": row.code,
                "carrier": row.get_carrier_display(),
                "content_class": row.content_class.name if row.content_class else "",
                "is_active": row.is_active,
                "url": address("type", tenant, row.uid) if can_edit else "",
            }
            for row in rows
        ],
        "classes": [
            {"name": row.name, "code": row.code, "url": address("content_class", tenant, row.uid) if can_edit else ""}
            for row in classes
        ],
        "new_type_url": address("type_new", tenant, year.uid) if can_add else "",
        "new_class_url": address("content_class_new", tenant, year.uid) if can_add else "",
    }
    return answer(request, "activities/year/types.html", context)


def _types_above(year: Programme, tenant: str) -> tuple[str, str]:
    return _("Types and classes"), address("year_types", tenant, year.uid)


@allow("programme", GET="C", POST="C")
def type_new(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """An activity type of the county's own."""
    year = programme_of(programme)
    form = TypeForm(request.POST or None, classes=ContentClass.objects.filter(programme=year), is_new=True)
    row = attempt(form, lambda: type_actions.create_type(programme=year, **form.cleaned_data, actor=request.access.actor))
    back = address("year_types", tenant, year.uid)
    if row is not None:
        return done(request, _("The activity type is there. Records of it can be written at once."), back)
    heading = _("New activity type")
    return form_page(
        request, form, heading=heading, breadcrumb=trail(year, tenant, _types_above(year, tenant), last=heading), cancel_url=back
    )


@allow("programme", GET="U", POST="U")
def type_edit(request: TenantRequest, tenant: str, activity_type: UUID) -> HttpResponse:
    """Rename an activity type, put it into another class, or take it out of use."""
    row: ActivityType = get_object_or_404(ActivityType.objects.select_related("programme", "content_class"), uid=activity_type)
    year = row.programme
    initial = {"name": row.name, "is_active": row.is_active, "content_class": row.content_class.uid if row.content_class else ""}
    form = TypeForm(request.POST or None, classes=ContentClass.objects.filter(programme=year), is_new=False, initial=initial)
    saved = attempt(form, lambda: type_actions.change_type(row=row, **form.cleaned_data, actor=request.access.actor))
    back = address("year_types", tenant, year.uid)
    if saved is not None:
        return done(request, _("Saved."), back)
    return form_page(
        request,
        form,
        heading=row.name,
        breadcrumb=trail(year, tenant, _types_above(year, tenant), last=row.name),
        cancel_url=back,
    )


@allow("programme", GET="C", POST="C")
def class_new(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """A content class of the county's own."""
    year = programme_of(programme)
    form = ClassForm(request.POST or None, is_new=True)
    row = attempt(form, lambda: type_actions.create_class(programme=year, **form.cleaned_data, actor=request.access.actor))
    back = address("year_types", tenant, year.uid)
    if row is not None:
        return done(request, _("Saved."), back)
    heading = _("New content class")
    return form_page(
        request, form, heading=heading, breadcrumb=trail(year, tenant, _types_above(year, tenant), last=heading), cancel_url=back
    )


@allow("programme", GET="U", POST="U")
def class_edit(request: TenantRequest, tenant: str, content_class: UUID) -> HttpResponse:
    """Give a content class another name."""
    row: ContentClass = get_object_or_404(ContentClass.objects.select_related("programme"), uid=content_class)
    year = row.programme
    form = ClassForm(request.POST or None, is_new=False, initial={"name": row.name})
    saved = attempt(form, lambda: type_actions.rename_class(row=row, name=form.cleaned_data["name"], actor=request.access.actor))
    back = address("year_types", tenant, year.uid)
    if saved is not None:
        return done(request, _("Saved."), back)
    return form_page(
        request,
        form,
        heading=row.name,
        breadcrumb=trail(year, tenant, _types_above(year, tenant), last=row.name),
        cancel_url=back,
    )
