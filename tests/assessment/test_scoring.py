"""Scores of a cycle: bands, vetoes, units, the share of the top grade, what-if, and what happens after publication."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Record
from assessment.actions.scoring import bring_up_to_date, compute
from assessment.models import Cycle, Sheet, SheetChange, SheetLine
from assessment.presets import make_rubric
from assessment.queries.sheets import explained, totals
from assessment.refusals import AssessmentRefused
from assessment.rubrics import faults, share_by_system
from assessment.scoring import UnitScored, score, unit_results
from assessment.sweeps import sweep_scores
from tenancy.scope import Actor, current_tenant, tenant_scope
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.laid_down import County
from tests.assessment.slow_scores import Year

# domain.md §3.2, worked example: 86.05 + 2 - 3 = 85.05.
EXAMPLE = Year(
    visits=(3, 3),
    theme_days=5,
    reports=((1, False), (2, True), (3, False), (4, False)),
    listed=200,
    covered=186,
    unaware=2,
    quarters=("met", "met", "missed", "met"),
    income=("86000", "93000"),
    labour=("met",) * 11 + ("missed",),
    courtyards=("met",) * 9 + ("missed",) * 3,
    weeks=("met",) * 47 + ("waived",) + ("missed",) * 4,
    led=("met",) * 10 + ("missed",) * 2,
    brand="submitted",
    mark=92,
    poll=(13, 5, 1, 1),
    honours=(("甲", "city"),),
    untrue=1,
    yellow=3,
)


@pytest.fixture
def county(db: None) -> Iterator[County]:
    with tenant_scope(make.make_tenant()):
        yield County()


def the_score(county: County, pairing: Any) -> tuple[str, str, str]:
    [found] = score(county.cycle, pairings=[pairing.pk])
    return str(found.base), str(found.final), found.grade


def with_final(county: County, final: str, unit: Any = None, **fields: Any) -> Any:
    """A pairing whose score is kept as if it had been computed."""
    pairing = county.pairing(unit)
    return judged.make_sheet(county.cycle, pairing, final, **fields)


def test_the_worked_example_and_its_variants(county: County) -> None:
    pairing = county.lay(EXAMPLE)
    assert the_score(county, pairing) == ("86.05", "85.05", "fairly_good")

    pairing.village.figures.filter(year=2025).delete()
    assert the_score(county, pairing) == ("86.51", "85.51", "fairly_good")

    judged.make_veto(county.cycle, pairing)
    assert the_score(county, pairing) == ("86.51", "85.51", "poor")


def test_a_lifted_veto_holds_nothing_down(county: County) -> None:
    pairing = county.lay(EXAMPLE)
    judged.make_veto(county.cycle, pairing, lifted_because="复核撤销")

    assert the_score(county, pairing) == ("86.05", "85.05", "fairly_good")


@pytest.mark.parametrize(
    ("final", "grade"),
    [("90.00", "good"), ("89.99", "fairly_good"), ("80.00", "fairly_good"), ("79.99", "average"), ("60.00", "average"),
     ("59.99", "poor"), ("105.00", "good"), ("0.00", "poor")],
)  # fmt: skip
def test_bands_are_half_open(county: County, final: str, grade: str) -> None:
    with_final(county, final)
    # Of four units one may have the top grade.
    for _n in range(3):
        with_final(county, "10.00")

    found = next(one for one in unit_results(county.cycle) if str(one.final) == final)

    assert (found.grade_by_score, found.grade_final) == (grade, grade)


def test_a_unit_has_the_mean_of_its_pairings(county: County) -> None:
    unit = make.make_unit("三村局")
    for final in ("85.05", "91.20", "78.05"):
        with_final(county, final, unit)

    [found] = unit_results(county.cycle)

    assert (str(found.final), found.n_pairings, found.grade_by_score) == ("84.77", 3, "fairly_good")


def test_a_veto_on_one_pairing_holds_its_unit_down(county: County) -> None:
    unit = make.make_unit("两村局")
    with_final(county, "95.00", unit)
    with_final(county, "95.00", unit, is_vetoed=True)

    [found] = unit_results(county.cycle)

    assert (str(found.final), found.grade_by_score, found.grade_final, found.is_vetoed) == ("95.00", "poor", "poor", True)


def test_of_108_units_32_have_the_top_grade(county: County) -> None:
    for n in range(108):
        with_final(county, f"{99 - n * Decimal('0.1'):.2f}" if n < 40 else "70.00")

    found = sorted(unit_results(county.cycle), key=lambda one: -one.final)

    assert [one.grade_by_score for one in found].count("good") == 40
    assert [one.grade_final for one in found[:33]] == ["good"] * 32 + ["fairly_good"]
    assert [one.limited_by_quota for one in found] == [False] * 32 + [True] * 8 + [False] * 68
    assert [one.grade_final for one in found[40:]] == ["average"] * 68
    assert not any(one.is_tied for one in found)


def _top_of_ten(county: County, *tied: tuple[str, str]) -> list[UnitScored]:
    """Ten units, three of which may have the top grade; ``tied`` are those at 92.00, with their points of G2 and E1."""
    with_final(county, "95.00")
    with_final(county, "94.00")
    units = []
    for g2, e1 in tied:
        sheet = with_final(county, "92.00")
        judged.make_sheet_line(sheet, county.lines["G2"], g2)
        judged.make_sheet_line(sheet, county.lines["E1"], e1)
        units.append(sheet.unit_id)
    for _n in range(8 - len(tied)):
        with_final(county, "50.00")
    found = {one.unit_id: one for one in unit_results(county.cycle)}
    return [found[unit] for unit in units]


@pytest.mark.parametrize(
    ("tied", "grades", "is_tied"),
    [
        # G2 decides, then E; who is alike in both is left to the group, and nobody is lifted.
        ([("14.00", "6.00"), ("13.00", "6.00")], ["good", "fairly_good"], [False, False]),
        ([("14.00", "5.00"), ("14.00", "6.00")], ["fairly_good", "good"], [False, False]),
        ([("14.00", "6.00"), ("14.00", "6.00"), ("13.00", "6.00")], ["fairly_good"] * 3, [True, True, False]),
    ],
)
def test_ties_at_the_limit(county: County, tied: list[tuple[str, str]], grades: list[str], is_tied: list[bool]) -> None:
    found = _top_of_ten(county, *tied)

    assert [one.grade_final for one in found] == grades
    assert [one.is_tied for one in found] == is_tied
    assert {one.grade_by_score for one in found} == {"good"}


def test_an_exempt_pairing_has_no_score_and_takes_no_place(county: County) -> None:
    pairing = county.lay(EXAMPLE)
    compute(cycle=county.cycle)
    county.cycle.assessed.update(exempt_because="灾后重建")

    compute(cycle=county.cycle)

    assert (score(county.cycle), unit_results(county.cycle)) == ([], [])
    assert not Sheet.objects.filter(pairing=pairing).exists()


def test_what_if_writes_nothing_and_moves_grades(county: County) -> None:
    pairing = county.lay(EXAMPLE)
    compute(cycle=county.cycle)
    kept = list(SheetLine.objects.order_by("id").values_list("pk", "score"))
    other = make_rubric(is_what_if=True)
    other.lines.filter(code="G1").update(max_score=Decimal(5))
    other.lines.filter(code="E2").update(max_score=Decimal(11))

    [found] = score(county.cycle, rubric=other)
    [unit] = unit_results(county.cycle, rubric=other)

    # G1 4.60 instead of 9.20, E2 11 instead of 6.
    assert (str(found.base), str(unit.final)) == ("86.45", "85.45")
    assert the_score(county, pairing)[0] == "86.05"
    assert list(SheetLine.objects.order_by("id").values_list("pk", "score")) == kept


def test_scoring_asks_as_much_for_one_as_for_many(county: County) -> None:
    def n_statements(work: Any) -> int:
        work()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            work()
        return len(asked)

    def all_of_it() -> list[Any]:
        return [score(county.cycle), compute(cycle=county.cycle), unit_results(county.cycle)]

    county.lay(EXAMPLE)
    one = n_statements(all_of_it)
    for _n in range(2):
        county.lay(EXAMPLE)

    assert n_statements(all_of_it) == one
    assert n_statements(lambda: score(county.cycle)) == 2


def test_an_explanation_asks_as_much_for_few_records_as_for_many(county: County) -> None:
    few, many = county.lay(Year(theme_days=1, sales=0, listed=1, covered=1)), county.lay(EXAMPLE)
    compute(cycle=county.cycle)
    counts = []
    for pairing in (few, many):
        sheet = Sheet.objects.select_related("cycle__rubric", "pairing").get(pairing=pairing)
        with CaptureQueriesContext(connection) as asked:
            explained(sheet)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 20


def test_a_sheet_explains_itself_without_remainder(county: County) -> None:
    pairing = county.lay(EXAMPLE)
    compute(cycle=county.cycle)
    sheet = Sheet.objects.get(pairing=pairing)

    lines = explained(sheet)
    told = totals(sheet, lines)

    by_code = {one.line.code: one for one in lines}
    assert by_code["E4"].formula == "5 × 47 ÷ 51 = 4.61"
    assert by_code["A4"].formula == "3 − 1 × 0 − 0.5 × 1 = 2.50"
    assert by_code["C3"].formula == "(93000 − 86000) ÷ 86000 = 8.14% = 3.00"
    assert by_code["I"].formula == "2 × 1 + 1 × ⌊3 ÷ 2⌋ = 3.00"
    assert by_code["A2"].system_figures == {"done": 0}
    assert [entry.value for entry in by_code["A2"].entries] == ["3", "3"]
    assert told.base == "13.50 + 8.58 + 12.00 + 5.00 + 21.11 + 3.00 + 22.86 = 86.05"
    assert told.final == "86.05 + 2.00 − 3.00 = 85.05"
    assert [ref.why for ref in by_code["E1"].not_counted] == ["已作废", "已作废", "未完成"]
    assert {ref.why for ref in by_code["B1"].not_counted} == {"双方包户党员未配齐"}
    assert [ref.why for ref in by_code["A3"].not_counted] == ["待对方确认"]
    pairing.village.figures.all().delete()
    assert totals(sheet, explained(sheet)).base.endswith("÷ 96 × 100 = 86.51")


def test_each_thing_behind_a_figure_has_a_page(county: County) -> None:
    county.lay(EXAMPLE)
    compute(cycle=county.cycle)
    refs = [ref for one in explained(Sheet.objects.get()) for ref in (*one.counted, *one.not_counted)]

    kinds = {"record", "obligation", "household", "figure", "poll", "honour", "warning", "finding", "pairing"}
    assert {ref.kind for ref in refs} == kinds
    for name, uid in {ref.url_name: ref.uid for ref in refs if ref.url_name}.items():
        assert reverse(name, args=[current_tenant().slug, uid])


def test_before_publication_a_sheet_shows_what_is_true_now(county: County) -> None:
    pairing = county.lay(EXAMPLE)
    compute(cycle=county.cycle)
    Record.objects.filter(type="theme_party_day").update(status="voided")
    for record in Record.objects.filter(type="theme_party_day"):
        record.shares.update(status="voided")
    sheet = Sheet.objects.get(pairing=pairing)

    lines = {one.line.code: one for one in explained(sheet)}

    # Nothing was written; what is shown adds up.
    assert (str(lines["A3"].score), str(sheet.base)) == ("0.00", "82.05")
    assert str(Sheet.objects.get(pairing=pairing).base) == "86.05"
    at_night = datetime(2026, 1, 20, 4, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert sweep_scores(current_tenant(), at_night.replace(hour=5)) == 0
    assert sweep_scores(current_tenant(), at_night) == 1
    assert str(Sheet.objects.get(pairing=pairing).base) == "82.05"
    assert sweep_scores(current_tenant(), at_night) == 0
    assert not SheetChange.objects.exists()


def test_after_publication_scores_change_with_a_reason_only(county: County) -> None:
    pairing = county.lay(EXAMPLE)
    other = county.lay(EXAMPLE)
    compute(cycle=county.cycle)
    Cycle.objects.update(state="publicity")
    judged.make_warning(pairing, 3)
    cycle = Cycle.objects.get()

    with pytest.raises(AssessmentRefused) as refused:
        compute(cycle=cycle)
    assert refused.value.code == "reason"
    assert bring_up_to_date(cycle) == 0
    sheet = Sheet.objects.get(pairing=pairing)
    assert sum(one.score or 0 for one in explained(sheet) if one.line.code == "I") == Decimal("3.00")

    changes = compute(cycle=cycle, actor=Actor(name="科长甲"), reason="补录红色警告")

    assert [(one.pairing_id, str(one.final_before), str(one.final_after), one.lines) for one in changes.changed] == [
        (pairing.pk, "85.05", "83.05", {"I": ["3.00", "5.00"]})
    ]
    kept = SheetChange.objects.get()
    assert (kept.pairing_id, kept.reason, kept.author_name, kept.lines) == (
        pairing.pk, "补录红色警告", "科长甲", {"I": ["3.00", "5.00"]},
    )  # fmt: skip
    assert str(Sheet.objects.get(pairing=other).final) == "85.05"


def test_the_preset_is_without_fault_and_counts_47_of_100_by_itself(county: County) -> None:
    assert faults(county.rubric) == []
    assert share_by_system(county.rubric) == 47


def _broken(rubric: Any, code: str, **values: Any) -> None:
    rubric.lines.filter(code=code).update(**values)


@pytest.mark.parametrize(
    ("code", "values", "fault"),
    [
        ("A3", {"max_score": Decimal(5)}, "weights"),
        ("A3", {"evidence": "现场照片"}, "forbidden"),
        ("A3", {"name": "每日登录天数"}, "forbidden"),
        ("A3", {"pattern": "per_met", "pattern_terms": {"each": 1, "figure": "done"}}, "more_earns"),
        ("A3", {"pattern_terms": {"each": 1}}, "terms"),
        ("A3", {"pattern_terms": {"required": 4, "each": "一"}}, "terms"),
        ("A3", {"pattern_terms": {"required": 4, "each": 1, "bonus": 3}}, "terms"),
        ("A3", {"reading_terms": {"types": ["x'); DROP TABLE x; --"]}}, "terms"),
        ("A3", {"reading": "photos"}, "reading"),
        ("A3", {"pattern": "ranking"}, "pattern"),
        ("E4", {"pattern_terms": {"part": "done", "whole": "due"}}, "figures"),
        ("F", {"source": "system"}, "source"),
        ("C3", {"pattern_terms": {"steps": [{"from": 5, "score": 4}, {"from": 10, "score": 3}]}}, "terms"),
    ],
)
def test_the_validator_finds(county: County, code: str, values: dict[str, Any], fault: str) -> None:
    _broken(county.rubric, code, **values)

    found = faults(county.rubric)

    assert fault in {one.code for one in found if not one.is_warning}
    assert all(one.sentence and not one.sentence.isascii() for one in found)


def test_the_validator_on_bands_ties_and_the_systems_share(county: County) -> None:
    rubric = county.rubric
    rubric.tie_breakers = ["Z9"]
    rubric.save()
    rubric.bands.filter(from_score=None).delete()
    rubric.bands.filter(grade="good").update(from_score=Decimal(110))
    _broken(rubric, "C1", source="system")

    found = {one.code: one.is_warning for one in faults(rubric)}

    assert found == {
        "tie_breaker": False, "band_hole": False, "band_out_of_reach": False, "veto_grade": False, "by_system": True,
    }  # fmt: skip
