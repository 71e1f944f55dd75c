"""What was sent and what will be, for county staff: no message vanishes unseen (reliability.md §2.3, 7)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.kinds import cells
from lib.pager import pager
from notices import queries, words
from notices.forms import OutboxFilterForm
from notices.models import OutboxMessage
from tenancy.access import TenantRequest, allow

PAGE_SIZE = 50
_KEPT = ("outcome", "kind", "level", "person", "pairing")


@allow("message", GET="R")
@require_safe
def outbox(request: TenantRequest, tenant: str) -> HttpResponse:
    """Messages to everybody in the county, with what became of each."""
    form = OutboxFilterForm(request.GET or None)
    wanted, number = queries.OutboxFilter(), 1
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        wanted = queries.OutboxFilter(**{name: values[name] for name in _KEPT})
        number = values["page"] or 1
    page = Paginator(queries.outbox(wanted), PAGE_SIZE).get_page(number)
    kept = {name: typed for name in _KEPT if (typed := str(request.GET.get(name, "")))} if form.is_valid() else {}
    context = {
        "heading": _("Messages sent and to come"),
        "breadcrumb": [
            {"label": _("Home"), "url": f"/{tenant}/"},
            {"label": _("Messages"), "url": reverse("notices:inbox", args=[tenant])},
            {"label": _("Messages sent and to come"), "url": ""},
        ],
        "help_text": _(
            "Messages are sent from 8:30 to 18:00 on working days. "
            "One that is no longer needed, or too late, stays here with the reason."
        ),
        "form": form,
        "n_filters": len(kept),
        "reset_url": request.path,
        "table": _table(request, page, kept),
    }
    return render(request, "notices/outbox.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


def _table(request: TenantRequest, page: Page[OutboxMessage], kept: dict[str, str]) -> dict[str, Any]:
    labels = [_("What it says"), _("Recipient"), _("Kind"), _("To be sent from"), _("Outcome"), _("When")]
    rows = []
    for message in page:
        told = words.words_of(message, request.tenant.slug)
        values: list[dict[str, Any]] = [
            {"text": told.title, "note": " ".join(told.lines)},
            {"text": message.person.name},
            {"text": words.kind_label(message.kind)},
            {"text": cells.minute(message.not_before)},
            {"chip": _chip(message), "note": _why(message.why)},
            {"text": cells.minute(message.done_at) if message.done_at else ""},
        ]
        rows.append({"url": told.url, "cells": [{**cell, "label": label} for cell, label in zip(values, labels, strict=True)]})
    return {
        "id": "messages-sent",
        "caption": _("Messages sent and to come"),
        "columns": [{"key": str(n), "label": label, "wide": n == 0} for n, label in enumerate(labels)],
        "rows": rows,
        "empty": {"title": _("Nothing here"), "text": _("No message fits the filters. Clear some of them.")},
        "pager": pager(page, lambda number: "?" + urlencode({**kept, "page": number})),
    }


def _chip(message: OutboxMessage) -> dict[str, str]:
    tone, mark = {
        "sent": ("green", "tick"),
        "dropped": ("grey", "dash"),
        "expired": ("amber", "flag"),
        "": ("blue", "half"),
    }[message.outcome]
    return {"word": message.get_outcome_display() if message.outcome else _("waiting"), "tone": tone, "mark": mark}


def _why(code: str) -> str:
    """Why a message was not sent."""
    return {
        "": "",
        "met": _("done meanwhile"),
        "waived": _("waived meanwhile"),
        "answered": _("answered meanwhile"),
        "over": _("the period was over"),
        "gone": _("no longer owed"),
        "settled": _("settled meanwhile"),
        "too_old": _("older than its limit"),
    }.get(code, code)
