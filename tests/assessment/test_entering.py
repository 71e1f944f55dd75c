"""What a reviewer may type for a line, and when two are too far apart (domain.md §4.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessment.entering import are_apart, asked_for, checked
from assessment.models import RubricLine


def line(pattern: str = "points", terms: dict[str, Any] | None = None, marks: str = "4", **reading: Any) -> RubricLine:
    return RubricLine(
        code="B2", max_score=Decimal(marks), pattern=pattern, pattern_terms=terms or {}, reading="entry", reading_terms=reading
    )


PENALTY = {"each": "0.5", "floor": True}
CHOICES = {"choices": {"adopted": 5, "submitted": 3, "none": 0}}


@pytest.mark.parametrize(
    ("of", "typed", "kept"),
    [
        (line(), " 3.50 ", "3.5"),
        (line(), "４", "4"),
        (line(terms={"from": "0.5", "to": "2"}), "0", "0"),
        (line("mark", {"of": 100}, "10"), "92", "92"),
        (line("per_missed", PENALTY, sampled=10), "10", "10"),
        (line("choice", CHOICES, "5"), "adopted", "adopted"),
        (line("per_missing", {"required": 4, "each": 1, "figure": "value"}), "3.0", "3"),
        (line("threshold", {"at_least": 70, "figure": "value", "scaled": False}, most=100), "70.5", "70.5"),
    ],
)
def test_what_is_kept(of: RubricLine, typed: str, kept: str) -> None:
    assert checked(of, typed) == kept


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (line("per_missing", {"required": 4, "each": 1, "figure": "value"}, most=366), "填次数，0 到 366"),
        (line("threshold", {"at_least": 70, "figure": "value", "scaled": False}, most=100), "填数值，0 到 100"),
        (line(terms={"from": "0.5", "to": "2", "deduct": True}), "填扣分，0.5 到 2"),
    ],
)
def test_what_is_asked_for(of: RubricLine, told: str) -> None:
    assert asked_for(of) == told


@pytest.mark.parametrize(
    ("of", "typed", "told"),
    [
        (line(), "三分", "请填数字"),
        (line(), "4.01", "请填写 0 至 4 之间的数"),
        (line(), "-1", "请填写 0 至 4 之间的数"),
        (line(), "NaN", "请填写 0 至 4 之间的数"),
        (line(), "1.005", "最多两位小数"),
        (line(terms={"from": "0.5", "to": "2"}), "0.25", "请填写 0.5 至 2 之间的数"),
        (line("mark", {"of": 100}, "10"), "101", "请填写 0 至 100 之间的数"),
        (line("per_missed", PENALTY, sampled=10), "11", "请填写 0 至 10 之间的数"),
        (line("choice", CHOICES, "5"), "优", "请从本项给出的选项中选择"),
        (line("per_missing", {"required": 4, "each": 1, "figure": "value"}), "2.5", "请填整数"),
        (line("per_missed", PENALTY, sampled=10), "1.5", "请填整数"),
        (line("threshold", {"at_least": 1, "figure": "value"}), "0.5", "请填整数"),
    ],
)
def test_what_is_refused_and_how(of: RubricLine, typed: str, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked(of, typed)
    assert told in " ".join(refused.value.message_dict["value"])


@pytest.mark.parametrize(
    ("of", "first", "second", "apart"),
    [
        (line(), "3", "2.2", False),  # 0.80 is a fifth of 4, not more
        (line(), "3", "2.19", True),
        (line("mark", {"of": 100}, "10"), "90", "70", False),
        (line("mark", {"of": 100}, "10"), "90", "69", True),
        (line("per_missed", PENALTY, sampled=10), "2", "3", False),
        (line("per_missed", PENALTY, sampled=10), "2", "4", True),
        (line("choice", CHOICES, "5"), "adopted", "submitted", True),
    ],
)
def test_two_are_apart_above_a_fifth_of_the_marks(of: RubricLine, first: str, second: str, apart: bool) -> None:
    assert are_apart(of, [first, second]) is apart
    assert are_apart(of, [second, first]) is apart
    assert not are_apart(of, [first])
