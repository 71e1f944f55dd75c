"""The shapes of written dates, as patterns over text that is folded and without spaces."""

import re

from lib.chinese.numerals import DIGITS, parse_numeral
from lib.chinese.text import fold

_YEAR = r"(?:(?P<y{0}>[12][0-9]{{3}}|[2-4][0-9])(?:年|[./\-]))"
_M = r"(?P<m{0}>[0-9]{{1,2}})"
_D = r"(?P<d{0}>[0-9]{{1,2}})"
_TO = r"(?:-|--|~|—|——|–|至|到|起至)"

# Year and month must be joined by the sign that joins month and day: 2024.9-10 is two months.
DAY = re.compile(
    r"(?:(?P<y>[12][0-9]{3}|[2-4][0-9])(?P<sign>年|[./\-]))?(?P<m>[0-9]{1,2})"
    r"(?:月|(?(sign)(?:(?P=sign)|(?<=年[0-9])[./\-]|(?<=年[0-9]{2})[./\-])|[./\-]))(?P<d>[0-9]{1,2})[日号]?"
)
MONTH = re.compile(
    r"(?:(?P<y>[12][0-9]{3}|[2-4][0-9](?=年))(?:年|[./\-])(?P<m>[0-9]{1,2})月?|(?P<mm>[0-9]{1,2})月)份?(?P<part>上旬|中旬|下旬|初|中|底|末)?"
)
# In a range written with "-", its ends must use another sign: 9-3-9-4 stays unread.
RANGE = re.compile(
    r"(?:"
    + _YEAR.format("").replace(r"[./\-]", "[./]")
    + r"?(?P<m>[0-9]{1,2})(?:月|[./])(?P<d>[0-9]{1,2})[日号]?"
    + _TO
    + r"(?:"
    + _YEAR.format("2").replace(r"[./\-]", "[./]")
    + r"?(?P<m2>[0-9]{1,2})(?:月|[./]))?(?P<d2>[0-9]{1,2})[日号]?"
    + r"|(?P<yi>[12][0-9]{3})-(?P<mi>[0-9]{1,2})-(?P<di>[0-9]{1,2})"
    + r"(?:--?|~|—|——|–|至|到)"
    + r"(?:(?P<yj>[12][0-9]{3})-)?(?P<mj>[0-9]{1,2})-(?P<dj>[0-9]{1,2}))"
)
MONTHS = re.compile(
    r"(?:(?P<y>[12][0-9]{3})(?:年|[./]))?(?P<m>[0-9]{1,2})月?"
    + _TO
    + r"(?:(?P<y2>[12][0-9]{3})(?:年|[./]))?(?P<m2>[0-9]{1,2})月?份?"
)
SEVERAL = re.compile(r"[、,;和及]")

_CHINESE = re.compile("([" + "".join(DIGITS) + "十]+)(?=[年月日号])")
_CLOCK = re.compile(
    r"(?:(?<=\s)|(?<=[0-9])T|(?<=[午上晚晨日号]))[0-9]{1,2}(?::[0-9]{2}){1,2}(?:\.[0-9]+)?(?:-[0-9]{1,2}:[0-9]{2})?Z?$"
)
_HOUR = re.compile(r"(?<=[午上晚晨日号\s])[0-9]{1,2}[时点](?:半|[0-9]{1,2}分?)?$")
_PART_OF_DAY = re.compile(r"(?:上午|下午|中午|早上|晚上|傍晚|凌晨|全天|当天|早|晚|夜间)$")
_WEEKDAY = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?")


# A pattern may name a group twice under these spellings, one for each of its branches.
_SAME = {"mm": "m", "yi": "y", "mi": "m", "di": "d", "yj": "y2", "mj": "m2", "dj": "d2"}


def groups(match: re.Match[str]) -> dict[str, str | None]:
    """The named parts of a match, whichever branch found them."""
    found: dict[str, str | None] = {}
    for name, text in match.groupdict().items():
        key = _SAME.get(name, name)
        found[key] = text or found.get(key)
    return found


def plain_date_text(text: str) -> str:
    """The text without what says nothing about the day: weekday, hour, part of day, spaces."""
    folded = fold(text).lstrip("'").strip()
    if len(folded) > 60:
        return ""
    folded = _WEEKDAY.sub("", folded).strip()
    folded = _HOUR.sub("", _CLOCK.sub("", folded)).strip()
    folded = _PART_OF_DAY.sub("", folded).replace(" ", "").rstrip("。.,")
    return _CHINESE.sub(lambda m: str(parse_numeral(m[1]) or m[1]), folded)
