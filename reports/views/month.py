"""The month report: a page whose figures open their lists, and the same as Word, PDF and Excel."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import PeriodKind
from activities.reminders.telling import period_words
from lib.htmx import answer
from lib.papers.filling import fill
from lib.periods import Span, period_named
from pairing.models import Programme
from reports.papers.fields import PAPERS
from reports.papers.month import TABLES, excel_of, printed, share, values_of
from reports.papers.pdf import NoPdf, can_make_pdf, make_pdf
from reports.queries.board import PARTS, Line
from reports.queries.month import Month, RuleLine, months_of
from reports.queries.templates import template_in_use
from tenancy import clock
from tenancy.access import TenantRequest, allow
from tenancy.kinds import PORTS
from tenancy.views.files import EXCEL, PDF, WORD, file_answer


def _words() -> dict[str, str]:
    return {
        "owed": pgettext("month report", "Owed"),
        "done": pgettext("month report", "Done"),
        "waiting": pgettext("month report", "Waiting"),
        "going": pgettext("month report", "Going on"),
        "overdue": pgettext("month report", "Overdue"),
    }


def _programmes() -> list[Programme]:
    return [one for one in Programme.objects.order_by("-year", "-starts_on", "id") if months_of(one)]


def _asked(request: TenantRequest) -> tuple[Month | None, list[Programme], list[Span]]:
    """The month asked for; without one the last that is over, else the one that is on. 404 for a month that there is not."""
    programmes = _programmes()
    if not programmes:
        return None, [], []
    wanted = request.GET.get("programme", "")
    try:
        programme = Programme.objects.filter(uid=wanted).first() if wanted else programmes[0]
    except ValidationError as problem:
        raise Http404 from problem
    if programme is None or not months_of(programme):
        raise Http404
    months = months_of(programme)
    asked = request.GET.get("month", "")
    try:
        span = period_named(asked) if asked else next((one for one in months if one.ends_on < clock.today()), months[0])
    except ValueError as problem:
        raise Http404 from problem
    if span not in months:
        raise Http404
    return Month(request.access, request.tenant.slug, programme, span.starts_on), programmes, months


def _must(request: TenantRequest) -> Month:
    month, *_choices = _asked(request)
    if month is None:
        raise Http404
    return month


def _query(month: Month) -> str:
    return urlencode({"programme": str(month.programme.uid), "month": month.span.code})


@allow("dashboard", GET="R")
def page(request: TenantRequest, tenant: str) -> HttpResponse:
    """Every figure opens the list that sums to it."""
    month, programmes, months = _asked(request)
    heading = _("Month report")
    context: dict[str, Any] = {
        "heading": heading,
        "breadcrumb": [{"label": _("Home"), "url": f"/{tenant}/"}, {"label": heading, "url": ""}],
        "help_text": _("What the month asked for and how it stands, in administrative order; each figure opens its list."),
        "templates_url": reverse("reports:template_list", args=[tenant]) if request.access.can("settings", "R") else "",
    }
    if month is not None:
        context |= _told(request, month) | {
            "month_words": period_words(month.span.code),
            "programmes": [(str(one.uid), one.title, one.pk == month.programme.pk) for one in programmes],
            "months": [(one.code, period_words(one.code), one == month.span) for one in months],
        }
    return answer(request, "reports/month/page.html", context)


def _told(request: TenantRequest, month: Month) -> dict[str, Any]:
    words = _words()
    tenant = month.tenant
    may_take = request.access.can("export", "E")
    query = _query(month)
    totals = [
        {"label": words[code], "value": month.board.totals.figures[code].text, "url": month.board.totals.figures[code].url}
        for code in PARTS
    ]
    addresses = {name: f"{reverse('reports:month_excel', args=[tenant, name])}?{query}" for name in TABLES}
    excel = {name: [{"label": _("To Excel"), "url": url}] if may_take else [] for name, url in addresses.items()}
    kinds = dict(PeriodKind.choices)
    longer = [_rule(one, kinds) for one in month.longer]
    files = (
        [(route, f"{reverse(f'reports:month_{route}', args=[tenant])}?{query}") for route in ("word", "pdf")] if may_take else []
    )
    return {
        "month": month,
        "totals": totals,
        "files": dict(files),
        "can_make_pdf": can_make_pdf(),
        "tables": [
            _lines("rules", _("By rule"), [_rule(one, kinds) for one in month.rules], excel["rules"], with_before=True),
            _lines("towns", _("By town"), [(one, "", "") for one in month.board.towns], excel["towns"]),
            _lines("longer", _("Quarters and longer that end with this month"), longer, excel["longer"]),
        ],
        "overdue": _overdue(month, excel["overdue"]),
        "happenings": [{"day": one.day.isoformat(), "text": one.text} for one in month.happenings],
        "happenings_excel": excel["changes"],
    }


def _rule(one: RuleLine, kinds: dict[str, Any]) -> tuple[Line, str, str]:
    return one.line, str(kinds[one.period_kind]), share(*one.before) if one.before else "—"


def _lines(
    key: str, title: str, lines: list[tuple[Line, str, str]], exports: list[dict[str, str]], *, with_before: bool = False
) -> dict[str, Any]:
    """A table of figures as templates/parts/table.html reads it."""
    words = _words()
    has_kind = key != "towns"
    columns: list[dict[str, Any]] = [{"key": "name", "label": _("Town") if key == "towns" else _("Rule")}]
    if has_kind:
        columns.append({"key": "kind", "label": _("Kind of period")})
    columns += [{"key": code, "label": words[code], "numeric": True} for code in PARTS]
    columns.append({"key": "share", "label": _("Done, in per cent"), "numeric": True})
    if with_before:
        columns.append({"key": "before", "label": _("The month before"), "numeric": True})
    rows = []
    for line, kind, before in lines:
        found: list[dict[str, Any]] = [{"text": line.label, "label": columns[0]["label"]}]
        if has_kind:
            found.append({"text": kind, "label": _("Kind of period")})
        found += [
            {"text": line.figures[code].text, "label": words[code], "url": line.figures[code].url, "numeric": True}
            for code in PARTS
        ]
        done = share(line.figures["done"].value, line.figures["owed"].value)
        found.append({"text": done, "label": _("Done, in per cent"), "numeric": True})
        if with_before:
            found.append({"text": before, "label": _("The month before"), "numeric": True})
        rows.append({"url": "", "cells": found})
    empty = {"title": _("Nothing of this kind in this month."), "text": ""}
    return {
        "title": title,
        "table": {"id": f"month-{key}", "caption": title, "columns": columns, "rows": rows, "empty": empty, "exports": exports},
    }


def _overdue(month: Month, exports: list[dict[str, str]]) -> dict[str, Any]:
    labels = (_("Village"), _("Town"), _("Unit"), _("What is overdue"), _words()["overdue"])
    rows = [
        {
            "url": "",
            "cells": [
                {"text": one.village, "label": labels[0]},
                {"text": one.town, "label": labels[1]},
                {"text": one.unit, "label": labels[2]},
                {"text": _(", ").join(one.rules), "label": labels[3]},
                {"text": one.figure.text, "label": labels[4], "url": one.figure.url, "numeric": True},
            ],
        }
        for one in month.exceptions
    ]
    columns = [{"key": str(n), "label": label, "numeric": n == 4, "wide": n == 3} for n, label in enumerate(labels)]
    empty = {"title": _("Nothing is overdue in this month."), "text": ""}
    title = _("Overdue, in administrative order")
    return {
        "title": title,
        "table": {"id": "month-overdue", "caption": title, "columns": columns, "rows": rows, "empty": empty, "exports": exports},
    }


@allow("export", GET="E")
def word(request: TenantRequest, tenant: str) -> HttpResponse:
    """From the county's template, or the product's own."""
    month = _must(request)
    values = values_of(month, PORTS.paper(request))
    content = fill(template_in_use("month").content, PAPERS["month"].fields, values)
    name = f"{values['县']}{values['月份']}{PAPERS['month'].title}.docx"
    return file_answer(request, content, name, WORD, of="month_report", n_rows=len(values["规则"]))


@allow("export", GET="E")
def pdf(request: TenantRequest, tenant: str) -> HttpResponse:
    """As PDF; where the server makes none, a page that says so and what to do instead."""
    month = _must(request)
    paper = PORTS.paper(request)
    try:
        content = make_pdf(printed(month, paper))
    except NoPdf:
        return no_pdf(request, f"{reverse('reports:month', args=[tenant])}?{_query(month)}")
    name = f"{paper.county}{values_of(month, paper)['月份']}{PAPERS['month'].title}.pdf"
    return file_answer(request, content, name, PDF, of="month_report")


def no_pdf(request: TenantRequest, back: str) -> HttpResponse:
    """This server makes no PDF: the Word file and the browser's print do."""
    heading = _("No PDF on this server")
    context = {
        "heading": heading,
        "breadcrumb": [{"label": _("Home"), "url": f"/{request.tenant.slug}/"}, {"label": heading, "url": ""}],
        "back_url": back,
    }
    return answer(request, "reports/papers/no_pdf.html", context)


@allow("export", GET="E")
def excel(request: TenantRequest, tenant: str, table: str) -> HttpResponse:
    """One table of the report in the official form."""
    if table not in TABLES:
        raise Http404
    name, content, n_rows = excel_of(table, _must(request), PORTS.paper(request))
    return file_answer(request, content, name, EXCEL, of="month_report", n_rows=n_rows)
