"""Why a cell is what it is: the rule's terms, the records counted, those not counted and why (domain.md §2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from activities.models import Obligation, RuleScope, RuleTerms
from activities.obligations.statement import Limits, judging
from tenancy import clock


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a record in the cell's period. ``why``: empty when counted, else a code of ``activities.words.WHY``."""

    record_id: int
    share_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cell with everything it was judged by."""

    obligation: Obligation
    terms: RuleTerms
    counted: tuple[Line, ...]
    not_counted: tuple[Line, ...]


def lines_of(obligations: list[Obligation]) -> dict[int, tuple[Line, ...]]:
    """Parts of records by obligation id, in the order of their days; one statement however many cells.

    It is the statement that judged them, so that what it says is what was counted. Give cells with their ``terms``.
    """
    if not obligations:
        return {}
    # Where each owes for itself, its own records are all there is to judge.
    is_alone = all(cell.pairing_id and cell.terms.scope == RuleScope.PAIRING for cell in obligations)
    limits = Limits(rules=True, pairings=is_alone)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {judging(limits)} "  # noqa: S608 - our own text
            "SELECT DISTINCT o.id, j.day, j.record_id, j.share_id, j.why FROM judged j "
            "JOIN activities_obligation o ON o.rule_id = j.rule_id AND o.starts_on = j.starts_on "
            "AND coalesce(o.pairing_id, 0) = coalesce(j.pairing_id, 0) "
            "AND coalesce(o.village_id, 0) = coalesce(j.village_id, 0) "
            "WHERE o.id = ANY(%(cells)s) ORDER BY o.id, j.day, j.record_id",
            {
                "rules": sorted({cell.rule_id for cell in obligations}),
                "cells": [cell.pk for cell in obligations],
                "pairings": sorted({cell.pairing_id for cell in obligations if cell.pairing_id}),
                "today": clock.today(),
            },
        )
        found: dict[int, list[Line]] = {}
        for cell, _day, record, share, why in cursor.fetchall():
            found.setdefault(cell, []).append(Line(record, share, why))
    return {cell: tuple(lines) for cell, lines in found.items()}


def explain(obligation: Obligation) -> Explanation:
    """The cell with its terms and the records that lie in its period, counted or not."""
    lines = lines_of([obligation]).get(obligation.pk, ())
    return Explanation(
        obligation,
        obligation.terms,
        tuple(line for line in lines if not line.why),
        tuple(line for line in lines if line.why),
    )
