"""What stands above the headings: the form's title, who filled it in and when, and the year."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lib.chinese.dates import YearHint, parse_date
from lib.chinese.text import fold

_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?:年|度|-|\.|/|$|[^0-9])")
_TAB_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9]{5})(?:[0-9]{2}(?![0-9]))?")
_FILLED_ON = re.compile(
    r"(?:填报|填表|制表|上报|报送|统计|更新|编制)?(?:日期|时间)[:：]\s*([0-9〇零一二三四五六七八九十年月日号./\- ]+)"
)
_REPORTER = re.compile(
    r"(?:填报单位|填表单位|报送单位|编制单位|单位)(?:名称)?(?:\(盖章\))?[:：]\s*"
    r"(.*?)\s*(?:\((?:盖章|公章|章)\)|填报|填表|制表|日期|时间|$)"
)
_STAMP = re.compile(r"(?:单位|日期|时间|负责人|填表人|填报人|联系人|联系电话)(?:名称)?(?:\(盖章\))?[:：]")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The texts above a table, taken apart; empty where the form says nothing."""

    title: str = ""
    reporter: str = ""
    filled_on: date | None = None


def read_stamp(texts: Iterable[str]) -> Stamp:
    """Take apart the folded texts that stand above the headings."""
    title = reporter = ""
    filled_on: date | None = None
    for text in texts:
        if match := _FILLED_ON.search(text):
            found = parse_date(match[1])
            filled_on = filled_on or (found.start if found.precision == "day" else None)
        if match := _REPORTER.search(text):
            reporter = reporter or match[1]
        if not title and not _STAMP.search(text):
            title = text
    return Stamp(title, reporter, filled_on)


def year_hint(stamp: Stamp, sheet_name: str, default_year: int | None) -> YearHint | None:
    """The year of dates without one: from title, tab, filled-in date, programme, in this order."""
    if match := _YEAR.search(stamp.title):
        return YearHint(int(match[1]), "title")
    if match := _TAB_YEAR.search(fold(sheet_name)):
        return YearHint(int(match[1]), "tab")
    if stamp.filled_on:
        return YearHint(stamp.filled_on.year, "filled_on", stamp.filled_on)
    return YearHint(default_year, "programme") if default_year else None
