"""How the obligations stand, each with the records that count and those that do not."""

from __future__ import annotations

from typing import Any

from activities.models import Obligation, ObligationState
from activities.obligations.explaining import lines_of
from activities.obligations.passing import pass_time
from activities.rehearsal import readers
from activities.rehearsal.registry import Given, optional, question
from activities.rehearsal.stage import Stage
from activities.words import waived
from lib.by_hashing import joined_by_hashing
from lib.periods import period_of


@question(
    "obligations",
    pairing=optional(readers.pairing),
    rule=optional(readers.rule),
    from_=optional(readers.day),
    to=optional(readers.day),
)
def obligations(stage: Stage, given: Given) -> list[dict[str, Any]]:
    """Cells whose first day lies in ``from`` … ``to``, by that day, then as pairings and rules are listed."""
    # By the day of the question: one asked at midnight does not wait for the sweep of two o'clock.
    pass_time()
    cells = Obligation.objects.filter(programme=stage.programme).select_related("rule", "terms")
    if "pairing" in given:
        cells = cells.filter(pairing=stage.pairings[given["pairing"]])
    if "rule" in given:
        cells = cells.filter(rule__code=given["rule"])
    if "from" in given:
        cells = cells.filter(starts_on__gte=given["from"])
    if "to" in given:
        cells = cells.filter(starts_on__lte=given["to"])
    order = {pairing.pk: place for place, pairing in enumerate(stage.pairings.values())}
    found = sorted(cells, key=lambda cell: (cell.starts_on, order.get(cell.pairing_id, -1), cell.rule.position, cell.ends_on))
    # Of a county minutes old the planner would go through its records once for each cell, for minutes.
    with joined_by_hashing():
        lines = lines_of(found)
    keys = {record.pk: key for key, record in stage.records.items()}
    pairing_keys = {pairing.pk: key for key, pairing in stage.pairings.items()}
    return [
        {
            "pairing": pairing_keys.get(cell.pairing_id),
            "rule": cell.rule.code,
            "period_kind": cell.period_kind,
            "period": period_of(cell.period_kind, cell.starts_on).code,
            "starts_on": cell.starts_on.isoformat(),
            "ends_on": cell.ends_on.isoformat(),
            "state": cell.state,
            "required": cell.required,
            "counted": cell.counted,
            "records": [keys[line.record_id] for line in lines.get(cell.pk, ()) if not line.why],
            "not_counted": [{"record": keys[line.record_id], "why": line.why} for line in lines.get(cell.pk, ()) if line.why],
            "waived_because": waived(cell.waived_because) if cell.state == ObligationState.WAIVED else None,
        }
        for cell in found
    ]
