"""Rows are known again whatever their spelling."""

from datetime import date
from decimal import Decimal

import pytest

from lib.sheets.fingerprint import fingerprint
from lib.sheets.readings import DateValue, NumberValue, PersonValue


def test_spelling_does_not_matter() -> None:
    assert fingerprint("张 三", Decimal("1.50"), "ＡＢ") == fingerprint("张三", Decimal("1.5"), "ab")
    assert fingerprint(86) == fingerprint(Decimal("86.0"))
    day = date(2024, 9, 3)
    assert fingerprint(DateValue(day, day), None) == fingerprint(DateValue(day, day), "")


def test_content_and_its_place_matter() -> None:
    marks = {
        fingerprint("a", "b"),
        fingerprint("ab", ""),
        fingerprint("b", "a"),
        fingerprint(("a", "b")),
        fingerprint(PersonValue("a", "b")),
        fingerprint(NumberValue(Decimal(1))),
        fingerprint(NumberValue(Decimal(1), approx=True)),
        fingerprint(True),
        fingerprint(1),
    }
    assert len(marks) == 9
    assert {len(mark) for mark in marks} == {32}


def test_what_has_no_stable_text_is_refused() -> None:
    with pytest.raises(TypeError, match="fingerprint"):
        fingerprint(object())
