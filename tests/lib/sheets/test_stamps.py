"""Title, reporter, filled-in date, and the year they give."""

from datetime import date

import pytest

from lib.chinese.dates import YearHint
from lib.chinese.text import fold
from lib.sheets.stamps import Stamp, read_stamp, year_hint


@pytest.mark.parametrize(
    ("text", "reporter", "filled_on"),
    [
        ("填报单位：  填报日期：2024年9月5日", "", date(2024, 9, 5)),
        ("填报单位：中共高州市委组织部   填报日期：2024年9月5日", "中共高州市委组织部", date(2024, 9, 5)),
        ("单位：高州市林业局（盖章）        填报时间：２０２４.9.30", "高州市林业局", date(2024, 9, 30)),
        ("填报日期：2024 年 9 月 5 日", "", date(2024, 9, 5)),
        ("填报日期：", "", None),
    ],
)
def test_the_stamp_line_is_taken_apart(text: str, reporter: str, filled_on: date | None) -> None:
    stamp = read_stamp(["高州市台账", fold(text)])
    assert (stamp.title, stamp.reporter, stamp.filled_on) == ("高州市台账", reporter, filled_on)


@pytest.mark.parametrize(
    ("stamp", "tab", "programme", "hint"),
    [
        (Stamp("2023年度台账", filled_on=date(2024, 1, 5)), "2022", 2021, YearHint(2023, "title")),
        (Stamp("台账", filled_on=date(2024, 1, 5)), "2022年9月", 2021, YearHint(2022, "tab")),
        (Stamp("台账", filled_on=date(2024, 1, 5)), "9月", 2021, YearHint(2024, "filled_on", date(2024, 1, 5))),
        (Stamp("台账"), "９月", 2021, YearHint(2021, "programme")),
        (Stamp("台账"), "9月", None, None),
        (Stamp("台账"), "202409", None, YearHint(2024, "tab")),
    ],
)
def test_the_year_comes_from_the_nearest_source(stamp: Stamp, tab: str, programme: int | None, hint: YearHint | None) -> None:
    assert year_hint(stamp, tab, programme) == hint
