"""What the rules ask of a pairing or a village in a calendar year: records to write, confirmations to give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from activities.models import Obligation, PeriodKind, StatusRequired
from activities.rehearsal import readers
from activities.rehearsal.readers import Names
from activities.rehearsal.registry import Given, needed, optional, question
from activities.rehearsal.stage import Stage


def year_of(period_kind: str, starts_on: date) -> int:
    """The calendar year that a period belongs to; a week to that of its Thursday."""
    return (starts_on + timedelta(days=3)).year if period_kind == PeriodKind.WEEK else starts_on.year


def _one_subject(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    if ("pairing" in given) == ("village" in given):
        yield "pairing", _("Write either pairing or village.")


@question(
    "burden",
    _one_subject,
    pairing=optional(readers.pairing),
    village=optional(readers.paired_village),
    year=needed(readers.year),
)
def burden(stage: Stage, given: Given) -> dict[str, Any]:
    """Of due periods that no waiver takes out. What is part of another rule costs nothing more.

    What several owe together is asked of the village once.
    """
    cells = Obligation.objects.filter(programme=stage.programme, is_due=True, waived_because="").select_related("rule", "terms")
    if "pairing" in given:
        cells = cells.filter(pairing=stage.pairings[given["pairing"]])
    else:
        village = stage.villages[given["village"]]
        keys = [pairing.pk for pairing in stage.pairings.values() if pairing.village_id == village.pk]
        cells = cells.filter(is_carrier=True, pairing__in=keys) | cells.filter(village=village)
    records: Counter[str] = Counter()
    confirmations = 0
    for cell in cells:
        if year_of(cell.period_kind, cell.starts_on) == given["year"] and not cell.rule.within:
            records[cell.rule.code] += cell.required
            confirmations += cell.required if cell.terms.status_required == StatusRequired.CONFIRMED else 0
    return {"records": records.total(), "confirmations": confirmations, "by_rule": dict(sorted(records.items()))}
