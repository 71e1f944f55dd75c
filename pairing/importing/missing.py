"""Pairings that a new list leaves out: which, how many, and their last day (年度调整, domain.md §4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from pairing.models import Pairing, Programme
from pairing.models.pairing import LIVE_STATES
from units.importing.registry import Context
from units.importing.rows import Row


def missing_pairings(rows: Sequence[Row], programme: Programme) -> list[Pairing] | None:
    """The live pairings of the programme that no row names; None when a row does not say which it is."""
    named = {row.key for row in rows}
    if "" in named:
        return None
    live = Pairing.objects.filter(programme=programme, state__in=LIVE_STATES).select_related("unit", "village")
    rows_of = live.order_by("village__pinyin", "unit__pinyin", "pk")
    return [one for one in rows_of if f"{one.unit.uid}:{one.village.uid}" not in named]


def counts(rows: Sequence[Row], n_ended: int) -> str:
    """新增 / 保留 / 终止 / 冲突 (domain.md §4.1): what a new roster does to the table."""
    told = {
        "added": sum(row.is_ok and row.effect == "add" for row in rows),
        "kept": sum(row.is_ok and row.effect in ("same", "change") for row in rows),
        "ended": n_ended,
        "conflicts": sum(not row.is_ok for row in rows),
    }
    return _("Pairings: %(added)d added, %(kept)d kept, %(ended)d ended, %(conflicts)d in conflict or in question.") % told


def last_day(context: Context) -> date:
    """The last day of pairings that the file leaves out."""
    given = context.options.get("missing_last_day")
    return date.fromisoformat(given) if given else context.stated_on - timedelta(days=1)
