"""Telephone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.chinese.phones import mask_phone, parse_phone


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("１３９００００３４６６", "13900003466"),
        (13900007290.0, "13900007290"),
        ("'13900001111", "13900001111"),
        ("139 0000 1111", "13900001111"),
        ("139-0000-1111", "13900001111"),
        ("+86 13900001111", "13900001111"),
        ("电话：13900001111", "13900001111"),
        ("0668-6662222", "0668-6662222"),
        ("（0668）6662222", "0668-6662222"),
        ("06686662222", "0668-6662222"),
        ("010-66662222", "010-66662222"),
        ("6662222转801", "6662222转801"),
        ("400-123-4567", "400-123-4567"),
    ],
)
def test_a_number_has_one_spelling(cell: str | float, number: str) -> None:
    assert parse_phone(cell).number == number


@pytest.mark.parametrize(
    ("cell", "doubt"),
    [
        ("1.38E+10", "scientific"),
        ("1.38123E+10", "scientific"),
        ("440981199001011000", "truncated"),
        ("1390000111", "unreadable"),
        ("139000011112", "unreadable"),
        ("无电话", "unreadable"),
        (1.5, "unreadable"),
        (-1.0, "unreadable"),
    ],
)
def test_a_number_that_excel_spoiled_is_refused_by_name(cell: str | float, doubt: str) -> None:
    found = parse_phone(cell)
    assert (found.number, found.doubt) == (None, doubt)


@pytest.mark.parametrize("cell", ["13900001111/13900002222", "13900001111 13900002222", "13900001111、13900002222"])
def test_two_numbers_are_both_offered(cell: str) -> None:
    found = parse_phone(cell)
    assert (found.doubt, found.choices) == ("several", ("13900001111", "13900002222"))


def test_masking_hides_the_middle() -> None:
    assert mask_phone("13900001234") == "139****1234"
    assert mask_phone("0668-6662222") == "0668-****222"
    assert mask_phone("110") == "***"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_masked_mobiles_never_show_more_than_seven_digits(number: str) -> None:
    masked = mask_phone(number)
    assert sum(c.isdigit() for c in masked) == 7
    assert parse_phone(number).number == number
