"""The county's month report: what was owed and done by rule and by town, what is overdue, what changed.

The figures are a board's (``reports.queries.board``), each with the list whose rows sum to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet
from django.utils import translation
from django.utils.timezone import localtime

from activities.kinds.obligations import OVERDUE, in_span
from activities.models import Status, Waiver
from activities.queries.records import visible_records
from lib.periods import Span, period_of, periods
from pairing.models import PairingChange, Programme
from pairing.queries import visible_pairings
from reports.papers import sentences
from reports.queries.board import Board, Figure, Line, counted
from tenancy import clock
from tenancy.access import Access

# Longer than a month, told in the month in which they end.
_LONGER = ("quarter", "half", "year")
_PLACE = ("village__parent__division_code", "village__parent__pinyin", "village__division_code", "village__pinyin")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the month, and done of owed in the month before (None where nothing was owed)."""

    line: Line
    period_kind: str
    before: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A pairing, or a village by itself, with something overdue in the month."""

    town: str
    village: str
    unit: str
    rules: tuple[str, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class Happening:
    """Something of the month that changed what is owed by whom."""

    day: date
    text: str


@dataclass(frozen=True)
class Month:
    """A month of one programme year, as far as ``access`` sums it."""

    access: Access
    tenant: str
    programme: Programme
    first: date

    @property
    def span(self) -> Span:
        return period_of("month", self.first)

    @cached_property
    def board(self) -> Board:
        """The cells of the month: its weeks (by their Thursdays) and what is owed by the month."""
        return Board(self.access, self.tenant, self.span, self.programme)

    @cached_property
    def rules(self) -> list[RuleLine]:
        """By rule, in the rules' order; two queries."""
        before = {
            (one["rule_id"], one["period_kind"]): (one["n_done"], one["n_owed"])
            for one in self._by_rule(period_of("month", self.first - timedelta(days=1)))
            if one["n_owed"]
        }
        return [
            RuleLine(self._line(one, self.span), one["period_kind"], before.get((one["rule_id"], one["period_kind"])))
            for one in self._by_rule(self.span)
            if one["n_owed"]
        ]

    @cached_property
    def longer(self) -> list[RuleLine]:
        """Quarters, half-years and years that end with this month; a query for each."""
        found = []
        for kind in _LONGER:
            span = period_of(kind, self.first)
            if span.ends_on == self.span.ends_on:
                rows = [one for one in self._by_rule(span) if one["period_kind"] == kind and one["n_owed"]]
                found += [RuleLine(self._line(one, span), kind, None) for one in rows]
        return found

    def _by_rule(self, span: Span) -> list[dict[str, Any]]:
        by = ("rule__position", "rule_id", "rule__uid", "rule__name", "period_kind")
        rows = counted(self.board.rows.filter(in_span(span)), by)
        return sorted(rows, key=lambda one: (one["rule__position"], one["rule_id"], one["period_kind"]))

    def _line(self, one: dict[str, Any], span: Span) -> Line:
        asked = {"rule": str(one["rule__uid"]), "period_kind": one["period_kind"], "period": span.code}
        return self.board.line(one["rule__name"], one, str(one["rule__uid"]), **asked)

    @cached_property
    def exceptions(self) -> list[Overdue]:
        """Who has something overdue in the month, in administrative order, never by number; two queries."""
        rows = self.board.rows.filter(in_span(self.span), OVERDUE)
        return [*self._overdue_pairings(rows), *self._overdue_villages(rows)]

    def _overdue_pairings(self, rows: QuerySet[Any]) -> list[Overdue]:
        names = {"town": F("pairing__village__parent__name"), "at": F("pairing__village__name"), "by": F("pairing__unit__name")}
        order = [*(f"pairing__{name}" for name in _PLACE), "pairing__unit__pinyin", "pairing__uid"]
        found = (
            rows.filter(pairing__isnull=False)
            .order_by()
            .values(*order, **names)
            .annotate(n=Count("pk"), rules=ArrayAgg("rule__name", distinct=True))
            .order_by(*order)
        )
        return [
            Overdue(one["town"] or "", one["at"], one["by"], tuple(one["rules"]), self._overdue(one, pairing="pairing__uid"))
            for one in found
        ]

    def _overdue_villages(self, rows: QuerySet[Any]) -> list[Overdue]:
        order = [*_PLACE, "village__uid"]
        found = (
            rows.filter(pairing=None, village__isnull=False)
            .order_by()
            .values(*order, town=F("village__parent__name"), at=F("village__name"))
            .annotate(n=Count("pk"), rules=ArrayAgg("rule__name", distinct=True))
            .order_by(*order)
        )
        return [
            Overdue(one["town"] or "", one["at"], "", tuple(one["rules"]), self._overdue(one, village="village__uid", owed_by=""))
            for one in found
        ]

    def _overdue(self, one: dict[str, Any], **names: str) -> Figure:
        asked = {name: str(one[source]) if source else "village" for name, source in names.items()}
        return Figure(one["n"], self.board.url(period=self.span.code, state="overdue", **asked))

    @cached_property
    def happenings(self) -> list[Happening]:
        """Pairings that began, moved, rested or ended, waivers, records voided: by day; three queries."""
        found = [*self._pairing_changes(), *self._waivers(), *self._voided()]
        return sorted(found, key=lambda one: one.day)

    def _pairing_changes(self) -> list[Happening]:
        rows = PairingChange.objects.filter(
            pairing__in=visible_pairings(self.access).filter(programme=self.programme),
            effective_on__gte=self.span.starts_on,
            effective_on__lte=self.span.ends_on,
        ).select_related("pairing__unit", "pairing__village", "from_unit", "to_unit")
        with translation.override("zh-hans"):
            return [Happening(row.effective_on, _told(row)) for row in rows.order_by("effective_on", "id")]

    def _waivers(self) -> list[Happening]:
        rows = Waiver.objects.filter(
            programme=self.programme, withdrawn_at=None, starts_on__lte=self.span.ends_on, ends_on__gte=self.span.starts_on
        ).select_related("town", "pairing__unit", "pairing__village")
        reach = self.access.reach("dashboard", "R")
        if reach is not None:
            rows = rows.filter(Q(scope="all") | Q(town__in=reach) | Q(pairing__in=visible_pairings(self.access)))
        return [
            Happening(
                max(row.starts_on, self.span.starts_on),
                f"豁免（{_for_whom(row)}，{sentences.short_day(row.starts_on)}至{sentences.short_day(row.ends_on)}）：{row.reason}",
            )
            for row in rows
        ]

    def _voided(self) -> list[Happening]:
        rows = visible_records(self.access).filter(programme=self.programme, status=Status.VOIDED)
        until = self.span.ends_on
        rows = rows.filter(status_at__date__gte=self.span.starts_on, status_at__date__lte=until)
        by_day: dict[date, int] = {}
        for row in rows:
            day = local_day(row.status_at)
            by_day[day] = by_day.get(day, 0) + 1
        return [Happening(day, f"作废活动记录{n}条") for day, n in by_day.items()]


def local_day(when: Any) -> date:
    """The day of an instant in the county's time."""
    return localtime(when).date()


def _told(row: PairingChange) -> str:
    who = f"{row.pairing.unit.name}—{row.pairing.village.name}"
    units = " → ".join(unit.name for unit in (row.from_unit, row.to_unit) if unit is not None)
    parts = [f"{who}：{row.get_kind_display()}", units if row.from_unit is not None else "", row.doc_no, row.reason]
    return "，".join(part for part in parts if part)


def _for_whom(row: Waiver) -> str:
    if row.pairing is not None:
        return f"{row.pairing.unit.name}—{row.pairing.village.name}"
    return row.town.name if row.town is not None else "全县"


def months_of(programme: Programme) -> list[Span]:
    """The months of a programme year that have begun, the newest first."""
    last = min(programme.ends_on, clock.today())
    return list(periods("month", programme.starts_on, last))[::-1] if programme.starts_on <= last else []
