"""Each pattern of domain.md §3.1 by itself: what it gives, and how it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessment.entering import why_pending
from assessment.models import Entry, RubricLine
from assessment.patterns import PATTERNS, formula, scaled, words
from assessment.queries.refs import readers
from assessment.readings import READINGS
from assessment.scoring import score
from tenancy.scope import tenant_scope
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.laid_down import County

Lay = Callable[[County, Any, RubricLine], None]


@pytest.fixture
def county(db: None) -> Iterator[County]:
    with tenant_scope(make.make_tenant()):
        yield County(judged.make_rubric("try", full_marks=Decimal(10)))


def entry(*values: str, settles: bool = False) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        for n, value in enumerate(values, start=1):
            judged.make_entry(
                county.cycle, pairing, line, value, scorer=make.make_account(), is_settling=settles and n == len(values)
            )

    return lay


def theme_days(n: int) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        for day in range(n):
            county.record(pairing, "theme_party_day", date(2025, 3, 1 + day))

    return lay


def labour(*states: str, reminded: tuple[str, ...] = ()) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        county.cells(pairing, "labour_day", (*states, *("not_due",) * (12 - len(states))))
        person = make.make_person()
        for period in reminded:
            make.make_notice(person, pairing_uid=pairing.uid, rule="labour_day", period=period, level=1)

    return lay


def households(covered: int, listed: int) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        for n in range(listed):
            judged.make_household(pairing, **({} if n < covered else {"unit_member": ""}))

    return lay


def poll(satisfied: int, fairly: int, dissatisfied: int, unknown: int = 0) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        judged.make_poll(county.cycle, pairing, (satisfied, fairly, dissatisfied, unknown))

    return lay


def income(before: str, after: str) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        judged.make_figure(pairing.village, 2024, before)
        judged.make_figure(pairing.village, 2025, after)

    return lay


def honours(*levels: str) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        for n, level in enumerate(levels):
            judged.make_honour(pairing, f"事项{n}", level)

    return lay


def findings(open_: int, closed: int) -> Lay:
    def lay(county: County, pairing: Any, line: RubricLine) -> None:
        for _n in range(open_):
            judged.make_finding(pairing)
        for _n in range(closed):
            judged.make_finding(pairing, state="closed", closed_on=date(2025, 8, 1))

    return lay


def nothing(county: County, pairing: Any, line: RubricLine) -> None:
    """Nobody has brought anything."""


THEMES = ("records", {"types": ["theme_party_day"]})
LABOUR = ("periods", {"rule": "labour_day"})
POLL: tuple[str, dict[str, Any]] = ("poll", {})
ENTRY: tuple[str, dict[str, Any]] = ("entry", {})
LIVED: tuple[str, dict[str, Any]] = ("households", {})
STEPS = {"steps": [{"from": 10, "score": 4}, {"from": 5, "score": 3}, {"above": 0, "score": 2}]}
WEIGHTS = {"satisfied": 1, "fairly": "0.75", "dissatisfied": "0.55"}
LEVELS = {"town": 2, "county": 4, "city": 6, "province": 10}

# (name, reading, pattern, terms, marks, what is laid down, months, points, formula)
CASES: list[tuple[str, Any, str, dict[str, Any], str, Lay, int, str | None, str]] = [
    (
        "none missing, more earns nothing",
        THEMES,
        "per_missing",
        {"required": 4, "each": 1},
        "4",
        theme_days(6),
        12,
        "4.00",
        "4 − 1 × 0 = 4.00",
    ),
    (
        "each missing costs",
        THEMES,
        "per_missing",
        {"required": 4, "each": "1.5"},
        "6",
        theme_days(1),
        12,
        "1.50",
        "6 − 1.5 × 3 = 1.50",
    ),
    (
        "with a floor",
        THEMES,
        "per_missing",
        {"required": 4, "each": 2, "floor": True},
        "4",
        theme_days(1),
        12,
        "0.00",
        "max(0, 4 − 2 × 3) = 0.00",
    ),
    (
        "without floor",
        THEMES,
        "per_missing",
        {"required": 4, "each": 2, "floor": False},
        "4",
        theme_days(1),
        12,
        "-2.00",
        "4 − 2 × 3 = -2.00",
    ),
    (
        "scaled by months, down",
        THEMES,
        "per_missing",
        {"required": 4, "each": 1},
        "4",
        theme_days(1),
        7,
        "3.00",
        "4 − 1 × 1（在结 7 个月，应完成 2 次） = 3.00",
    ),
    (
        "scaled by months, at least one",
        THEMES,
        "per_missing",
        {"required": 2, "each": "2.5"},
        "5",
        nothing,
        3,
        "2.50",
        "5 − 2.5 × 1（在结 3 个月，应完成 1 次） = 2.50",
    ),
    ("ratio", LIVED, "ratio", {"part": "covered", "whole": "listed"}, "8", households(2, 3), 12, "5.33", "8 × 2 ÷ 3 = 5.33"),
    ("ratio of nothing", LIVED, "ratio", {"part": "covered", "whole": "listed"}, "8", nothing, 12, None, "缺项，不计入基础分"),
    (
        "tenths of a point",
        LIVED,
        "tenth_points",
        {"part": "covered", "whole": "listed", "target": 67, "each": 1},
        "5",
        households(2, 3),
        12,
        "2.00",
        "5 − 1 × 3 = 2.00",
    ),
    (
        "tenths, down to nothing",
        LIVED,
        "tenth_points",
        {"part": "covered", "whole": "listed", "target": 100, "each": 1},
        "5",
        households(2, 3),
        12,
        "0.00",
        "max(0, 5 − 1 × 333) = 0.00",
    ),
    ("threshold reached", THEMES, "threshold", {"at_least": 2, "else": 1}, "3", theme_days(2), 12, "3.00", "2 ≥ 2 = 3.00"),
    ("threshold missed", THEMES, "threshold", {"at_least": 2, "else": 1}, "3", theme_days(1), 12, "1.00", "1 < 2 = 1.00"),
    ("threshold of a part of a year", THEMES, "threshold", {"at_least": 2}, "3", theme_days(1), 6, "3.00", "1 ≥ 1 = 3.00"),
    (
        "pass mark is not scaled",
        ENTRY,
        "threshold",
        {"at_least": 70, "figure": "value", "scaled": False},
        "5",
        entry("69.99"),
        6,
        "0.00",
        "69.99 < 70 = 0.00",
    ),
    (
        "pass mark",
        ENTRY,
        "threshold",
        {"at_least": 70, "figure": "value", "scaled": False},
        "5",
        entry("70"),
        6,
        "5.00",
        "70 ≥ 70 = 5.00",
    ),
    (
        "steps, the highest",
        ("growth", {"metric": "collective_income"}),
        "steps",
        STEPS,
        "4",
        income("100", "110"),
        12,
        "4.00",
        "(110 − 100) ÷ 100 = 10.00% = 4.00",
    ),
    (
        "steps, just below",
        ("growth", {"metric": "collective_income"}),
        "steps",
        STEPS,
        "4",
        income("300000", "314999.99"),
        12,
        "2.00",
        "(314999.99 − 300000) ÷ 300000 = 4.999997% = 2.00",
    ),
    (
        "steps, none",
        ("growth", {"metric": "collective_income"}),
        "steps",
        STEPS,
        "4",
        income("100", "100"),
        12,
        "0.00",
        "(100 − 100) ÷ 100 = 0.00% = 0.00",
    ),
    (
        "steps, from nothing",
        ("growth", {"metric": "collective_income"}),
        "steps",
        STEPS,
        "4",
        income("0", "5"),
        12,
        "4.00",
        "0 → 5 = 4.00",
    ),
    (
        "parts",
        ("papers", {"papers": ["agreement", "plan"]}),
        "parts",
        {"parts": {"agreement": 2, "plan": 2}},
        "4",
        nothing,
        12,
        "0.00",
        "0 + 0 = 0.00",
    ),
    (
        "missed months",
        LABOUR,
        "per_missed",
        {"each": 1},
        "6",
        labour("met", "missed", "waived", "missed", "met_late"),
        12,
        "4.00",
        "6 − 1 × 2 = 4.00",
    ),
    ("all waived", LABOUR, "per_missed", {"each": 1}, "6", labour(*["waived"] * 12), 12, None, "缺项，不计入基础分"),
    (
        "doubled after a reminder",
        ("periods", {"rule": "labour_day", "reminded": True}),
        "per_missed",
        {"each": 1, "doubled_after_reminder": True},
        "6",
        labour("missed", "missed", "missed", reminded=("2025-01", "2025-03")),
        12,
        "1.00",
        "6 − 1 × (3 + 2) = 1.00",
    ),
    (
        "households that do not know, no floor",
        ENTRY,
        "per_missed",
        {"each": 1, "figure": "value", "floor": False},
        "4",
        entry("7"),
        12,
        "-3.00",
        "4 − 1 × 7 = -3.00",
    ),
    ("periods met", LABOUR, "per_met", {"each": "0.5"}, "4", labour("met", "missed", "met"), 12, "1.00", "0.5 × 2 = 1.00"),
    (
        "periods met, those due carry the marks",
        LABOUR,
        "per_met",
        {"each": 1, "of_due": True},
        "4",
        labour("met", "missed", "met"),
        12,
        "2.67",
        "4 × 2 ÷ 3 = 2.67",
    ),
    (
        "periods met, at most the marks",
        LABOUR,
        "per_met",
        {"each": 3},
        "4",
        labour("met", "met"),
        12,
        "4.00",
        "min(4, 3 × 2) = 4.00",
    ),
    (
        "reviewer's range, off",
        ENTRY,
        "points",
        {"from": "0.5", "to": 2, "deduct": True},
        "5",
        entry("1.5"),
        12,
        "3.50",
        "5 − 1.5 = 3.50",
    ),
    (
        "reviewer's range, beyond it",
        ENTRY,
        "points",
        {"from": "0.5", "to": 2, "deduct": True},
        "5",
        entry("3"),
        12,
        "3.00",
        "5 − 3 → 2 = 3.00",
    ),
    (
        "reviewer's range, nothing off",
        ENTRY,
        "points",
        {"from": "0.5", "to": 2, "deduct": True},
        "5",
        entry("0"),
        12,
        "5.00",
        "5 − 0 = 5.00",
    ),
    ("mark", ENTRY, "mark", {"of": 100}, "10", entry("92"), 12, "9.20", "10 × 92 ÷ 100 = 9.20"),
    ("mean of two", ENTRY, "mark", {"of": 100}, "10", entry("92", "93"), 12, "9.25", "10 × 92.5 ÷ 100 = 9.25"),
    (
        "a settling figure alone",
        ENTRY,
        "mark",
        {"of": 100},
        "10",
        entry("20", "93", "60", settles=True),
        12,
        "6.00",
        "10 × 60 ÷ 100 = 6.00",
    ),
    (
        "choice",
        ENTRY,
        "choice",
        {"choices": {"adopted": 5, "submitted": 3, "none": 0}},
        "5",
        entry("submitted"),
        12,
        "3.00",
        "报送 = 3.00",
    ),
    (
        "choice of two who differ",
        ENTRY,
        "choice",
        {"choices": {"adopted": 5, "none": 0}},
        "5",
        entry("adopted", "none"),
        12,
        "0.00",
        "数据尚未录入",
    ),
    ("nobody has entered", ENTRY, "mark", {"of": 100}, "10", nothing, 12, "0.00", "数据尚未录入"),
    (
        "poll",
        POLL,
        "weighted_poll",
        {"weights": WEIGHTS, "least_valid": 10},
        "15",
        poll(13, 5, 1, 1),
        12,
        "13.66",
        "15 × (13 × 1 + 5 × 0.75 + 1 × 0.55) ÷ 19 = 13.66",
    ),
    (
        "poll with too few",
        POLL,
        "weighted_poll",
        {"weights": WEIGHTS, "least_valid": 10},
        "15",
        poll(5, 3, 1, 20),
        12,
        None,
        "缺项，不计入基础分",
    ),
    (
        "poll that nobody entered",
        POLL,
        "weighted_poll",
        {"weights": WEIGHTS, "least_valid": 10},
        "15",
        nothing,
        12,
        "0.00",
        "数据尚未录入",
    ),
    (
        "vote passed",
        POLL,
        "pass_vote",
        {"weights": WEIGHTS, "at_least": 70, "dissatisfied_at_most": 50},
        "5",
        poll(7, 4, 4),
        12,
        "5.00",
        "100 × 12.2 ÷ 15 ≥ 70，4 ÷ 15 ≤ 50% = 5.00",
    ),
    (
        "vote failed outright",
        POLL,
        "pass_vote",
        {"weights": WEIGHTS, "at_least": 70, "dissatisfied_at_most": 50},
        "5",
        poll(7, 0, 8),
        12,
        "0.00",
        "100 × 11.4 ÷ 15 ≥ 70，8 ÷ 15 > 50% = 0.00",
    ),
    (
        "levels",
        ("honours", {}),
        "levels",
        {"levels": LEVELS},
        "20",
        honours("city", "town", "nation"),
        12,
        "8.00",
        "2 × 1 + 6 × 1 = 8.00",
    ),
    (
        "levels, at most",
        ("honours", {}),
        "levels",
        {"levels": LEVELS},
        "5",
        honours("city", "town"),
        12,
        "5.00",
        "min(5, 2 × 1 + 6 × 1) = 5.00",
    ),
    (
        "highest only",
        ("honours", {}),
        "highest_only",
        {"levels": LEVELS},
        "20",
        honours("city", "town", "county"),
        12,
        "6.00",
        "max(2, 4, 6) = 6.00",
    ),
    (
        "halved",
        ("conduct", {}),
        "halved",
        {"each": 1, "full": "overdue_open", "half": "overdue_closed"},
        "5",
        findings(1, 3),
        12,
        "2.50",
        "5 − 1 × 1 − 1 × 3 ÷ 2 = 2.50",
    ),
    (
        "penalties",
        ("conduct", {}),
        "penalties",
        {"penalties": {"overdue": {"each": 2, "every": 3}, "red": {"each": 2, "every": 1}}},
        "9",
        findings(5, 0),
        12,
        "2.00",
        "2 × ⌊5 ÷ 3⌋ = 2.00",
    ),
]


@pytest.mark.parametrize(
    ("reading", "pattern", "terms", "marks", "lay", "months", "points", "told"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_pattern_gives_its_points_and_says_so(
    county: County,
    reading: Any,
    pattern: str,
    terms: dict[str, Any],
    marks: str,
    lay: Lay,
    months: int,
    points: str | None,
    told: str,
) -> None:
    line = judged.make_line(
        judged.make_group(county.rubric),
        max_score=marks,
        reading=reading[0],
        reading_terms=reading[1],
        pattern=pattern,
        pattern_terms=terms,
    )
    pairing = county.pairing(months=months)
    lay(county, pairing, line)

    [scored] = score(county.cycle)[0].lines

    assert scored.score == (None if points is None else Decimal(points))
    assert formula(line, scored.figures, scored.score, scored.state) == told
    assert words(line)
    assert list(PATTERNS[pattern].faults(terms, Decimal(marks))) == [] or pattern == "levels"


def test_every_pattern_is_tried_and_every_reading_has_its_records() -> None:
    assert set(PATTERNS) == {case[2] for case in CASES}
    assert set(READINGS) == {*readers(), "entry"}


def test_on_site_two_who_are_far_apart_wait_for_a_third(county: County) -> None:
    line = judged.make_line(
        judged.make_group(county.rubric), max_score="10", on_site=True, pattern="mark", pattern_terms={"of": 100}
    )
    pairings = [county.pairing() for _n in range(3)]
    entry("60", "80")(county, pairings[0], line)
    entry("60", "81")(county, pairings[1], line)
    entry("60", "81", "75", settles=True)(county, pairings[2], line)

    found = {one.pairing_id: one.lines[0] for one in score(county.cycle)}

    assert [(found[one.pk].state, str(found[one.pk].score)) for one in pairings] == [
        ("scored", "7.00"), ("pending", "0.00"), ("scored", "7.50"),
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", [("mark", {"of": 100}, "60"), ("choice", {"choices": {"good": 10, "none": 0}}, "good")])
def test_on_site_one_of_two_alone_gives_no_points_and_says_so(county: County, pattern: tuple[str, Any, str]) -> None:
    slug, terms, value = pattern
    line = judged.make_line(judged.make_group(county.rubric), max_score="10", on_site=True, pattern=slug, pattern_terms=terms)
    alone, both, paper, settled = (county.pairing() for _n in range(4))
    entry(value)(county, alone, line)
    entry(value, value)(county, both, line)
    # An agreed paper, typed in once by no scorer of the two; and a figure that settles.
    judged.make_entry(county.cycle, paper, line, value)
    entry(value, settles=True)(county, settled, line)

    found = {one.pairing_id: one.lines[0] for one in score(county.cycle)}

    assert [found[one.pk].state for one in (alone, both, paper, settled)] == ["pending", "scored", "scored", "scored"]
    [entered] = Entry.objects.filter(pairing=alone)
    assert "只有一人录入" in why_pending(line, [entered])


@pytest.mark.parametrize(
    ("cap", "entered", "base"),
    [
        # Two lines of 10 share a block of 12: more than 12 it does not give.
        ("12", ("10", "8"), "12.00"),
        ("12", ("5", "6"), "11.00"),
        (None, ("10", "8"), "18.00"),
    ],
)
def test_a_group_holds_its_lines_within_its_cap(county: County, cap: str | None, entered: tuple[str, str], base: str) -> None:
    group = judged.make_group(county.rubric, cap=cap and Decimal(cap))
    county.rubric.full_marks = Decimal(cap or 20)
    county.rubric.save()
    lines = [judged.make_line(group, code, max_score="10", pattern_terms={"to": 10}) for code in ("A1", "A2")]
    pairing = county.pairing()
    for line, value in zip(lines, entered, strict=True):
        entry(value)(county, pairing, line)

    assert str(score(county.cycle)[0].base) == base


def test_a_block_of_deductions_takes_no_more_than_its_cap(county: County) -> None:
    """每缺少一项扣2分，扣完20分为止: lines without floor, and a line of the block's marks."""
    group = judged.make_group(county.rubric, cap=Decimal(20))
    county.rubric.full_marks = Decimal(20)
    county.rubric.save()
    terms = {"each": 2, "figure": "value", "floor": False}
    lines = [
        judged.make_line(group, code, max_score=marks, pattern="per_missed", pattern_terms=terms)
        for code, marks in (("A1", "20"), ("A2", "0"))
    ]
    pairing = county.pairing()
    for line, value in zip(lines, ("6", "7"), strict=True):
        entry(value)(county, pairing, line)

    [found] = score(county.cycle)
    assert [str(line.score) for line in found.lines] == ["8.00", "-14.00"]
    assert (str(found.scored), str(found.base)) == ("0.00", "0.00")


def test_points_follow_the_marks_of_a_line() -> None:
    assert scaled("per_missing", {"required": 4, "each": 1, "figure": "done"}, Decimal("1.5")) == {
        "required": 4, "each": "1.5", "figure": "done",
    }  # fmt: skip
    assert scaled("parts", {"parts": {"agreement": 2, "plan": 2}}, Decimal(5) / Decimal(4)) == {
        "parts": {"agreement": "2.5", "plan": "2.5"}
    }
    thirds = scaled("parts", {"parts": {"a": 1, "b": 1, "c": 1}}, Decimal(1) / Decimal(3))["parts"]
    assert sum(Decimal(points) for points in thirds.values()) == 1
    assert scaled("steps", STEPS, Decimal("0.5"))["steps"][0] == {"from": 10, "score": "2"}
    assert scaled("weighted_poll", {"weights": WEIGHTS}, Decimal(2)) == {"weights": WEIGHTS}
