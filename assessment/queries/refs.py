"""What a line of a sheet rests on: the records, periods, papers and facts counted, and those that are not, with why.

The same conditions as in ``assessment.readings``, for one pairing; tests hold that the lists add up to the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import ActivityType, Obligation, ObligationState, PeriodKind, Record, Share, Status
from activities.obligations.explaining import lines_of
from activities.reminders.telling import period_words
from activities.words import waived, why
from assessment.models import Cycle, Honour, Poll, RubricLine
from assessment.readings.honours import LEVELS
from assessment.readings.papers import DAYS
from assessment.terms import Terms
from lib.periods import Span, period_of, periods
from pairing.models import HouseholdContact, Pairing
from supervision.models import Finding, Warning
from tenancy import clock
from units.models import Figure

_MET = (ObligationState.MET, ObligationState.MET_LATE)
_OUT = (ObligationState.WAIVED, ObligationState.NOT_DUE)
# What a report that came late says beside its day.
LATE = "late"
_LEVELS = {2: "yellow", 3: "red"}
_UNSENT = (Status.DRAFT, Status.ABANDONED)


@dataclass(frozen=True, slots=True)
class Ref:
    """One thing that a figure rests on. ``url_name`` leads to its page with ``uid``; both empty where it has none.

    ``why``: why it does not count. ``note``: what is to be said of one that counts ("late"). ``period``: the code of the
    period it belongs to, where the figure counts periods. ``type`` and ``state``: codes of its kind, for programs; ``value``:
    the number that a figure of a village has.
    """

    uid: UUID | None
    kind: str
    label: str
    day: date | None
    url_name: str = ""
    why: str = ""
    note: str = ""
    period: str = ""
    type: str = ""
    state: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Refs of one reading."""

    counted: tuple[Ref, ...] = ()
    not_counted: tuple[Ref, ...] = ()


def _split(refs: Iterable[Ref]) -> Found:
    found = list(refs)
    return Found(tuple(ref for ref in found if not ref.why), tuple(ref for ref in found if ref.why))


class Evidence:
    """Everything that a pairing's lines read in a cycle; each table asked once, however many lines."""

    def __init__(self, cycle: Cycle, pairing: Pairing, lines: Iterable[RubricLine]) -> None:
        self.cycle, self.pairing = cycle, pairing
        self._asked: list[tuple[str, Terms]] = []
        for line in lines:
            self._asked.append((line.reading, line.reading_terms))
            beside = line.reading_terms.get("beside") if line.reading == "entry" else None
            if beside:
                self._asked.append((beside["reading"], beside))

    def of(self, line: RubricLine) -> Found:
        """What the line rests on; of an entered figure, what the system's own figure beside it rests on."""
        terms: Terms = line.reading_terms
        reading = line.reading
        if reading == "entry":
            terms = terms.get("beside") or {}
            reading = terms.get("reading", "")
        return _READERS[reading](self, terms) if reading in _READERS else Found()

    # -- tables, each once ------------------------------------------------------------------------
    @cached_property
    def _type_names(self) -> dict[str, str]:
        rows = ActivityType.objects.filter(programme=self.cycle.programme_id)
        return dict(rows.values_list("code", "name"))

    @cached_property
    def _shares(self) -> list[Share]:
        types = {
            name
            for reading, terms in self._asked
            for name in (terms["types"] if reading == "records" else [terms["type"]] if reading == "reports" else [])
        }
        rows = Share.objects.filter(
            pairing=self.pairing, type__in=types, counts_on__range=(self.cycle.starts_on, self.cycle.ends_on)
        )
        return list(rows.exclude(status__in=_UNSENT).select_related("record").order_by("counts_on", "submitted_on", "id"))

    @cached_property
    def _cells(self) -> list[Obligation]:
        rules = {terms["rule"] for reading, terms in self._asked if reading in ("periods", "reports") and terms.get("rule")}
        first, last = self.cycle.starts_on, self.cycle.ends_on
        shift = timedelta(days=3)
        rows = Obligation.objects.filter(
            Q(period_kind=PeriodKind.WEEK, starts_on__range=(first - shift, last - shift))
            | ~Q(period_kind=PeriodKind.WEEK) & Q(starts_on__range=(first, last)),
            pairing=self.pairing,
            programme=self.cycle.programme_id,
            rule__code__in=rules,
            rule__is_active=True,
        )
        return list(rows.select_related("rule", "terms").order_by("starts_on", "id"))

    @cached_property
    def _lines(self) -> Mapping[int, tuple[Any, ...]]:
        return lines_of(self._cells)

    @cached_property
    def _records(self) -> dict[int, Record]:
        found: dict[int, Record] = Record.objects.in_bulk({line.record_id for lines in self._lines.values() for line in lines})
        return found

    # -- refs -------------------------------------------------------------------------------------
    def record(self, row: Record, **more: str) -> Ref:
        name = self._type_names.get(row.type, row.type)
        text = row.title or row.text
        label = f"{name} {short(row.occurred_on)}" + (f" {text[:30]}" if text else "")
        more = {"type": row.type, "state": row.status, **more}
        return Ref(row.uid, "record", label, row.occurred_on, "activities:record", **more)

    def records(self, terms: Terms) -> Found:
        def of_share(share: Share) -> Ref:
            reason = _SHARE_WHY[share.status]
            if not reason and terms.get("only") == "principal" and not share.principal_present:
                return self.record(share.record, why=_("the head of the unit was not present"), state=share.status)
            return self.record(share.record, why=why(reason), state=share.status)

        return _split(of_share(share) for share in self._shares if share.type in terms["types"])

    def reports(self, terms: Terms) -> Found:
        owed = {cell.starts_on: cell for cell in self._cells if cell.rule.code == terms.get("rule")}
        seen: set[date] = set()
        refs: list[Ref] = []
        # The earliest confirmed one of a quarter stands for it.
        for share in sorted(
            (one for one in self._shares if one.type == terms["type"]), key=lambda one: one.submitted_on or date.max
        ):
            quarter = period_of("quarter", share.counts_on)
            cell = owed.get(quarter.starts_on)
            reason = why(_SHARE_WHY[share.status])
            if not reason and cell is not None and cell.state in _OUT:
                reason = _state(cell)
            if not reason and quarter.starts_on in seen:
                reason = _("another report of this quarter counts")
            if not reason:
                seen.add(quarter.starts_on)
            is_late = not reason and share.submitted_on is not None and share.submitted_on > quarter.ends_on + timedelta(
                days=int(terms["days"])
            )  # fmt: skip
            late = {"note": _("late"), "value": LATE} if is_late else {}
            refs.append(self.record(share.record, why=reason, period=quarter.code, state=share.status, **late))
        for quarter in periods("quarter", self.cycle.starts_on, self.cycle.ends_on):
            cell = owed.get(quarter.starts_on)
            if quarter.starts_on not in seen and (cell is not None or not owed):
                refs.append(self._period(quarter, cell, _state(cell) if cell and cell.state in _OUT else _("no report")))
        return _split(sorted(refs, key=lambda ref: ref.period))

    def _period(self, span: Span, cell: Obligation | None, reason: str) -> Ref:
        return Ref(
            cell.uid if cell else None,
            "obligation",
            period_words(span.code),
            span.starts_on,
            "activities:obligation" if cell else "",
            why=reason,
            period=span.code,
            type=cell.rule.code if cell else "",
            state=cell.state if cell else "",
        )

    def periods(self, terms: Terms) -> Found:
        refs: list[Ref] = []
        for cell in self._cells:
            if cell.rule.code != terms["rule"]:
                continue
            span = period_of(cell.period_kind, cell.starts_on)
            is_met = cell.state in _MET
            if not is_met:
                refs.append(self._period(span, cell, _state(cell)))
            lines = self._lines.get(cell.pk, ())
            if is_met and not any(not line.why for line in lines):
                # Met by what other periods had left over: the cell itself is what counts.
                refs.append(replace(self._period(span, cell, ""), note=_("met by a surplus")))
            for line in lines:
                reason = why(line.why) or ("" if is_met else _("counts for %(period)s") % {"period": period_words(span.code)})
                refs.append(self.record(self._records[line.record_id], why=reason, period=span.code))
        return _split(refs)

    def papers(self, terms: Terms) -> Found:
        names = {"agreement": _("agreement signed"), "plan": _("yearly plan approved")}
        refs = []
        for paper in terms["papers"]:
            day: date | None = getattr(self.pairing, DAYS[paper])
            is_there = day is not None and day <= self.cycle.ends_on
            label = f"{names[paper]} {short(day)}" if day else names[paper]
            refs.append(
                Ref(
                    self.pairing.uid,
                    "pairing",
                    label,
                    day,
                    "pairing:pairing",
                    why="" if is_there else _("not on file in the year"),
                    type=paper,
                )
            )
        return _split(refs)

    def households(self, terms: Terms) -> Found:
        last = self.cycle.ends_on
        rows = HouseholdContact.objects.filter(pairing=self.pairing, listed_on__lte=last).filter(
            Q(delisted_on=None) | Q(delisted_on__gt=last)
        )
        refs = []
        for row in rows.order_by("house_no", "id"):
            is_covered = row.covered_from is not None and row.covered_from <= last
            reason = "" if is_covered else _("nobody of one of the two sides is named")
            refs.append(Ref(row.uid, "household", row.house_no, row.covered_from, "pairing:household", why=reason))
        return _split(refs)

    def growth(self, terms: Terms) -> Found:
        rows = {
            row.year: row
            for row in Figure.objects.filter(
                unit=self.pairing.village_id, metric=terms["metric"], year__in=(self.cycle.year - 1, self.cycle.year)
            )
        }
        refs = []
        for year in (self.cycle.year - 1, self.cycle.year):
            row = rows.get(year)
            if row is None:
                refs.append(Ref(None, "figure", str(year), None, why=_("no figure"), period=str(year)))
            else:
                label = _("%(year)s: %(value)s yuan") % {"year": year, "value": f"{row.value:,.2f}".removesuffix(".00")}
                told = {"period": str(year), "type": row.metric, "value": f"{row.value:f}"}
                refs.append(Ref(row.uid, "figure", label, None, "units:figure", **told))
        return _split(refs)

    def poll(self, terms: Terms) -> Found:
        row = Poll.objects.filter(cycle=self.cycle, pairing=self.pairing).first()
        if row is None:
            return Found()
        label = _("poll of %(day)s") % {"day": short(row.held_on)}
        return Found((Ref(row.uid, "poll", label, row.held_on, "assessment:poll"),))

    def honours(self, terms: Terms) -> Found:
        rows = Honour.objects.filter(pairing=self.pairing, promoted_on__range=(self.cycle.starts_on, self.cycle.ends_on))
        seen: set[str] = set()
        refs = []
        for row in sorted(rows, key=lambda row: (row.matter, -LEVELS.index(row.level))):
            reason = row.withdrawn_because and _("withdrawn: %(why)s") % {"why": row.withdrawn_because}
            if not reason and row.matter in seen:
                reason = _("of this matter a higher level counts")
            if not reason:
                seen.add(row.matter)
            label = f"{row.get_level_display()} {row.matter}"
            refs.append(Ref(row.uid, "honour", label, row.promoted_on, "assessment:honour", why=reason, type=row.level))
        return _split(refs)

    def conduct(self, terms: Terms) -> Found:
        span = (self.cycle.starts_on, self.cycle.ends_on)
        untrue = Record.objects.filter(
            shares__pairing=self.pairing, status=Status.VOIDED, found_untrue=True, occurred_on__range=span
        )
        refs = [self.record(row, note=_("found untrue")) for row in untrue.order_by("occurred_on", "id")]
        today = clock.today()
        for row in Finding.objects.filter(pairing=self.pairing, due_on__range=span).order_by("due_on", "id"):
            is_overdue = row.due_on < today and (row.closed_on is None or row.closed_on > row.due_on)
            reason = "" if is_overdue else _("closed in time") if row.closed_on else _("its day has not passed")
            label = _("rectification %(number)s, due on %(day)s") % {"number": row.number, "day": short(row.due_on)}
            refs.append(Ref(row.uid, "finding", label, row.due_on, "supervision:finding", why=reason, state=row.state))
        for row in Warning.objects.filter(pairing=self.pairing, signed_on__range=span).order_by("signed_on", "id"):
            reason = _("withdrawn: %(why)s") % {"why": row.withdrawn_because} if row.withdrawn_on else ""
            label = _("%(level)s warning of %(day)s") % {"level": row.get_level_display(), "day": short(row.signed_on)}
            level = _LEVELS.get(row.level, str(row.level))
            refs.append(Ref(row.uid, "warning", label, row.signed_on, "supervision:warning", why=reason, type=level))
        return _split(refs)


_SHARE_WHY: dict[str, str] = {
    Status.CONFIRMED: "",
    Status.SUBMITTED: "waiting",
    Status.RETURNED: "returned",
    Status.VOIDED: "voided",
}
_READERS: dict[str, Callable[[Evidence, Terms], Found]] = {
    "records": Evidence.records,
    "reports": Evidence.reports,
    "periods": Evidence.periods,
    "papers": Evidence.papers,
    "households": Evidence.households,
    "growth": Evidence.growth,
    "poll": Evidence.poll,
    "honours": Evidence.honours,
    "conduct": Evidence.conduct,
}


def _state(cell: Obligation) -> str:
    """Why a period is not among those done."""
    label = str(ObligationState(cell.state).label)
    if cell.state == ObligationState.WAIVED and cell.waived_because:
        return f"{label}：{waived(cell.waived_because)}"
    return label


def short(day: date | None) -> str:
    """A day as lists write it."""
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def readers() -> Iterator[str]:
    """Readings whose refs are known; a test holds that none was forgotten."""
    yield from _READERS
