"""Reading what is owed: who sees which cells, and cells with the records that count for them and those that do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from activities import words
from activities.models import Obligation, ObligationState, Record, Rule, RuleScope, RuleTerms
from activities.obligations import Line, Standing, standing
from activities.obligations.explaining import lines_of
from lib.periods import period_of
from pairing.models import Pairing
from pairing.queries import visible_pairings
from tenancy.access import Access
from units.models import Unit

_NO_PAIRING = (RuleScope.VILLAGE_PARTY, RuleScope.PROGRAMME)


def within(units: frozenset[int]) -> Q:
    """Cells of pairings of these units, or with villages in or below them; a village's own cells where it is one."""
    return (
        Q(pairing__unit__in=units)
        | Q(pairing__party_org__in=units)
        | Q(pairing__village__in=units)
        | Q(pairing__village__parent__in=units)
        | Q(village__in=units)
        | Q(village__parent__in=units)
    )


def visible_obligations(access: Access) -> QuerySet[Obligation]:
    """Cells of the pairings that ``access`` may read; what the county itself owes, for those who read all of it."""
    reach = access.reach("pairing", "R")
    rows: QuerySet[Obligation] = Obligation.objects.all()
    return rows if reach is None else rows.filter(within(reach))


class NotCounted(NamedTuple):
    """A record in the period that does not count; ``why`` is a code of ``activities.words.WHY``."""

    record: UUID
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell as the API and a rehearsal tell it (rehearsal.md, Answers). Rows of others by their public ids."""

    pairing: UUID | None
    rule: str
    period_kind: str
    period: str
    starts_on: date
    ends_on: date
    state: str
    required: int
    counted: int
    records: tuple[UUID, ...]
    not_counted: tuple[NotCounted, ...]
    waived_because: str | None


def answers(
    pairing: Pairing | None = None,
    rule: str = "",
    starts_from: date | None = None,
    starts_to: date | None = None,
    *,
    rows: QuerySet[Obligation] | None = None,
) -> list[Answer]:
    """Cells whose first day lies in ``starts_from`` … ``starts_to``, by that day, then as the rules are listed.

    ``rule``: its code. ``rows``: out of these cells only. Three queries and a statement, however many.
    """
    found = Obligation.objects.all() if rows is None else rows
    if pairing is not None:
        found = found.filter(pairing=pairing)
    found = narrowed(found, rule, starts_from, starts_to)
    return told(
        found.select_related("rule", "terms", "pairing").order_by(
            "starts_on", "rule__position", "rule_id", "pairing_id", "village_id"
        )
    )


def narrowed(rows: QuerySet[Obligation], rule: str, starts_from: date | None, starts_to: date | None) -> QuerySet[Obligation]:
    """Those of a rule (its code), beginning on a day of a stretch."""
    chosen = Q()
    if rule:
        chosen &= Q(rule__code=rule)
    if starts_from is not None:
        chosen &= Q(starts_on__gte=starts_from)
    if starts_to is not None:
        chosen &= Q(starts_on__lte=starts_to)
    return rows.filter(chosen)


def told(cells: Iterable[Obligation]) -> list[Answer]:
    """Answers for kept cells, read with ``rule``, ``terms`` and ``pairing``, in their order."""
    rows = list(cells)
    lines = lines_of(rows)
    records = _record_uids(lines.values())
    return [
        _answer(cell, cell.rule.code, cell.pairing.uid if cell.pairing is not None else None, lines.get(cell.pk, ()), records)
        for cell in rows
    ]


def answers_as_of(
    access: Access,
    day: date,
    *,
    pairing: UUID | None = None,
    rule: str = "",
    starts_from: date | None = None,
    starts_to: date | None = None,
) -> list[Answer]:
    """The same as they stood at the end of ``day`` (``activities.obligations.standing`` says what that means)."""
    seen = visible_pairings(access)
    if pairing is not None:
        seen = seen.filter(uid=pairing)
    uids: Mapping[int, UUID] = dict(seen.values_list("pk", "uid"))
    rules = {one.pk: one for one in Rule.objects.filter(**({"code": rule} if rule else {}))}
    # Who asks for no pairing is also told what belongs to none.
    is_wider = pairing is None and RuleTerms.objects.filter(rule__in=rules, scope__in=_NO_PAIRING).exists()
    reach = access.reach("pairing", "R")
    villages = set(Unit.objects.filter(Q(pk__in=reach) | Q(parent__in=reach)).values_list("pk", flat=True)) if reach else set()

    def is_seen(cell: Standing) -> bool:
        if cell.pairing_id is not None:
            return cell.pairing_id in uids
        return reach is None or cell.village_id in villages

    cells = [
        cell
        for cell in standing(day, pairings=None if is_wider else uids, rules=rules)
        if is_seen(cell)
        and (starts_from is None or cell.starts_on >= starts_from)
        and (starts_to is None or cell.starts_on <= starts_to)
    ]
    cells.sort(
        key=lambda cell: (
            cell.starts_on,
            rules[cell.rule_id].position,
            cell.rule_id,
            cell.pairing_id or 0,
            cell.village_id or 0,
        )
    )
    records = _record_uids(cell.lines for cell in cells)
    return [
        _answer(cell, rules[cell.rule_id].code, uids[cell.pairing_id] if cell.pairing_id else None, cell.lines, records)
        for cell in cells
    ]


def _record_uids(lines: Iterable[Iterable[Line]]) -> dict[int, UUID]:
    ids = {line.record_id for each in lines for line in each}
    return dict(Record.objects.filter(pk__in=ids).values_list("pk", "uid")) if ids else {}


def _answer(
    cell: Obligation | Standing, rule: str, pairing: UUID | None, lines: Iterable[Line], records: Mapping[int, UUID]
) -> Answer:
    own: list[Any] = list(lines)
    return Answer(
        pairing=pairing,
        rule=rule,
        period_kind=cell.period_kind,
        period=period_of(cell.period_kind, cell.starts_on).code,
        starts_on=cell.starts_on,
        ends_on=cell.ends_on,
        state=cell.state,
        required=cell.required,
        counted=cell.counted,
        records=tuple(records[line.record_id] for line in own if not line.why),
        not_counted=tuple(NotCounted(records[line.record_id], line.why) for line in own if line.why),
        waived_because=words.waived(cell.waived_because) if cell.state == ObligationState.WAIVED else None,
    )
