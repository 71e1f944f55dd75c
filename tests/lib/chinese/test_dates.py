"""Dates in all their spellings; doubts are returned, not guessed away."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.chinese.dates import FIRST_SERIAL, LAST_SERIAL, YearHint, parse_date

HINT = YearHint(2024, "title")
THIRD = date(2024, 9, 3)


@pytest.mark.parametrize(
    "cell",
    [
        "2024.9.3", "2024-9-3", "2024/9/3",
        "2024年9月3日", "2024年9月3号", "9月3日", "9.3", "9/3", "20240903", "45538", 45538.0, 45538,
        "２０２４．９．３", "9月3日上午", "2024年9月3日 14:30", "2024-09-03 00:00:00",
        "2024-09-03T10:30:00", "9月3日(星期二)", "9月3日下午3点",
        "二〇二四年九月三日", "九月三日", "24.9.3", "2024. 9. 3", "'2024.9.3", date(2024, 9, 3), datetime(2024, 9, 3, 12),
        20240903.0, "2024年9月3日晚上",
    ],
)  # fmt: skip
def test_one_day_is_read_in_every_spelling(cell: str | float | date) -> None:
    found = parse_date(cell, hint=HINT)
    assert (found.start, found.end, found.precision, found.doubt) == (THIRD, THIRD, "day", None)


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("2024.9.3-9.4", "2024-09-03", "2024-09-04"),
        ("2024.9.3-4", "2024-09-03", "2024-09-04"),
        ("9.17-9.18", "2024-09-17", "2024-09-18"),
        ("9月3日至5日", "2024-09-03", "2024-09-05"),
        ("9月3-5日", "2024-09-03", "2024-09-05"),
        ("2024-09-03至2024-09-05", "2024-09-03", "2024-09-05"),
        ("2024-9-3-2024-9-5", "2024-09-03", "2024-09-05"),
        ("12.30-1.2", "2024-12-30", "2025-01-02"),
    ],
)
def test_spans_have_both_ends(cell: str, start: str, end: str) -> None:
    found = parse_date(cell, hint=HINT)
    assert (str(found.start), str(found.end), found.precision) == (start, end, "day")


@pytest.mark.parametrize(
    ("cell", "start", "end", "precision"),
    [
        ("2024年9月", "2024-09-01", "2024-09-30", "month"),
        ("2024.9", "2024-09-01", "2024-09-30", "month"),
        ("2024.10", "2024-10-01", "2024-10-31", "month"),
        ("2024-09", "2024-09-01", "2024-09-30", "month"),
        ("九月", "2024-09-01", "2024-09-30", "month"),
        ("9月上旬", "2024-09-01", "2024-09-10", "ten_days"),
        ("2024年2月下旬", "2024-02-21", "2024-02-29", "ten_days"),
        ("2024年9月底", "2024-09-01", "2024-09-30", "month"),
        ("9-10月", "2024-09-01", "2024-10-31", "month"),
        ("2024.9-10", "2024-09-01", "2024-10-31", "month"),
        (2024.09, "2024-09-01", "2024-09-30", "month"),
        (2024.11, "2024-11-01", "2024-11-30", "month"),
        (202409.0, "2024-09-01", "2024-09-30", "month"),
        ("2024年", "2024-01-01", "2024-12-31", "year"),
    ],
)
def test_what_says_no_day_says_how_exact_it_is(cell: str | float, start: str, end: str, precision: str) -> None:
    found = parse_date(cell, hint=HINT)
    assert (str(found.start), str(found.end), found.precision) == (start, end, precision)


def test_a_number_cell_2024_1_is_january_or_october() -> None:
    found = parse_date(2024.1, hint=HINT)
    assert (found.start, found.doubt, found.choices) == (None, "ambiguous", ("2024-01", "2024-10"))


def test_the_text_2024_10_is_october_and_nothing_else() -> None:
    assert parse_date("2024.10").start == date(2024, 10, 1)


def test_a_number_cell_9_1_is_the_first_or_the_tenth() -> None:
    found = parse_date(9.1, hint=HINT)
    assert (found.doubt, found.choices) == ("ambiguous", ("2024-09-01", "2024-09-10"))
    assert parse_date(2.3, hint=HINT).start == date(2024, 2, 3)
    assert parse_date(9.13, hint=HINT).start == date(2024, 9, 13)


def test_a_date_without_year_and_hint_asks_for_the_year() -> None:
    assert parse_date("9月3日").doubt == "needs_year"
    assert parse_date("9月").doubt == "needs_year"


def test_a_day_after_the_filled_in_date_may_be_of_the_year_before() -> None:
    hint = YearHint(2025, "filled_on", date(2025, 1, 5))
    found = parse_date("12月30日", hint=hint)
    assert (found.doubt, found.choices) == ("after_filled", ("2024-12-30", "2025-12-30"))
    assert parse_date("1月3日", hint=hint).start == date(2025, 1, 3)


def test_serials_follow_the_workbooks_date_system() -> None:
    assert parse_date(45538.0 - 1462, epoch_1904=True).start == THIRD


def test_english_orders_are_asked_about_only_when_both_fit() -> None:
    assert parse_date("9/3/2024").choices == ("2024-09-03", "2024-03-09")
    assert parse_date("9/13/2024").start == date(2024, 9, 13)


@pytest.mark.parametrize(
    ("cell", "doubt"),
    [
        ("2024.9.31", "impossible"), ("2024.13.1", "impossible"), ("2024.9.5-9.3", "impossible"), ("0000-00-00", "unreadable"),
        ("长期", "unreadable"), ("", "unreadable"), ("9月3日、5日", "several"),
        (1.0, "unreadable"), (29999.0, "unreadable"), (60001.0, "unreadable"),
        (date(1900, 1, 9), "impossible"), ("1.0", "impossible"), (float("1e300"), "unreadable"), ("9" * 200, "unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_by_name(cell: str | float | date, doubt: str) -> None:
    assert parse_date(cell, hint=HINT).doubt == doubt


DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@given(
    DAYS,
    st.sampled_from(
        ["{0}.{1}.{2}", "{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}年{1}月{2}日", "{0}{1:02}{2:02}", " {0} 年 {1} 月 {2} 日上午"]
    ),
)
def test_every_day_survives_every_spelling(day: date, frame: str) -> None:
    text = frame.format(day.year, day.month, day.day)
    assert parse_date(text).start == day
    assert parse_date(text.translate(str.maketrans("0123456789./-", "０１２３４５６７８９．／－"))).start == day


@given(st.integers(FIRST_SERIAL, LAST_SERIAL), st.floats(0, 0.99))
def test_every_serial_is_its_day_whatever_the_hour(serial: int, hour: float) -> None:
    assert parse_date(min(serial + hour, LAST_SERIAL)).start == date(1899, 12, 30) + timedelta(days=serial)


@given(
    st.one_of(
        st.text(max_size=30),
        st.floats(allow_nan=False, allow_infinity=False),
        st.from_regex(r"[0-9年月日号.\-/~至上下旬 ]{0,20}", fullmatch=True),
    )
)
def test_any_cell_gives_a_span_or_a_doubt(cell: str | float) -> None:
    for hint in (None, HINT):
        found = parse_date(cell, hint=hint)
        if found.doubt is None:
            assert found.start is not None
            assert found.end is not None
            assert found.start <= found.end
        else:
            assert found.start is None
