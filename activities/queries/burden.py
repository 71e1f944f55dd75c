"""What a rule set asks of a pairing, a village and the county in a calendar year (domain.md fact 4).

Counted from rules, calendar, waivers and suspensions as they stand, without looking at cells: a draft that binds nobody
yet, and a year without pairings, can be told too. A week belongs to the year of its Thursday.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from activities.models import PartialPeriod, PeriodKind, Rule, RuleScope, RuleTerms, StatusRequired, Waiver, YearSettings
from activities.queries.calendar import WorkCalendar, concerns, days_between, live_waivers, work_calendar
from activities.queries.versions import in_force, rules_of, versions_of
from lib.periods import Span, periods
from pairing.models import Pairing, PairingState, PairingSuspension, Programme
from units.models import Unit

_IN_PLAY = (PairingState.ACTIVE, PairingState.SUSPENDED, PairingState.ENDED)
# Owed by a village itself, or by the county: nothing of a pairing's.
_NO_PAIRING = (RuleScope.VILLAGE_PARTY, RuleScope.PROGRAMME)


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """One period in which something is owed. ``waived``: why not after all ("calendar", "waiver", "suspended"), else ""."""

    span: Span
    terms: RuleTerms
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who owes: from when to when, where, and days of rest."""

    since: date
    until: date
    pairing_id: int | None = None
    town_id: int | None = None
    rests: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Burden:
    """Records and confirmations that a rule set asks for in a year, by rule code, and the minutes they take."""

    by_rule: Mapping[str, int]
    confirmed_by_rule: Mapping[str, int]
    record_seconds: int
    confirm_seconds: int
    records: int = field(init=False)
    confirmations: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "records", sum(self.by_rule.values()))
        object.__setattr__(self, "confirmations", sum(self.confirmed_by_rule.values()))

    def record_minutes(self, code: str | None = None) -> int:
        """Minutes of writing a year, rounded up; of one rule if named."""
        return -(-(self.records if code is None else self.by_rule.get(code, 0)) * self.record_seconds // 60)

    def confirm_minutes(self, code: str | None = None) -> int:
        """Minutes of confirming a year, rounded up; of one rule if named."""
        n = self.confirmations if code is None else self.confirmed_by_rule.get(code, 0)
        return -(-n * self.confirm_seconds // 60)

    def times(self, n: int) -> Burden:
        """The same for ``n`` alike."""
        return Burden(
            {code: value * n for code, value in self.by_rule.items()},
            {code: value * n for code, value in self.confirmed_by_rule.items()},
            self.record_seconds,
            self.confirm_seconds,
        )


def year_of(span: Span) -> int:
    """The calendar year that a period belongs to."""
    return (span.starts_on + timedelta(days=3)).year if span.kind == PeriodKind.WEEK else span.starts_on.year


def is_due(span: Span, terms: RuleTerms, since: date, until: date) -> bool:
    """Whether somebody who owes from ``since`` to ``until`` owes this period (domain.md §2.3, first and last period)."""
    n_days = (min(until, span.ends_on) - max(since, span.starts_on)).days + 1
    if n_days < 1:
        return False
    half = n_days * 2 >= (span.ends_on - span.starts_on).days + 1
    begins = {PartialPeriod.FULL: True, PartialPeriod.PRORATE: half, PartialPeriod.WAIVE: since <= span.starts_on}
    ends = {PartialPeriod.FULL: True, PartialPeriod.PRORATE: half, PartialPeriod.WAIVE: until >= span.ends_on}
    return begins[PartialPeriod(terms.first_period)] and ends[PartialPeriod(terms.last_period)]


def due_periods(
    rule: Rule,
    versions: Sequence[RuleTerms],
    subject: Subject,
    year: int,
    *,
    calendar: WorkCalendar,
    waivers: Sequence[Waiver],
) -> list[DuePeriod]:
    """The periods of a year that ``subject`` owes under a rule, in order; waived ones are told with their reason."""
    found: list[DuePeriod] = []
    touching = [one for one in waivers if concerns(one, pairing_id=subject.pairing_id, town_id=subject.town_id, rule=rule.code)]
    for kind in sorted({terms.period_kind for terms in versions}):
        for span in periods(kind, date(year, 1, 1), date(year, 12, 31)):
            terms = in_force(versions, span.ends_on)
            if terms is None or terms.period_kind != kind or year_of(span) != year:
                continue
            if is_due(span, terms, subject.since, subject.until):
                found.append(DuePeriod(span, terms, _waived(span, terms, subject, calendar, touching)))
    return sorted(found, key=lambda one: one.span)


def _waived(span: Span, terms: RuleTerms, subject: Subject, calendar: WorkCalendar, waivers: Sequence[Waiver]) -> str:
    is_week = span.kind == PeriodKind.WEEK
    if is_week and calendar.n_working(span.starts_on, span.ends_on) < terms.min_working_days:
        return "calendar"
    here = [one for one in waivers if one.starts_on <= span.ends_on and one.ends_on >= span.starts_on]
    if here:
        left = sum(
            calendar.is_working(day) and not any(one.starts_on <= day <= one.ends_on for one in here)
            for day in days_between(span.starts_on, span.ends_on)
        )
        if left < max(terms.min_working_days, 1):
            return "waiver"
    return "suspended" if any(first <= span.ends_on and last >= span.starts_on for first, last in subject.rests) else ""


class Reckoning:
    """A programme year's rules, calendar and waivers, read once, to tell burdens from.

    ``instead``: versions to judge a rule by (its code) in place of its published ones: what a draft would ask.
    """

    def __init__(self, programme: Programme, year: int, *, instead: Mapping[str, Sequence[RuleTerms]] | None = None) -> None:
        self.programme, self.year = programme, year
        self.rules = rules_of(programme)
        self.instead = instead or {}
        self.calendar = work_calendar(date(year, 1, 1) - timedelta(days=7), date(year, 12, 31) + timedelta(days=7))
        self.waivers = list(live_waivers(programme))
        self.settings: YearSettings = YearSettings.objects.filter(programme=programme).first() or YearSettings()

    def anybody(self) -> Subject:
        """A pairing that is active as long as the programme lasts; waivers for one town or pairing do not touch it."""
        return Subject(self.programme.starts_on, self.programme.ends_on)

    def subjects(self, pairings: Iterable[Pairing]) -> list[Subject]:
        """Pairings in play, as subjects. Their villages have been read along."""
        chosen = [one for one in pairings if one.active_from is not None and one.state in _IN_PLAY]
        rests: dict[int, list[tuple[date, date]]] = {}
        for rest in PairingSuspension.objects.filter(pairing__in=[one.pk for one in chosen]):
            rests.setdefault(rest.pairing_id, []).append((rest.starts_on, rest.ends_on or date.max))
        return [
            Subject(
                since=max(one.active_from or one.starts_on, self.programme.starts_on),
                until=min(one.ends_on or self.programme.ends_on, self.programme.ends_on),
                pairing_id=one.pk,
                town_id=one.village.parent_id,
                rests=tuple(rests.get(one.pk, ())),
            )
            for one in chosen
        ]

    def due(self, rule: Rule, subject: Subject) -> list[DuePeriod]:
        """The periods that ``subject`` owes under ``rule``."""
        versions = self.instead.get(rule.code, versions_of(rule))
        return due_periods(rule, versions, subject, self.year, calendar=self.calendar, waivers=self.waivers)

    def costs_nothing(self, rule: Rule) -> bool:
        """Not in use, or its records are those of another rule in use ("其中")."""
        shared = {one.code for one in self.rules if one.is_active}
        return not rule.is_active or (rule.within != "" and rule.within in shared)

    def total(self, subjects: Sequence[Subject], *, with_village: bool) -> Burden:
        """What these pairings owe; of one village (``with_village``) together with what it owes itself."""
        by_rule: dict[str, int] = {}
        confirmed: dict[str, int] = {}
        for rule in self.rules:
            if not rule.is_active:
                continue
            by_rule[rule.code], confirmed[rule.code] = 0, 0
            if self.costs_nothing(rule):
                continue
            for due in self._owed(rule, subjects, with_village=with_village):
                by_rule[rule.code] += due.terms.minimum
                if due.terms.status_required == StatusRequired.CONFIRMED:
                    confirmed[rule.code] += due.terms.minimum
        return Burden(by_rule, confirmed, self.settings.record_seconds, self.settings.confirm_seconds)

    def _owed(self, rule: Rule, subjects: Sequence[Subject], *, with_village: bool) -> Iterable[DuePeriod]:
        once: dict[Span, DuePeriod] = {}
        for subject in subjects:
            for due in self.due(rule, subject):
                scope = due.terms.scope
                if due.waived or scope == RuleScope.PROGRAMME or (scope in _NO_PAIRING and not with_village):
                    continue
                if scope in (RuleScope.VILLAGE, RuleScope.VILLAGE_PARTY):
                    # One of the village's units does it for all, or the village itself does.
                    once.setdefault(due.span, due)
                else:
                    yield due
        yield from once.values()


def burden(
    programme: Programme,
    year: int,
    *,
    pairing: Pairing | None = None,
    village: Unit | None = None,
    instead: Mapping[str, Sequence[RuleTerms]] | None = None,
) -> Burden:
    """What the rules ask in a calendar year of a pairing, of a village with all its units, or of any pairing.

    Rules that a unit or a leader owes once over several villages are told at each of them: it may be any.
    """
    reckoning = Reckoning(programme, year, instead=instead)
    if pairing is not None:
        return reckoning.total(reckoning.subjects([pairing]), with_village=False)
    if village is not None:
        here = Pairing.objects.filter(programme=programme, village=village).select_related("village").order_by("id")
        return reckoning.total(reckoning.subjects(here), with_village=True)
    return reckoning.total([reckoning.anybody()], with_village=False)


def year_to_tell(programme: Programme, today: date) -> int:
    """The calendar year that a page tells of: this one while the programme lasts, else the nearest one of it."""
    if today < programme.starts_on:
        # A programme that begins in September is told by its first whole year, if it has one.
        return min(programme.starts_on.year + (programme.starts_on.month > 1), programme.ends_on.year)
    return min(today.year, programme.ends_on.year)
