"""Cleaning, folding and comparing text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.chinese.text import fold, match_key, tidy, without_list_mark


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  高州市　", "高州市"),
        ("a\x00b\x1fc", "abc"),
        ("x\ud800y", "xy"),
        ("零\u200b宽\ufeff", "零宽"),
        ("\u202e反向", "反向"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("（三）２０２４", "（三）２０２４"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("𠮷", "𠮷"),
        ("a\tb", "a b"),
    ],
)
def test_tidy_keeps_what_was_typed_and_drops_what_nobody_sees(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("２０２４．９．３", "2024.9.3"),
        ("ＡＢ", "ab"),
        ("（三）", "(三)"),
        ("集 中 劳 动", "集中劳动"),
        ("市　委办", "市委办"),
        ("ＮＯ", "no"),
    ],
)
def test_match_key_sees_one_text_in_two_spellings(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


def test_match_key_keeps_different_names_apart() -> None:
    assert match_key("荷垌村") != match_key("荷洞村")


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("②利民项目", "利民项目"),
        ("（一）党建", "党建"),
        ("1、调研", "调研"),
        ("3. 走访", "走访"),
        ("1.4万", "1.4万"),
        ("2.0版", "2.0版"),
        ("一村一品", "一村一品"),
    ],
)
def test_list_marks_are_taken_off_and_numbers_are_not(typed: str, bare: str) -> None:
    assert without_list_mark(typed) == bare


@given(st.text())
def test_cleaned_text_is_clean_and_can_be_stored(text: str) -> None:
    for clean in (tidy, fold, match_key):
        once = clean(text)
        assert clean(once) == once
        assert "\x00" not in once
        once.encode("utf-8")
