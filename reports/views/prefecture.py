"""The prefecture's page: sums that counties published, without a way to any record (docs/decisions/0016)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.kinds import cells
from reports.queries import prefecture as queries
from reports.queries.prefecture import Group, Numbers, Sum
from reports.views.board import PARTS
from tenancy.access import readers_only
from tenancy.models import Division


@readers_only
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """A year's sums by county and by rule; nothing on the page leads further."""
    if not queries.is_offered():
        raise Http404
    place: Division = request.prefecture  # type: ignore[attr-defined]
    groups = queries.published(place)
    years = sorted({one.year for one in groups}, reverse=True)
    asked = request.GET.get("year", "")
    if asked and asked not in map(str, years):
        raise Http404
    year = int(asked) if asked else (years[0] if years else None)
    shown = [one for one in groups if one.year == year]
    counties = queries.summed(shown, lambda one: (one.county_code, one.county))
    rules = queries.summed(shown, lambda one: (one.rule_code, one.rule))
    [whole] = queries.summed(shown, lambda one: ("", _("In all"))) or [Sum(_("In all"), Numbers(), 0)]
    latest = {one.county_code: one.published_at for one in shown}
    context = {
        "heading": _("%(prefecture)s: sums of the counties") % {"prefecture": place.name},
        "breadcrumb": [],
        "help_text": _("Only what a county has published stands here. Groups under five are hidden, and no total contains them."),
        "tabs": [{"label": str(one), "url": f"?year={one}", "active": one == year} for one in years],
        "stats": _stats(whole.numbers),
        "n_hidden": whole.n_hidden,
        "tables": [
            _table("counties", _("By county, in administrative order"), _("County"), counties),
            _table("rules", _("By rule"), _("Rule"), rules),
        ],
        "grid": _grid(shown),
        "published": [
            {"county": name, "at": cells.minute(latest[code])}
            for code, name in sorted({(g.county_code, g.county) for g in shown})
        ],
        "empty": {
            "title": _("No county has published anything yet."),
            "text": _("A county's administrator publishes its sums, and may take them back."),
        },
    }
    return render(request, "reports/boards/prefecture.html", context)


def _stats(found: Numbers) -> list[dict[str, Any]]:
    numbers = (found.due, found.met, found.waiting, found.missed)
    return [
        {"label": label, "value": cells.number(number) if found.due else "—"}
        for label, number in zip(_words(), numbers, strict=True)
    ]


def _words() -> list[str]:
    return [str(PARTS[code]) for code in ("owed", "done", "waiting", "overdue")]


def _table(key: str, caption: str, first: str, sums: list[Sum]) -> dict[str, Any]:
    heads = [*_words(), _("Share done"), _("Hidden groups")]
    rows = []
    for one in sums:
        found = one.numbers
        # A shown group owes five at least: nothing owed means that all of them are hidden, and not that all are nought.
        numbers = (found.due, found.met, found.waiting, found.missed)
        texts = [cells.number(n) for n in numbers] if found.due else ["—"] * len(numbers)
        texts += ["—" if found.share is None else f"{found.share}%", cells.number(one.n_hidden)]
        rows.append({"label": one.label, "cells": [{"label": h, "text": t} for h, t in zip(heads, texts, strict=True)]})
    return {"key": key, "caption": caption, "first": first, "heads": heads, "rows": rows}


def _grid(groups: list[Group]) -> dict[str, Any]:
    """Done of owed, rules by counties."""
    counties = sorted({(one.county_code, one.county) for one in groups})
    rows = []
    for code, rule in sorted({(one.rule_code, one.rule) for one in groups}):
        of_rule = [one for one in groups if one.rule_code == code and one.rule == rule]
        found = {one.label: one for one in queries.summed(of_rule, lambda one: (one.county_code, one.county))}
        texts = []
        for _code, name in counties:
            one = found.get(name)
            texts.append(_("hidden") if one and not one.numbers.due else _done_of_owed(one))
        rows.append({"label": rule, "cells": texts})
    return {"heads": [name for _code, name in counties], "rows": rows}


def _done_of_owed(one: Sum | None) -> str:
    return f"{cells.number(one.numbers.met)}/{cells.number(one.numbers.due)}" if one else "—"
