"""A pairing's year at a glance: a row for each rule, a square for each period (ui.md, signature piece 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from activities.models import Obligation, ObligationState, PeriodKind, RuleTerms, WeekMonth
from lib.periods import Span, period_of, periods, shown_month
from pairing.models import Pairing

_DONE = (ObligationState.MET, ObligationState.MET_LATE)


@dataclass(frozen=True, slots=True)
class Square:
    """One period of one rule. ``n_weeks``: its width, in the weeks shown under its months. No cell: nothing to judge."""

    span: Span
    n_weeks: int
    cell: Obligation | None


@dataclass(frozen=True, slots=True)
class StripRow:
    """One rule. Figures of the year: periods owed and done, what they ask for in all, and all that counts."""

    terms: RuleTerms
    squares: tuple[Square, ...]

    @property
    def name(self) -> str:
        return str(self.terms.rule.name)

    @property
    def cells(self) -> list[Obligation]:
        return [square.cell for square in self.squares if square.cell is not None]

    @property
    def owed(self) -> list[Obligation]:
        return [cell for cell in self.cells if cell.is_due and not cell.waived_because]

    @property
    def n_owed(self) -> int:
        return len(self.owed)

    @property
    def n_done(self) -> int:
        return sum(cell.state in _DONE for cell in self.owed)

    @property
    def required(self) -> int:
        """What the year asks for: sessions, households, projects."""
        return sum(cell.required for cell in self.owed)

    @property
    def counted(self) -> int:
        """What counts, over all periods of the year (A7: shown beside the periods)."""
        return sum(cell.counted for cell in self.owed)


@dataclass(frozen=True, slots=True)
class Month:
    """A month and how many weeks stand under it."""

    first: date
    n_weeks: int


@dataclass(frozen=True, slots=True)
class Strip:
    """A pairing in a calendar year; a week belongs to the year of its Thursday (domain.md §2.3)."""

    pairing: Pairing
    year: int
    months: tuple[Month, ...]
    rows: tuple[StripRow, ...]

    @property
    def n_weeks(self) -> int:
        return sum(month.n_weeks for month in self.months)


def weeks_of(year: int) -> list[Span]:
    """The 52 or 53 weeks whose Thursday lies in the year."""
    first, last = period_of("week", date(year, 1, 4)), period_of("week", date(year, 12, 28))
    return list(periods("week", first.starts_on, last.starts_on))


def years_of(pairing: Pairing) -> list[int]:
    """Calendar years in which the programme year runs: those a strip can be asked for."""
    programme = pairing.programme
    return list(range(programme.starts_on.year, programme.ends_on.year + 1))


def year_span(year: int) -> tuple[date, date]:
    """First and last day of all that belongs to a year, its weeks in whole."""
    weeks = weeks_of(year)
    return min(weeks[0].starts_on, date(year, 1, 1)), max(weeks[-1].ends_on, date(year, 12, 31))


def strips(pairings: Sequence[Pairing], year: int) -> list[Strip]:
    """Strips of pairings, in their order; one query, however many."""
    first, last = year_span(year)
    rows = (
        Obligation.objects.filter(pairing__in=[one.pk for one in pairings], starts_on__gte=first, ends_on__lte=last)
        .select_related("rule", "terms__rule")
        .order_by("rule__position", "rule_id", "starts_on")
    )
    by_pairing: dict[int, list[Obligation]] = defaultdict(list)
    for cell in rows:
        if _belongs(cell, year):
            by_pairing[cell.pairing_id or 0].append(cell)
    return [_strip(pairing, year, by_pairing[pairing.pk]) for pairing in pairings]


def _belongs(cell: Obligation, year: int) -> bool:
    day = cell.starts_on + timedelta(days=3) if cell.period_kind == PeriodKind.WEEK else cell.starts_on
    return day.year == year


def _strip(pairing: Pairing, year: int, cells: Iterable[Obligation]) -> Strip:
    by_rule: dict[int, list[Obligation]] = defaultdict(list)
    for cell in cells:
        by_rule[cell.rule_id].append(cell)
    weekly = [own[-1].terms for own in by_rule.values() if own[-1].period_kind == PeriodKind.WEEK]
    by = weekly[0].week_month if weekly else WeekMonth.THURSDAY
    weeks_in = _weeks_in_months(year, by)
    rows = tuple(
        StripRow(own[-1].terms, tuple(_squares(kind, year, [one for one in own if one.period_kind == kind], weeks_in)))
        for own in by_rule.values()
        # A rule that changed from months to quarters has two rows.
        for kind in dict.fromkeys(one.period_kind for one in own)
    )
    months = tuple(Month(date(year, number, 1), n) for number, n in weeks_in.items())
    return Strip(pairing, year, months, rows)


def _weeks_in_months(year: int, by: str) -> dict[int, int]:
    found = dict.fromkeys(range(1, 13), 0)
    for week in weeks_of(year):
        shown = shown_month(week, by=by)
        # A week of December whose Sunday is a January's stays in its year.
        found[shown.month if shown.year == year else 12] += 1
    return found


def _squares(kind: str, year: int, cells: list[Obligation], weeks_in: dict[int, int]) -> Iterable[Square]:
    by_day = {cell.starts_on: cell for cell in cells}
    if kind == PeriodKind.WEEK:
        for week in weeks_of(year):
            yield Square(week, 1, by_day.get(week.starts_on))
        return
    for span in periods(kind, date(year, 1, 1), date(year, 12, 31)):
        width = sum(weeks_in[month] for month in range(span.starts_on.month, span.ends_on.month + 1))
        yield Square(span, width, by_day.get(span.starts_on))
