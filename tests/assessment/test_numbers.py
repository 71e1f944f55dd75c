"""Numbers as people type them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django import forms

from assessment.forms.numbers import NumberField


class _Form(forms.Form):
    n = NumberField(least=0, most=1000, places=2, label="分值", required=False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("4", "4"), (" 4.50 ", "4.50"), ("４．５", "4.5"), ("６", "6"), ("0", "0"), ("1000", "1000"), ("1e2", "1E+2"), ("", None)],
)
def test_what_is_read(typed: str, read: str | None) -> None:
    form = _Form({"n": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["n"] == (None if read is None else Decimal(read))


@pytest.mark.parametrize("typed", ["-1", "1000.01", "1e9", "1e999", "4.125", "四", "NaN", "Infinity", "4,5", "--", "4 5"])
def test_what_is_wrong_is_said_once_and_stays(typed: str) -> None:
    form = _Form({"n": typed})
    assert form.errors == {"n": ["请填 0 到 1000 之间的数，最多 2 位小数。"]}
    assert f'value="{typed}"' in str(form["n"])
    assert 'type="text"' in str(form["n"])


def test_where_a_number_must_stand() -> None:
    class Needed(forms.Form):
        n: Any = NumberField(least=None, most=9, places=1, label="n")

    assert Needed({"n": ""}).errors == {"n": ["请填一个数。"]}
    assert Needed({"n": "-9"}).is_valid()
    assert Needed({"n": "-9.1"}).errors == {"n": ["请填 -9 到 9 之间的数，最多 1 位小数。"]}
