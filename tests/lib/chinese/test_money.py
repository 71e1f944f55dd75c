"""Amounts in yuan."""

from decimal import Decimal

import pytest

from lib.chinese.money import MoneyUnit, parse_money


@pytest.mark.parametrize(
    ("cell", "heading", "yuan"),
    [
        ("0.5", "wan", "5000"),
        (1.4, "wan", "14000"),
        ("3500元", "wan", "3500"),
        ("14万元", "yuan", "140000"),
        ("1.4万", None, "14000"),
        ("3500", "yuan", "3500"),
        ("￥1,200.50", "yuan", "1200.5"),
        ("10000", "wan", "100000000"),
    ],
)
def test_a_unit_in_the_cell_goes_before_the_headings(cell: str | float, heading: MoneyUnit | None, yuan: str) -> None:
    found = parse_money(cell, heading)
    assert (found.doubt, str(found.yuan)) == (None, yuan)


def test_much_money_under_wan_is_asked_about_with_both_readings() -> None:
    found = parse_money(35000.0, "wan")
    assert (found.yuan, found.doubt, found.choices) == (None, "too_large", (Decimal(35_000), Decimal(350_000_000)))


def test_money_without_any_unit_is_asked_about() -> None:
    found = parse_money("35", None)
    assert (found.yuan, found.doubt, found.choices) == (None, "no_unit", (Decimal(35), Decimal(350_000)))


def test_several_amounts_are_offered_as_sum_and_parts() -> None:
    found = parse_money("财政3万元、自筹2万元", "wan")
    assert (found.doubt, found.choices) == ("parts", (Decimal(50_000), Decimal(30_000), Decimal(20_000)))


def test_approximate_money_keeps_its_bound() -> None:
    found = parse_money("14万多元", "wan")
    assert (found.yuan, found.approx, found.low) == (Decimal(140_000), True, Decimal(140_000))


@pytest.mark.parametrize("cell", ["5户", "待定", "80%"])
def test_what_is_no_money_is_refused(cell: str) -> None:
    assert parse_money(cell, "wan").doubt == "unreadable"
