"""The event log of a county."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.pager import pager
from tenancy.access import TenantRequest, allow
from tenancy.deeds import deed_words, detail_words, object_words
from tenancy.forms import EventFilterForm
from tenancy.models import AuditEntry
from tenancy.models.grant import Role
from tenancy.names import names_of
from tenancy.queries import events

PAGE_SIZE = 50


@allow("event_log", GET="R")
@require_safe
def audit(request: TenantRequest, tenant: str) -> HttpResponse:
    """Who did what and when; filters by deed, person and day; whether the chain holds."""
    access = request.access
    entries = events.visible_events(access)
    sees_all = access.everywhere("event_log", "R")
    form = EventFilterForm(request.GET or None, actions=events.deeds_in(entries))
    wanted, number = events.EventFilter(), 1
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        wanted = events.EventFilter(values["action"], values["actor"], values["day_from"], values["day_to"])
        number = values["page"] or 1
    page = Paginator(events.filtered(entries, wanted), PAGE_SIZE).get_page(number)
    kept = {name: typed for name in ("action", "actor", "day_from", "day_to") if (typed := str(request.GET.get(name, "")))}
    context = {
        "heading": _("Event log") if sees_all else _("My own deeds"),
        "breadcrumb": _trail(request, sees_all=sees_all),
        "help_text": _("Who did what and when. Entries are chained: a changed or missing one is found."),
        "form": form,
        "n_filters": len(kept) if form.is_valid() else 0,
        "reset_url": request.path,
        "table": _table(page, kept),
        "check": _check(request) if sees_all else None,
    }
    return render(request, "tenancy/audit.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


def _trail(request: TenantRequest, *, sees_all: bool) -> list[dict[str, str]]:
    slug = request.tenant.slug
    trail = [{"label": _("Home"), "url": f"/{slug}/"}]
    if request.access.can("settings", "R"):
        trail.append({"label": _("Settings"), "url": reverse("tenancy:settings", args=[slug])})
    return [*trail, {"label": _("Event log") if sees_all else _("My own deeds"), "url": ""}]


def _check(request: TenantRequest) -> dict[str, Any]:
    if events.is_long() and "check" not in request.GET:
        return {"asked": False}
    broken = events.verdict()
    if broken is None:
        return {"asked": True, "level": "success", "text": _("The chain of entries is unbroken.")}
    seq, problem = broken
    words = {
        "missing": _("an entry is missing"),
        "unlinked": _("it does not follow its predecessor"),
        "altered": _("it was changed"),
    }
    text = _("The chain is broken at entry %(seq)s: %(problem)s. Tell the operator and keep a copy of the database.") % {
        "seq": seq,
        "problem": words.get(problem, problem),
    }
    return {"asked": True, "level": "error", "text": text}


def _table(page: Page[AuditEntry], kept: dict[str, str]) -> dict[str, Any]:
    names = names_of({entry.account_id for entry in page if entry.account_id})
    labels = [_("No."), _("Time"), _("Who"), _("Role"), _("Deed"), _("Object"), _("Details"), _("Address")]
    columns = [{"key": str(n), "label": label, "numeric": False} for n, label in enumerate(labels)]
    rows = []
    for entry in page:
        texts = [
            str(entry.seq),
            localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            names.get(entry.account_id or 0) or entry.actor,
            _("; ").join(str(Role(code).label) for code in entry.roles.split(",") if code in Role.values),
            deed_words(entry.action),
            object_words(entry.object_kind),
            _details(entry),
            entry.address,
        ]
        rows.append({"cells": [{"text": text, "label": label} for text, label in zip(texts, labels, strict=True)]})
    return {
        "id": "events",
        "caption": _("Event log"),
        "columns": columns,
        "rows": rows,
        "empty": {"title": _("Nothing here"), "text": _("No entry fits the filters. Clear some of them.")},
        "pager": pager(page, lambda number: "?" + urlencode({**kept, "page": number})),
    }


def _details(entry: AuditEntry) -> str:
    parts = [] if entry.result == "done" else [_("refused")] if entry.result == "refused" else [entry.result]
    told = (detail_words(name, value, entry.object_kind) for name, value in entry.details.items() if value not in ("", [], None))
    return _("; ").join([*parts, *(words for words in told if words)])
