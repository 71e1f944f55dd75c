"""Numbers, approximations, ranges, sums of parts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.chinese.numbers import NumberParse, exact, parse_number
from lib.chinese.numerals import numeral, parse_numeral


def about(value: int, low: int | None = None, high: int | None = None) -> tuple[Decimal, bool, Decimal | None, Decimal | None]:
    return Decimal(value), True, None if low is None else Decimal(low), None if high is None else Decimal(high)


def said(found: NumberParse | None) -> tuple[Decimal | None, bool, Decimal | None, Decimal | None] | None:
    return (found.value, found.approx, found.low, found.high) if found else None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("约30人次", about(30)),
        ("30余人", about(30, low=30)),
        ("近200人", about(200, high=200)),
        ("30-40人", about(30, low=30, high=40)),
        ("30～40人", about(30, low=30, high=40)),
        ("1-2万元", about(10_000, low=10_000, high=20_000)),
        ("十多万", about(100_000, low=100_000)),
        ("14万多元", about(140_000, low=140_000)),
        ("20人左右", about(20)),
        ("不到10人", about(10, high=10)),
        ("二百余人次", about(200, low=200)),
    ],
)
def test_approximate_numbers_keep_what_their_words_bound(cell: str, expected: tuple[object, ...]) -> None:
    assert said(parse_number(cell)) == expected


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("二十人", "20"),
        ("1.4万", "14000"),
        ("1,700", "1700"),
        ("１，７００", "1700"),
        ("3500万元", "35000000"),
        ("３５", "35"),
        ("１户", "1"),
        (60.0, "60"),
        (1.4, "1.4"),
        ("党员12人", "12"),
        ("共17人(村干部5人,党员12人)", "17"),
        ("35人（其中党员12人）", "35"),
        ("三百二", "320"),
        ("一万五千", "15000"),
        ("-5", "-5"),
    ],
)
def test_exact_numbers_are_read_in_every_spelling(cell: str | float, value: str) -> None:
    assert said(parse_number(cell)) == (Decimal(value), False, None, None)


def test_several_numbers_are_offered_as_parts_and_not_added() -> None:
    found = parse_number("村干部5人,党员12人")
    assert found is not None
    assert found.value is None
    assert [(p.label, p.value, p.unit) for p in found.parts] == [("村干部", Decimal(5), "人"), ("党员", Decimal(12), "人")]


def test_a_total_that_its_parts_contradict_is_not_believed() -> None:
    assert parse_number("共20人(村干部5人,党员12人)") is None


@pytest.mark.parametrize("cell", ["", "abc", "1.38E+10", "三五人", "9" * 40, "若干", "几十人", "2024.9.3", "5人12户", "40-30"])
def test_what_is_no_single_number_is_not_guessed(cell: str) -> None:
    assert parse_number(cell) is None


def test_number_cells_are_taken_as_shown_not_as_binary_fractions() -> None:
    assert exact(0.1 + 0.2) == Decimal("0.3")


@given(st.integers(0, 99_999_999))
def test_every_whole_number_survives_its_chinese_spelling(value: int) -> None:
    assert parse_numeral(numeral(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一万零十", 10_010),
        ("一万零十二", 10_012),
        ("两百零十", 210),
        ("一亿零十万", 100_100_000),
        ("一万零一百一十", 10_110),
        ("三亿五千万", 350_000_000),
        ("一万亿", 10**12),
        ("四十亿七千六百万", 4_076_000_000),
        ("一万五", 15_000),
        ("三百二", 320),
        ("三百零二", 302),
        ("一亿五", 150_000_000),
        ("十", 10),
    ],
)
def test_places_and_filling_zeros_count_as_they_are_said(text: str, value: int) -> None:
    assert parse_numeral(text) == value


@pytest.mark.parametrize(
    "text", ["十十", "零百", "万", "亿", "百", "三五十", "十百", "一百千", "二十零", "一万一万", "一千万亿零万"]
)
def test_what_nobody_says_as_a_number_is_none(text: str) -> None:
    assert parse_numeral(text) is None


def test_all_small_numbers_and_all_about_each_round_number_survive() -> None:
    edges = (n + d for n in range(10_000, 1_000_000, 10_000) for d in range(-20, 21))
    wrong = [n for n in (*range(20_000), *edges) if parse_numeral(numeral(n)) != n]
    assert wrong == []


@given(st.integers(10, 99_999_999), st.sampled_from(["人", "人次", "户", ""]))
def test_chinese_numerals_with_units_are_read(value: int, unit: str) -> None:
    found = parse_number(numeral(value) + unit)
    assert found is not None
    assert found.value == value


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["{}", "约{}", "{}人", "共{}元", "　{}　"]))
def test_arabic_numbers_are_read_in_any_frame(value: Decimal, frame: str) -> None:
    for text in (str(value), f"{value:,}", str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
        found = parse_number(frame.format(text))
        assert found is not None
        assert found.value == value


@given(st.text(max_size=40))
def test_any_text_gives_a_number_or_none(text: str) -> None:
    found = parse_number(text)
    assert found is None or (found.value is None) == bool(found.parts)
