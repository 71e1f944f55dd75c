"""The figures of a board: cells of what is owed, summed by rule and time, by town and by village (ui.md, piece 6).

Every number is a ``Figure``: its value, its text and the list whose rows sum to it. A fixed number of queries, whatever
the number of pairings; formatted once, here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.kinds.obligations import OVERDUE, OWED, STATES_OF, in_span
from activities.models import Obligation, ObligationFlip, PeriodKind, Rule
from activities.queries import changes
from activities.queries.obligations import visible_obligations, within
from activities.reminders.telling import period_words
from lib.any_of import any_of
from lib.kinds import cells
from lib.periods import Span, period_of
from pairing.models import Programme
from tenancy import clock
from tenancy.access import Access
from tenancy.models import Role
from units.models import Unit

# Days from the Monday of a week to its Thursday, whose month and year it belongs to (domain.md §2.3).
_THURSDAY = timedelta(days=3)
# What is summed, by code. Done, waiting, going on and overdue add up to what is owed.
PARTS = ("owed", "done", "waiting", "going", "overdue")
_SUMS = tuple(f"n_{code}" for code in PARTS)
_SUM_OF = {state: f"n_{code}" for code, states in STATES_OF.items() for state in states}
# A village with as many overdue cells in the period needs help; one may be a slip.
EXCEPTION = 2
# A screen of exceptions; the rest is one tap away.
MOST_EXCEPTIONS = 60
_LINES = 8
# Who reads for a place or the county: a joint duty of several pairings is counted once. Others see each of their own cells.
_READERS = {Role.CA, Role.CS, Role.IN, Role.CL, Role.TO, Role.AU}


# What tells a cell from every other.
_CELL = ("rule_id", "pairing_id", "village_id", "period_kind", "starts_on")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and the list that sums to it."""

    value: int
    url: str

    @property
    def text(self) -> str:
        return cells.number(self.value)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of figures by code of ``PARTS``; ``uid`` of what it stands for, None for the county itself."""

    label: str
    figures: Mapping[str, Figure]
    uid: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """One rule over the year's months. ``shares``: done of owed in per cent by month, None where nothing is owed yet."""

    label: str
    period_kind: str
    points: tuple[Line | None, ...]
    shares: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changed in the last seven days."""

    label: str
    who: str
    day: str
    before: str
    state: str
    url: str


@dataclass
class _Overdue:
    """What is overdue in one village: how many cells, by which rules, of which units."""

    n: int = 0
    rules: set[int] = field(default_factory=set)
    partners: set[int] = field(default_factory=set)

    def add(self, n: int, rule: int, partner: int | None) -> None:
        self.n += n
        self.rules.add(rule)
        if partner is not None:
            self.partners.add(partner)


def board_cells(access: Access) -> QuerySet[Obligation]:
    """The cells that the policy table lets ``access`` sum: line "dashboard", and never more than it may read."""
    rows = visible_obligations(access)
    reach = access.reach("dashboard", "R")
    rows = rows if reach is None else rows.filter(within(reach))
    return rows.filter(is_carrier=True) if counts_once(access) else rows


def counts_once(access: Access) -> bool:
    """Whether a duty that several pairings owe together is one in this reader's sums."""
    return bool(_READERS.intersection(access.roles))


def _month(kind: str, starts_on: date) -> date:
    """First day of the month that a period is summed in; a quarter's or longer one's is its first."""
    return (starts_on + _THURSDAY if kind == PeriodKind.WEEK else starts_on).replace(day=1)


def counted(rows: QuerySet[Obligation], by: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Sums of ``PARTS``, by the named columns; one query."""
    # Counted by state and added up here: a count with a condition for each part takes the ORM longer than PostgreSQL.
    names = tuple(by)
    of_state = rows.order_by().annotate(is_owed=ExpressionWrapper(OWED, output_field=BooleanField()))
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for *of, state, is_owed, n in of_state.values_list(*names, "state", "is_owed").annotate(n=Count("pk")):
        key = tuple(of)
        sums = found.get(key)
        if sums is None:
            sums = found[key] = {**dict(zip(names, key, strict=True)), **dict.fromkeys(_SUMS, 0)}
        if is_owed:
            sums["n_owed"] += n
            part = _SUM_OF.get(state)
            if part is not None:
                sums[part] += n
    return list(found.values()) if names or found else [dict.fromkeys(_SUMS, 0)]


# The codes and public ids of a board, each asked for in dozens of addresses.
_quoted = lru_cache(maxsize=4096)(quote_plus)


def _query(asked: Mapping[str, str]) -> str:
    """The end of an address that asks for these."""
    return "&".join(f"{name}={_quoted(word)}" for name, word in asked.items())


@dataclass(frozen=True)
class Board:
    """What one account asks of its board: a period, and a programme, rule and town to narrow it to."""

    access: Access
    tenant: str
    span: Span
    programme: Programme | None = None
    rule: Rule | None = None
    town: Unit | None = None
    # Cells of these only, for the page of one unit or village, with the list's filter that says the same.
    own: Q = field(default_factory=Q)
    own_filter: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> QuerySet[Obligation]:
        """The cells of all periods."""
        rows = board_cells(self.access).filter(self.own)
        if self.programme is not None:
            rows = rows.filter(programme=self.programme)
        if self.rule is not None:
            rows = rows.filter(rule=self.rule)
        if self.town is not None:
            rows = rows.filter(Q(pairing__village__parent=self.town) | Q(village__parent=self.town))
        return rows

    @cached_property
    def _fixed(self) -> dict[str, str]:
        found = dict(self.own_filter)
        for name, row in (("programme", self.programme), ("rule", self.rule), ("town", self.town)):
            if row is not None:
                found[name] = str(row.uid)
        if counts_once(self.access):
            found["is_carrier"] = "yes"
        if self.access.reach("dashboard", "R") != self.access.reach("pairing", "R"):
            found["board"] = "yes"
        return found

    def url(self, **asked: str) -> str:
        """The list of cells of this board, narrowed further."""
        return f"{self._listed}?{_query({**self._fixed, **asked})}"

    @cached_property
    def _to_all(self) -> str:
        """The list of all cells of this board, ready for more to be asked."""
        return f"{self.url()}&" if self._fixed else self.url()

    @cached_property
    def _listed(self) -> str:
        return reverse("activities:obligation_list", args=[self.tenant])

    def line(self, label: str, found: Mapping[str, Any], uid: str | None = None, note: str = "", **asked: str) -> Line:
        """Figures of one counted row; ``asked`` narrows their lists to it."""
        # Hundreds on a page: what they share is put together once.
        if self._fixed.keys().isdisjoint(asked):
            shared = self._to_all + _query({"period": self.span.code, **asked})
        else:
            shared = self.url(**{"period": self.span.code, **asked})
        made = {code: Figure(found[f"n_{code}"], f"{shared}&state={code}") for code in PARTS}
        return Line(label, made, uid, note)

    @cached_property
    def totals(self) -> Line:
        """The period's figures: every cell is of one place or of none."""
        return self.line(_("In all"), {f"n_{code}": sum(one[f"n_{code}"] for one in self._places) for code in PARTS})

    @cached_property
    def _places(self) -> list[dict[str, Any]]:
        """The period's sums by town; one query."""
        rows = self.rows.filter(in_span(self.span)).annotate(place_id=Coalesce("pairing__village__parent", "village__parent"))
        return counted(rows, ("place_id",))

    @cached_property
    def year(self) -> Span:
        """The calendar year that the trends are drawn over: a week belongs to the year of its Thursday."""
        day = self.span.starts_on + (_THURSDAY if self.span.kind == "week" else timedelta())
        return period_of("year", day)

    @cached_property
    def months(self) -> list[Span]:
        return [period_of("month", date(self.year.starts_on.year, n, 1)) for n in range(1, 13)]

    @cached_property
    def _by_month(self) -> dict[tuple[int, str], dict[date, dict[str, Any]]]:
        """Sums of the year by rule, kind of period and month; one query."""
        # A year of a county is thousands of cells in some two hundred periods: grouped by what an index holds, and named after.
        sums: dict[tuple[int, str], dict[date, dict[str, Any]]] = {}
        for one in counted(self.rows.filter(in_span(self.year)), ("rule_id", "period_kind", "starts_on")):
            months = sums.setdefault((one["rule_id"], one["period_kind"]), {})
            month = _month(one["period_kind"], one["starts_on"])
            kept = months.setdefault(month, {"month": month, **dict.fromkeys(_SUMS, 0)})
            for name in _SUMS:
                kept[name] += one[name]
        return sums

    @cached_property
    def _rules(self) -> list[dict[str, Any]]:
        """The rules that the year has cells of, in their order; one query."""
        rules = Rule.objects.filter(any_of("pk", {rule for rule, _kind in self._by_month}))
        named = rules.order_by("-programme__year", "position", "pk").values("pk", "uid", "name", year=F("programme__year"))
        return list(named)

    @cached_property
    def trends(self) -> list[Trend]:
        """Each rule over the year, in the rules' order; two queries."""
        with_year = len({rule["year"] for rule in self._rules}) > 1
        return [
            self._trend(rule, kind, [months[month] for month in sorted(months)], with_year)
            for rule in self._rules
            for (of, kind), months in sorted(self._by_month.items())
            if of == rule["pk"]
        ]

    def _trend(self, rule: Mapping[str, Any], kind: str, found: list[dict[str, Any]], with_year: bool) -> Trend:
        points: list[Line | None] = [None] * 12
        shares: list[int | None] = [None] * 12
        today = clock.today()
        for one in found:
            # A week is summed in its month; a quarter stands at its last month.
            span = period_of("month" if kind == PeriodKind.WEEK else kind, one["month"])
            place = span.ends_on.month - 1
            asked = {"rule": str(rule["uid"]), "period_kind": kind, "period": span.code}
            points[place] = self.line(period_words(span.code, this_year=self.year.starts_on.year), one, **asked)
            if one["n_owed"] and span.starts_on <= today:
                shares[place] = round(100 * one["n_done"] / one["n_owed"])
        name = f"{rule['name']}({rule['year']})" if with_year else str(rule["name"])
        return Trend(name, kind, tuple(points), tuple(shares))

    @cached_property
    def towns(self) -> list[Line]:
        """The period by town in administrative order, then what the county owes itself; one query."""
        found = {one["place_id"]: one for one in self._places}
        towns = Unit.objects.filter(any_of("pk", (pk for pk in found if pk))).order_by("division_code", "pinyin", "id")
        named = towns.values_list("pk", "name", "uid")
        lines = [self.line(name, found[pk], str(uid), town=str(uid)) for pk, name, uid in named]
        if None in found:
            lines.append(self.line(_("The county itself"), found[None], owed_by="county"))
        return [one for one in lines if one.figures["owed"].value]

    @cached_property
    def exceptions(self) -> list[Line]:
        """Villages with ``EXCEPTION`` or more overdue cells in the period, in administrative order; never by number.

        Two queries at most: which they are, and what they are called.
        """
        if self.totals.figures["overdue"].value < EXCEPTION:
            return []
        rows = self.rows.filter(in_span(self.span), OVERDUE).annotate(of_village=Coalesce("pairing__village", "village"))
        by_duty = rows.order_by().values_list("of_village", "rule_id", "pairing__unit").annotate(n=Count("pk"))
        found: dict[int, _Overdue] = {}
        for village, rule, partner, n in by_duty:
            if village is not None:
                found.setdefault(village, _Overdue()).add(n, rule, partner)
        found = {village: one for village, one in found.items() if one.n >= EXCEPTION}
        if not found:
            return []
        order = ("parent__division_code", "parent__pinyin", "division_code", "pinyin", "uid")
        both = {*found, *(partner for one in found.values() for partner in one.partners)}
        named = list(Unit.objects.filter(any_of("pk", both)).order_by(*order).values_list("pk", "uid", "name", "parent__name"))
        names = {pk: name for pk, _uid, name, _town in named}
        rules = {rule["pk"]: rule["name"] for rule in self._rules}
        made = []
        for pk, uid, name, town in named:
            if pk not in found:
                continue
            one = found[pk]
            asked = {"period": self.span.code, "state": "overdue", "village": str(uid)}
            figure = {"overdue": Figure(one.n, self.url(**asked))}
            told = ((rules[each] for each in one.rules), (names[each] for each in one.partners))
            note = _("; ").join(_(", ").join(sorted(each)) for each in told).strip(_("; "))
            made.append(Line(f"{town} {name}", figure, str(uid), note))
        return made

    @cached_property
    def _changed(self) -> dict[str, frozenset[int]]:
        """Ids of this board's cells that changed in the last seven days, by code of ``changes.WORDS``; two queries."""
        found = changes.changed_cells()
        rows = self.rows.filter(any_of("pk", {pk for cells_of in found.values() for pk in cells_of}))
        own = frozenset(rows.values_list("pk", flat=True))
        return {code: own.intersection(cells_of) for code, cells_of in found.items()}

    @cached_property
    def changed(self) -> dict[str, Figure]:
        """How many cells of all periods changed in the last seven days, by code of ``changes.WORDS``."""
        return {code: Figure(len(self._changed[code]), self.url(changed=code, state="all")) for code, _word in changes.WORDS}

    @cached_property
    def latest(self) -> list[Change]:
        """The newest changes for the worse, a line each: what became overdue, or open again; two queries."""
        back = self._changed["back"]
        worse = back | self._changed["missed"]
        if not worse:
            return []
        # What was done and is open again first: somebody should ask why.
        is_late = Case(When(any_of("pk", back), then=0), default=1)
        rows = self.rows.filter(any_of("pk", worse)).order_by(is_late, "-starts_on", "rule__position", "id")
        place = {
            "place": Coalesce("pairing__village__name", "village__name"),
            "town": Coalesce("pairing__village__parent__name", "village__parent__name"),
        }
        found = list(rows.annotate(**place).values(*_CELL, *place, "uid", "state", "rule__name", "pairing__unit__name")[:_LINES])
        among = {"rule_id__in": {one["rule_id"] for one in found}, "starts_on__in": {one["starts_on"] for one in found}}
        flips = ObligationFlip.objects.filter(at__gte=changes.since(), **among).order_by("at", "id")
        last: dict[tuple[Any, ...], tuple[datetime, str]] = {}
        for *of_cell, at, before in flips.values_list(*_CELL, "at", "from_state"):
            # The newest of each cell stays.
            last[tuple(of_cell)] = (at, before)
        return [self._change(one, last.get(tuple(one[name] for name in _CELL))) for one in found]

    def _change(self, cell: Mapping[str, Any], flip: tuple[datetime, str] | None) -> Change:
        places = [cell["town"], cell["place"]] if cell["town"] else [self.access.tenant.name]
        names = [*places, *([cell["pairing__unit__name"]] if cell["pairing__unit__name"] else [])]
        code = period_of(cell["period_kind"], cell["starts_on"]).code
        return Change(
            label=f"{cell['rule__name']} · {period_words(code, this_year=clock.today().year)}",
            who=" ".join(names),
            day=cells.minute(flip[0])[:10] if flip else "",
            before=flip[1] if flip else "",
            state=cell["state"],
            url=reverse("activities:obligation", args=[self.tenant, cell["uid"]]),
        )
