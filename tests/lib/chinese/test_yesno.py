"""Yes words and none words."""

import pytest

from lib.chinese.yesno import parse_yes_no, says_none


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("是", True),
        ("√", True),
        ("已", True),
        ("Ｙ", True),
        (1.0, True),
        ("有", True),
        (True, True),
        ("否", False),
        ("×", False),
        ("无", False),
        (0, False),
    ],
)
def test_yes_and_no_words(cell: str | float | bool, said: bool) -> None:
    assert parse_yes_no(cell) is said


@pytest.mark.parametrize("cell", ["待定", "", 2.0, 0.5, "是否"])
def test_other_words_are_neither(cell: str | float) -> None:
    assert parse_yes_no(cell) is None


@pytest.mark.parametrize("text", ["无", "/", "-", "—", " ", "空", "／", "－"])
def test_none_words(text: str) -> None:
    assert says_none(text)


@pytest.mark.parametrize("text", ["无锡", "0", "一"])
def test_other_words_say_something(text: str) -> None:
    assert not says_none(text)
