"""The records behind the cells of a list: what counts in each, and what waits to count, for links beside the figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from activities.models import Obligation, Record, RuleScope
from activities.obligations.explaining import Line, lines_of
from activities.queries.records import visible_records
from lib.by_hashing import joined_by_hashing
from tenancy.access import Access

# Code of activities.words.WHY: it would count, once the other side has confirmed it.
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Behind:
    """One record that a cell counts, read with its words and day; ``waits``: it would, once the other side has confirmed it."""

    record: Record
    waits: bool


def records_behind(access: Access, cells: Iterable[UUID]) -> dict[UUID, list[Behind]]:
    """By cell, in the order of their days: records that count or wait in it and that the reader may see.

    The statement that judged the cells says which; four queries at most, however many cells.
    """
    found = Obligation.objects.filter(Q(counted__gt=0) | Q(waiting__gt=0), uid__in=list(cells)).select_related("rule", "terms")
    alone: list[Obligation] = []
    joint: list[Obligation] = []
    for cell in found:
        (alone if cell.pairing_id and cell.terms.scope == RuleScope.PAIRING else joint).append(cell)
    with joined_by_hashing():
        lines = {**lines_of(alone), **lines_of(joint)}
    uids = {cell.pk: cell.uid for cell in (*alone, *joint)}
    wanted = {line.record_id for of_cell in lines.values() for line in of_cell if line.why in ("", WAITING)}
    seen = visible_records(access).filter(pk__in=wanted).only("uid", "title", "text", "occurred_on")
    rows = seen.in_bulk() if wanted else {}
    return {
        uids[pk]: [Behind(rows[line.record_id], bool(line.why)) for line in _once(of_cell) if line.record_id in rows]
        for pk, of_cell in lines.items()
    }


def _once(lines: Iterable[Line]) -> list[Line]:
    """The lines that count or wait, each record once: one done by several pairings together has a part for each."""
    found: dict[int, Line] = {}
    for line in lines:
        if line.why in ("", WAITING):
            found.setdefault(line.record_id, line)
    return list(found.values())
