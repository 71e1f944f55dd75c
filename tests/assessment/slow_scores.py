"""An independent reading of domain.md §3.2: what a year of facts scores under JDGJ-100, in Python's Decimal, a line at a time.

Nothing of ``assessment`` is used here; where the two differ, one of them has misread the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

D = Decimal
CENT = D("0.01")
MET, MISSED, OUT = ("met", "met_late"), ("missed",), ("waived", "not_due")


@dataclass(frozen=True)
class Year:
    """One pairing's year, as somebody would tell it. None: nobody has said."""

    months: int = 12
    agreement: bool = True
    plan: bool = True
    # Visits that the reviewers found, two of them; the last of three settles. One alone says nothing yet.
    visits: tuple[int, ...] = (4, 4)
    is_settled: bool = False
    theme_days: int = 4
    # Quarters with a report, and whether it was late.
    reports: tuple[tuple[int, bool], ...] = ((1, False), (2, False), (3, False), (4, False))
    listed: int = 10
    covered: int = 10
    unaware: int | None = 0
    quarters: tuple[str, ...] = ("met",) * 4
    sales: int = 1
    income: tuple[str | None, str | None] = ("100", "110")
    classes: int = 2
    labour: tuple[str, ...] = ("met",) * 12
    items: tuple[str, ...] = ("met",) * 12
    courtyards: tuple[str, ...] = ("met",) * 12
    weeks: tuple[str, ...] = ("met",) * 52
    led: tuple[str, ...] = ("met",) * 12
    brand: str | None = "adopted"
    mark: int | None = 100
    poll: tuple[int, int, int, int] | None = (10, 0, 0, 0)
    honours: tuple[tuple[str, str], ...] = ()
    untrue: int = 0
    overdue: int = 0
    yellow: int = 0
    red: int = 0
    is_vetoed: bool = False


@dataclass(frozen=True)
class Slow:
    """Points by line; None for what does not apply."""

    lines: dict[str, D | None]
    pending: frozenset[str]
    base: D
    bonus: D
    deduction: D
    final: D
    grade: str


MARKS = {
    "A1": 4, "A2": 4, "A3": 4, "A4": 3, "B1": 6, "B2": 4, "C1": 8, "C2": 3, "C3": 4, "D1": 5, "E1": 6, "E2": 6, "E3": 4,
    "E4": 5, "E5": 4, "F": 5, "G1": 10, "G2": 15,
}  # fmt: skip


def half_up(number: D) -> D:
    return number.quantize(CENT, ROUND_HALF_UP)


def asked(a_year: int, months: int) -> int:
    return max(1, a_year * months // 12)


def _short(marks: int, a_year: int, done: int | D, each: str, months: int) -> D:
    missing = max(D(0), D(asked(a_year, months)) - D(done))
    return max(D(0), marks - D(each) * missing)


def _months_missed(states: tuple[str, ...], marks: int, each: str) -> D | None:
    due = [state for state in states if state not in OUT]
    if not due:
        return None
    return max(D(0), marks - D(each) * sum(state in MISSED for state in due))


def _visits(year: Year) -> D | None:
    """None as long as one has not looked, and while two are further than a fifth apart and nobody has settled it."""
    if year.is_settled:
        return _short(4, 4, year.visits[-1], "1", year.months)
    scores = [_short(4, 4, found, "1", year.months) for found in year.visits]
    if len(scores) < 2 or max(scores) - min(scores) > D("0.8"):
        return None
    return _short(4, 4, sum((D(found) for found in year.visits), D(0)) / len(year.visits), "1", year.months)


def _growth(before: str | None, after: str | None) -> D | None:
    if before is None or after is None:
        return None
    was, grown = D(before), D(after) - D(before)
    if was <= 0:
        return D(4) if grown > 0 else D(0)
    if grown * 100 >= was * 10:
        return D(4)
    if grown * 100 >= was * 5:
        return D(3)
    return D(2) if grown > 0 else D(0)


def _poll(poll: tuple[int, int, int, int]) -> D | None:
    satisfied, fairly, dissatisfied, _unknown = poll
    valid = satisfied + fairly + dissatisfied
    if valid < 10:
        return None
    return D(15) * (D(satisfied) + D(fairly) * D("0.75") + D(dissatisfied) * D("0.55")) / valid


def _bonus(honours: tuple[tuple[str, str], ...]) -> D:
    worth = {"city": 2, "province": 3}
    order = ["town", "county", "city", "province", "nation"]
    best: dict[str, str] = {}
    for matter, level in honours:
        if matter not in best or order.index(level) > order.index(best[matter]):
            best[matter] = level
    return D(sum(worth.get(level, 0) for level in best.values()))


def read(year: Year) -> Slow:
    """The whole sheet."""
    lines: dict[str, D | None] = {}
    pending: set[str] = set()

    def missing(code: str, points: D | None) -> None:
        if points is None:
            pending.add(code)
        lines[code] = D(0) if points is None else points

    lines["A1"] = D(2) * year.agreement + D(2) * year.plan
    missing("A2", _visits(year))
    lines["A3"] = _short(4, 4, year.theme_days, "1", year.months)
    owed = asked(4, year.months)
    lines["A4"] = max(D(0), 3 - D(max(0, owed - len(year.reports))) - D("0.5") * sum(late for _quarter, late in year.reports))
    lines["B1"] = D(6) * year.covered / year.listed if year.listed else None
    missing("B2", None if year.unaware is None else max(D(0), 4 - D("0.5") * year.unaware))
    due = [state for state in year.quarters if state not in OUT]
    met = sum(state in MET for state in due)
    lines["C1"] = (D(8) * met / len(due)) if due else None
    lines["C2"] = D(3) if year.sales >= 1 else D(0)
    lines["C3"] = _growth(*year.income)
    lines["D1"] = _short(5, 2, year.classes, "2.5", year.months)
    lines["E1"] = _months_missed(year.labour, 6, "1")
    lines["E2"] = _months_missed(year.items, 6, "1")
    lines["E3"] = _months_missed(year.courtyards, 4, "0.5")
    weeks = [state for state in year.weeks if state not in OUT]
    lines["E4"] = D(5) * sum(state in MET for state in weeks) / len(weeks) if weeks else None
    lines["E5"] = _months_missed(year.led, 4, "0.5")
    missing("F", None if year.brand is None else D({"adopted": 5, "submitted": 3, "none": 0}[year.brand]))
    missing("G1", None if year.mark is None else D(10) * year.mark / 100)
    if year.poll is None:
        missing("G2", None)
    else:
        lines["G2"] = _poll(year.poll)
    lines = {code: None if points is None else half_up(points) for code, points in lines.items()}
    total = sum((points for points in lines.values() if points is not None), D(0))
    left = 100 - sum(MARKS[code] for code, points in lines.items() if points is None)
    base = half_up(total / left * 100) if left else D("0.00")
    bonus = min(D(5), _bonus(year.honours))
    deduction = min(D(10), D(2) * year.untrue + year.overdue + year.yellow // 2 + D(2) * year.red)
    final = half_up(min(D(105), max(D(0), base + bonus - deduction)))
    grade = "good" if final >= 90 else "fairly_good" if final >= 80 else "average" if final >= 60 else "poor"
    return Slow(lines, frozenset(pending), base, half_up(bonus), half_up(deduction), final, "poor" if year.is_vetoed else grade)
