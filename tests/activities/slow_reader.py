"""An independent reading of domain.md §2: plain Python over the rows that people wrote, one cell at a time.

Slow on purpose and without a line of the product's SQL: what it says and what the product keeps must be the same.
It reads models' rows only, and nothing of ``activities.obligations``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from activities.models import Rule, RuleTerms, Share, Waiver, WorkingDay
from pairing.models import Pairing, PairingPost, PairingSuspension, Programme

# (rule, pairing, village, kind of period, first day)
Key = tuple[str, int | None, int | None, str, date]
DAY = timedelta(days=1)


@dataclass
class Cell:
    """What one rule asks of one subject in one period, and how it stands."""

    key: Key
    ends_on: date
    grace_until: date
    required: int
    is_due: bool
    # "calendar", "waiver", "suspended" or nothing.
    waived: str = ""
    state: str = ""
    counted: int = 0
    waiting: int = 0
    carried: int = 0
    is_carrier: bool = True
    counted_shares: set[int] = field(default_factory=set)
    # Every reason that holds, by share; the product names one of them.
    why_not: dict[int, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    kind: str
    first: date
    last: date


@dataclass
class _Subject:
    """Somebody who owes: a pairing, a village's Party organisation, the county."""

    programme_id: int
    first: date
    last: date
    pairing: Pairing | None = None
    village_id: int | None = None
    town_id: int | None = None


def read_all(today: date) -> dict[Key, Cell]:
    """Every cell of the county in scope, as §2 has it on ``today``."""
    return _Reader(today).cells()


# -- periods, by counting days ---------------------------------------------------------------------
def span_of(kind: str, day: date) -> Span:
    """The period of a kind that a day lies in: walk back to its first day, on to its last."""
    first = day
    while not _begins(kind, first):
        first -= DAY
    last = day
    while not _begins(kind, last + DAY):
        last += DAY
    return Span(kind, first, last)


def _begins(kind: str, day: date) -> bool:
    if kind == "week":
        return day.weekday() == 0
    months = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "half": (1, 7), "year": (1,)}[kind]
    return day.day == 1 and day.month in months


def _spans(kind: str, first: date, last: date) -> Iterator[Span]:
    span = span_of(kind, first)
    while span.first <= last:
        yield span
        span = span_of(kind, span.last + DAY)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY


class _Reader:
    def __init__(self, today: date) -> None:
        self.today = today
        self.programmes = {programme.pk: programme for programme in Programme.objects.all()}
        self.rules = list(Rule.objects.filter(is_active=True))
        self.terms: dict[int, list[RuleTerms]] = defaultdict(list)
        for terms in RuleTerms.objects.exclude(published_at=None):
            self.terms[terms.rule_id].append(terms)
        self.pairings = [
            pairing
            for pairing in Pairing.objects.select_related("village").order_by("id")
            if pairing.active_from is not None and pairing.state in ("active", "suspended", "ended")
        ]
        self.calendar = dict(WorkingDay.objects.values_list("day", "is_working"))
        self.waivers = list(Waiver.objects.filter(withdrawn_at=None).order_by("id"))
        self.rests = list(PairingSuspension.objects.all())
        self.leaders = list(PairingPost.objects.filter(kind="group_leader"))
        self.shares = list(Share.objects.order_by("counts_on", "record_id", "id"))
        self.n_in_time: dict[Key, int] = {}

    # -- who owes what, when -----------------------------------------------------------------------
    def cells(self) -> dict[Key, Cell]:
        found: dict[Key, Cell] = {}
        for rule in self.rules:
            of_rule: dict[Key, tuple[Cell, RuleTerms, _Subject]] = {}
            for subject, span, terms in self._owed(rule):
                cell = self._cell(rule, subject, span, terms)
                of_rule[cell.key] = (cell, terms, subject)
            self._count(rule, of_rule)
            self._judge(of_rule)
            found.update((key, cell) for key, (cell, _terms, _subject) in of_rule.items())
        return found

    def _owed(self, rule: Rule) -> Iterator[tuple[_Subject, Span, RuleTerms]]:
        """Each period is judged by the terms in force on its last day; so are its length and who owes it."""
        for terms in self.terms[rule.pk]:
            for subject in self._subjects(rule.programme_id, terms.scope):
                for span in _spans(terms.period_kind, subject.first, subject.last):
                    if self._in_force(rule, span.last) is terms:
                        yield subject, span, terms

    def _in_force(self, rule: Rule, day: date) -> RuleTerms | None:
        fitting = [
            terms
            for terms in self.terms[rule.pk]
            if terms.effective_from <= day and (terms.effective_to is None or day <= terms.effective_to)
        ]
        assert len(fitting) <= 1, "two versions in force on one day"
        return fitting[0] if fitting else None

    def _subjects(self, programme_id: int, scope: str) -> Iterator[_Subject]:
        programme = self.programmes[programme_id]
        if scope == "programme":
            yield _Subject(programme_id, programme.starts_on, programme.ends_on)
            return
        own = [subject for pairing in self.pairings if (subject := self._of_pairing(pairing, programme)) is not None]
        if scope != "village_party":
            yield from own
            return
        for village_id in {subject.pairing.village_id for subject in own if subject.pairing}:
            there = [subject for subject in own if subject.pairing and subject.pairing.village_id == village_id]
            first, last = min(one.first for one in there), max(one.last for one in there)
            yield _Subject(programme_id, first, last, None, village_id, there[0].town_id)

    def _of_pairing(self, pairing: Pairing, programme: Programme) -> _Subject | None:
        if pairing.programme_id != programme.pk or pairing.active_from is None:
            return None
        first = max(pairing.active_from, programme.starts_on)
        last = min(pairing.ends_on or programme.ends_on, programme.ends_on)
        if last < first:
            return None
        return _Subject(programme.pk, first, last, pairing, None, pairing.village.parent_id)

    def _cell(self, rule: Rule, subject: _Subject, span: Span, terms: RuleTerms) -> Cell:
        pairing_id = subject.pairing.pk if subject.pairing else None
        return Cell(
            key=(rule.code, pairing_id, subject.village_id, span.kind, span.first),
            ends_on=span.last,
            grace_until=span.last + timedelta(days=terms.grace_days),
            required=terms.minimum,
            is_due=(is_due := self._is_due(subject, span, terms)),
            waived=self._waived(rule, subject, span, terms) if is_due else "",
        )

    def _is_due(self, subject: _Subject, span: Span, terms: RuleTerms) -> bool:
        n_days = sum(1 for _day in _days(span.first, span.last))
        n_active = sum(1 for day in _days(span.first, span.last) if subject.first <= day <= subject.last)
        began_inside, ended_inside = subject.first > span.first, subject.last < span.last
        for happened, policy in ((began_inside, terms.first_period), (ended_inside, terms.last_period)):
            if happened and (policy == "waive" or (policy == "prorate" and n_active * 2 < n_days)):
                return False
        return True

    # -- waivers -----------------------------------------------------------------------------------
    def _is_working(self, day: date) -> bool:
        return bool(self.calendar.get(day, day.weekday() < 5))

    def _waived(self, rule: Rule, subject: _Subject, span: Span, terms: RuleTerms) -> str:
        worked = [day for day in _days(span.first, span.last) if self._is_working(day)]
        if span.kind == "week" and len(worked) < terms.min_working_days:
            return "calendar"
        touching = [
            waiver for waiver in self._waivers_of(rule, subject) if waiver.starts_on <= span.last and waiver.ends_on >= span.first
        ]
        left = [day for day in worked if not any(waiver.starts_on <= day <= waiver.ends_on for waiver in touching)]
        # Nothing left is nothing to ask for, whatever the rule says of few days.
        if touching and len(left) < max(terms.min_working_days, 1):
            return "waiver"
        for rest in self.rests:
            is_ours = subject.pairing is not None and rest.pairing_id == subject.pairing.pk
            if is_ours and rest.starts_on <= span.last and (rest.ends_on is None or rest.ends_on >= span.first):
                return "suspended"
        return ""

    def _waivers_of(self, rule: Rule, subject: _Subject) -> Iterator[Waiver]:
        for waiver in self.waivers:
            fits = waiver.programme_id == subject.programme_id and (not waiver.rules or rule.code in waiver.rules)
            if fits and (
                waiver.scope == "all"
                or (waiver.scope == "town" and waiver.town_id == subject.town_id)
                or (waiver.scope == "pairing" and subject.pairing is not None and waiver.pairing_id == subject.pairing.pk)
            ):
                yield waiver

    # -- what counts -------------------------------------------------------------------------------
    def _count(self, rule: Rule, cells: dict[Key, tuple[Cell, RuleTerms, _Subject]]) -> None:
        lines = [line for share in self.shares if (line := self._line(rule, share)) is not None]
        self._limit_online(lines)
        for cell, terms, subject in cells.values():
            together = self._together(terms.scope, subject, cell.ends_on)
            cell.is_carrier = self._carries(cell, together, cells)
            own = [line for line in lines if line.span.first == cell.key[4] and line.span.kind == cell.key[3]]
            for line in own:
                if self._fits(line.share, subject, together):
                    cell.why_not[line.share.pk] = set(line.why)
        self._limit_projects(cells, {line.share.pk: line.share for line in lines})
        for cell, terms, _subject in cells.values():
            self._add_up(cell, terms)

    def _line(self, rule: Rule, share: Share) -> _Line | None:
        """A share that is of the rule's sort, in the period that its day belongs to, with all that speaks against it."""
        if share.status in ("draft", "abandoned") or share.programme_id != rule.programme_id:
            return None
        for terms in self.terms[rule.pk]:
            types = {share.type, *(share.also_types if terms.allow_multi else ())}
            day = share.raised_on if terms.count_on in ("registered", "started") else share.counts_on
            if day is None or not types & set(terms.types):
                continue
            span = span_of(terms.period_kind, day)
            if self._in_force(rule, span.last) is terms:
                return _Line(share, terms, day, span, self._objections(share, terms))
        return None

    def _objections(self, share: Share, terms: RuleTerms) -> set[str]:
        found: set[str] = set()
        if share.status in ("voided", "returned"):
            found.add(share.status)
        if terms.joint_counts_for == "lead" and not share.is_lead:
            found.add("not_lead")  # A2, A4, A9
        if terms.person_filter == "group_leader" and not share.leader_present:
            found.add("leader_absent")  # A17
        if (terms.count_on == "awarded") != (share.step == "awarded"):
            found.add("other_step")  # A5
        if terms.in_village_only and share.place_kind in ("at_unit", "elsewhere"):
            found.add("elsewhere")  # A18
        if terms.in_village_only and share.place_kind == "online" and terms.online_per_month is None:
            found.add("elsewhere")
        if (share.visitors or 0) < terms.min_visitors:
            found.add("no_visitors")
        if share.visitors == 0 and not share.was_announced:
            found.add("not_announced")  # A12
        if terms.status_required == "confirmed" and share.status == "submitted":
            found.add("waiting")
        return found

    def _limit_online(self, lines: list[_Line]) -> None:
        """A18: so many online sessions a month and pairing; the earliest, waiting ones among them."""
        seen: dict[tuple[Any, ...], int] = defaultdict(int)
        for line in sorted(lines, key=lambda one: (one.day, one.share.record_id)):
            most = line.terms.online_per_month
            if line.share.place_kind != "online" or most is None or line.why - {"waiting"}:
                continue
            month = (line.share.pairing_id, line.day.year, line.day.month)
            seen[month] += 1
            if seen[month] > most:
                line.why = {"online_limit"}

    def _together(self, scope: str, subject: _Subject, on: date) -> set[int]:
        """Pairings that owe one thing together with this one: A1, A3, A15."""
        mine = subject.pairing
        if mine is None:
            return set()
        mates = [one for one in self.pairings if self._of_pairing(one, self.programmes[mine.programme_id]) is not None]
        if scope == "village":
            return {one.pk for one in mates if one.village_id == mine.village_id}
        if scope == "unit":
            return {one.pk for one in mates if one.unit_id == mine.unit_id}
        if scope == "person":
            person = self._leader(mine.pk, on)
            return {mine.pk} | {one.pk for one in mates if person is not None and self._leader(one.pk, on) == person}
        return {mine.pk}

    def _leader(self, pairing_id: int, on: date) -> int | None:
        for post in self.leaders:
            if post.pairing_id == pairing_id and post.starts_on <= on and (post.ends_on is None or post.ends_on >= on):
                return int(post.person_id)
        return None

    def _carries(self, cell: Cell, together: set[int], cells: dict[Key, tuple[Cell, RuleTerms, _Subject]]) -> bool:
        """One of those that owe together stands for all: the first of whom it is asked at all."""
        rule, pairing_id, _village, kind, first = cell.key
        if pairing_id is None:
            return True
        mates = [cells[key][0] for one in sorted(together) if (key := (rule, one, None, kind, first)) in cells]
        asked = [mate for mate in mates if mate.is_due] or mates
        return asked[0].key == cell.key

    def _fits(self, share: Share, subject: _Subject, together: set[int]) -> bool:
        if share.programme_id != subject.programme_id:
            return False
        if subject.pairing is not None:
            return share.pairing_id in together
        return share.pairing_id is None and share.village_id == subject.village_id

    def _limit_projects(self, cells: dict[Key, tuple[Cell, RuleTerms, _Subject]], shares: dict[int, Share]) -> None:
        """A8: an unfinished project satisfies so many owed periods, the earliest ones."""
        claims: dict[tuple[int | None, int | None, int], list[tuple[Cell, RuleTerms, Share]]] = defaultdict(list)
        for cell, terms, _subject in cells.values():
            if terms.max_quarters_per_project is None or not cell.is_due or cell.waived:
                continue
            for pk, why in cell.why_not.items():
                share = shares[pk]
                if share.item_id is not None and not why - {"waiting"}:
                    claims[cell.key[1], cell.key[2], share.item_id].append((cell, terms, share))
        for claimed in claims.values():
            done = [
                share.counts_on for _cell, _terms, share in claimed if share.step == "completed" and share.status == "confirmed"
            ]
            firsts = sorted({cell.key[4] for cell, _terms, _share in claimed})
            for cell, terms, share in claimed:
                is_finished = any(day <= cell.ends_on for day in done)
                if firsts.index(cell.key[4]) >= (terms.max_quarters_per_project or 0) and not is_finished:
                    cell.why_not[share.pk] = {"project_limit"}

    def _add_up(self, cell: Cell, terms: RuleTerms) -> None:
        things: dict[str, set[tuple[str, int]]] = {"counted": set(), "in_time": set(), "claimed": set()}
        by_pk = {share.pk: share for share in self.shares}
        for pk, why in cell.why_not.items():
            share = by_pk[pk]
            thing = ("item", share.item_id) if terms.distinct_by and share.item_id else ("record", share.record_id)
            if not why - {"waiting"}:
                things["claimed"].add(thing)
            if not why:
                cell.counted_shares.add(pk)
                things["counted"].add(thing)
                if share.submitted_on is not None and share.submitted_on <= cell.grace_until:
                    things["in_time"].add(thing)
        cell.why_not = {pk: why for pk, why in cell.why_not.items() if why}
        cell.counted = len(things["counted"])
        cell.waiting = len(things["claimed"]) - len(things["counted"])
        self.n_in_time[cell.key] = len(things["in_time"])

    # -- how it stands -----------------------------------------------------------------------------
    def _judge(self, cells: dict[Key, tuple[Cell, RuleTerms, _Subject]]) -> None:
        surplus: dict[tuple[int | None, int | None], int] = defaultdict(int)
        for cell, terms, _subject in sorted(cells.values(), key=lambda one: one[0].key[4]):
            if terms.carry_over and cell.key[4] <= self.today:
                cell.carried = surplus[cell.key[1], cell.key[2]]
                owed = cell.required if cell.is_due and not cell.waived else 0
                # Never a debt: what is missing is missed, and the next period begins with nothing.
                surplus[cell.key[1], cell.key[2]] = max(0, cell.carried + cell.counted - owed)
            cell.state = self._state(cell)

    def _state(self, cell: Cell) -> str:
        if not cell.is_due:
            return "not_due"
        if cell.waived:
            return "waived"
        if self.n_in_time[cell.key] + cell.carried >= cell.required:
            return "met"
        if cell.counted + cell.carried >= cell.required:
            return "met_late"
        if cell.counted + cell.waiting + cell.carried >= cell.required:
            return "waiting"
        if self.today < cell.key[4]:
            return "not_due"
        return "open" if self.today <= cell.grace_until else "missed"


@dataclass
class _Line:
    """A share in the period of its day."""

    share: Share
    terms: RuleTerms
    day: date
    span: Span
    why: set[str]


def differences(kept: Iterable[tuple[Any, str, set[int], dict[int, str]]], read: dict[Key, Cell]) -> list[str]:
    """What differs between the product's cells and this reading, in words; empty when nothing does.

    ``kept``: (Obligation with its rule, waived kind, counted shares, why by share not counted).
    """
    found: list[str] = []
    seen: set[Key] = set()
    for row, waived, counted, why_not in kept:
        key: Key = (row.rule.code, row.pairing_id, row.village_id, row.period_kind, row.starts_on)
        seen.add(key)
        cell = read.get(key)
        if cell is None:
            found.append(f"{key}: kept, and owed by nobody")
            continue
        ours = (cell.ends_on, cell.grace_until, cell.required, cell.is_due, cell.waived, cell.state, cell.counted, cell.waiting,
                cell.carried, cell.is_carrier, cell.counted_shares)  # fmt: skip
        theirs = (row.ends_on, row.grace_until, row.required, row.is_due, waived, row.state, row.counted, row.waiting,
                  row.carried, row.is_carrier, counted)  # fmt: skip
        if ours != theirs:
            found.append(f"{key}: read {ours}, kept {theirs}")
        if set(cell.why_not) != set(why_not):
            found.append(f"{key}: does not count {sorted(cell.why_not)}, kept {sorted(why_not)}")
        found += [
            f"{key}: share {pk} does not count for {why!r}, read {sorted(cell.why_not[pk])}"
            for pk, why in why_not.items()
            if pk in cell.why_not and why not in cell.why_not[pk]
        ]
    found += [f"{key}: owed, and not kept" for key in read.keys() - seen]
    return found
