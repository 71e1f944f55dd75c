"""Numbers as ledgers hold them: 约30人次, 十多万, 30-40人, 村干部5人,党员12人."""

import re
from dataclasses import dataclass
from decimal import Decimal

from lib.chinese.numerals import NUMERAL, parse_numeral
from lib.chinese.text import fold, remember_short

_FLOOR_WORDS = "超过|超|逾|至少|不少于|不低于"
_CEILING_WORDS = "将近|接近|近|不足|不到|最多|不超过"
_ABOUT_WORDS = "大约|大概|约|左右"
_PREFIX = rf"(?:(?:共计|合计|总计|累计|共|计|人民币|RMB|[¥$])|(?P<{{0}}pre>{_FLOOR_WORDS}|{_CEILING_WORDS}|{_ABOUT_WORDS}))*"
_CORE = (
    rf"(?P<{{0}}n>[0-9]{{{{1,3}}}}(?:,[0-9]{{{{3}}}})+(?:\.[0-9]{{{{1,6}}}})?|[0-9]{{{{1,15}}}}(?:\.[0-9]{{{{1,15}}}})?|{NUMERAL}+)"
    r"(?P<{0}more>[多余来几])?(?P<{0}scale>百万|千万|万亿|[百千万亿wW])?(?P<{0}more2>[多余])?"
)
_UNIT = r"(?P<{0}unit>[^0-9,;、()\-~+]{{0,8}}?)"
_SUFFIX = r"(?P<{0}post>左右|上下|以上|以内|以下|许|余)?"
_ONE_TEXT = _PREFIX + _CORE + _UNIT + _SUFFIX
_ONE = re.compile(r"(?P<sign>-)?" + _ONE_TEXT.format(""))
_RANGE = re.compile((_PREFIX + _CORE).format("a") + r"[^0-9\-~]{0,4}?(?:-|~|—|–|至|到)" + (_CORE + _UNIT + _SUFFIX).format("b"))
_LABELLED = re.compile(
    r"(?P<label>[^0-9]{0,16}?(?<![几数好上成第]))" + (_CORE + r"(?P<{0}unit>[^0-9,;、()\-~+]{{0,6}})").format("")
)
_PARTS = re.compile(r"[,;、+。]|和(?=[^0-9]*[0-9])")
_BRACKET = re.compile(r"^(?P<main>[^()]+)\((?P<inside>[^()]*)\)(?P<tail>[^()0-9]{0,4})$")
_ONE_TO_NINE = "一二两三四五六七八九"
_SCIENTIFIC = re.compile(r"[0-9][eE][+-]?[0-9]")
_SCALES = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "w": 10**4,
    "W": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One labelled number of several in a cell: 党员12人."""

    label: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class NumberParse:
    """What a cell says about one quantity.

    `value` is None exactly when the cell holds several numbers (`parts`): whether they add up is
    for the person to say. For a range the value is its lower end, so that nothing is overclaimed.
    `low`/`high` are the bounds the words give: 30余 → low 30, 近200 → high 200. `scaled` says that
    the cell itself carried 万, 亿 …
    """

    value: Decimal | None
    approx: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    scaled: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.high is not None


def exact(value: float | int | Decimal) -> Decimal:
    """A number cell as the decimal the person saw: 1.4, not 1.399999999999999911."""
    return value if isinstance(value, Decimal) else Decimal(format(value, ".15g"))


@remember_short
def parse_number(cell: str | float | int | Decimal) -> NumberParse | None:
    """The number in a cell, or None when there is none that can be read for certain."""
    if not isinstance(cell, str):
        return NumberParse(exact(cell))
    text = fold(cell).replace(" ", "").lstrip("'")
    if not text or len(text) > 120 or _SCIENTIFIC.search(text):
        return None
    return _bracketed(text) or _one(text) or _range(text) or _parts(text)


def _bracketed(text: str) -> NumberParse | None:
    """共17人(村干部5人,党员12人): the total, if what stands in brackets does not contradict it."""
    match = _BRACKET.match(text)
    if not match:
        return None
    total = _one(match["main"] + match["tail"]) or _one(match["main"])
    if total is None:
        return None
    inside = match["inside"]
    detail = _parts(inside) or _one(inside)
    numbers = [p.value for p in detail.parts] if detail and detail.parts else []
    if detail and detail.value is not None:
        numbers = [detail.value]
    if not numbers or inside.startswith(("其中", "含")) or sum(numbers) == total.value:
        return total
    return None


def _one(text: str) -> NumberParse | None:
    match = _ONE.fullmatch(text) or _LABELLED.fullmatch(text)
    if not match:
        return None
    found = match.groupdict()
    value = _value(found, "")
    if value is None or any(c in (found["unit"] or "") for c in "一二三四五六七八九"):
        return None
    if found.get("sign"):
        value = -value
    before, after = found.get("pre") or "", found.get("post") or ""
    more = found["more"] or found["more2"]
    floor = bool(more) or before in _FLOOR_WORDS.split("|") or after in ("以上", "余")
    ceiling = before in _CEILING_WORDS.split("|") or after in ("以内", "以下")
    return NumberParse(
        value,
        approx=bool(floor or ceiling or before or after),
        low=value if floor else None,
        high=value if ceiling and not floor else None,
        unit=found["unit"] or "",
        scaled=_is_scaled(found, ""),
    )


def _range(text: str) -> NumberParse | None:
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    found = match.groupdict()
    low, high = _value(found, "a"), _value(found, "b")
    if low is None or high is None:
        return None
    if not _is_scaled(found, "a") and low * _SCALES[found["bscale"] or ""] <= high:
        low *= _SCALES[found["bscale"] or ""]  # 1-2万 means 1万 to 2万
    if low >= high:
        return None
    return NumberParse(
        low,
        approx=True,
        low=low,
        high=high,
        unit=found["bunit"] or "",
        scaled=_is_scaled(found, "b"),
    )


def _parts(text: str) -> NumberParse | None:
    parts = []
    for piece in filter(None, _PARTS.split(text)):
        match = _LABELLED.fullmatch(piece)
        value = _value(match.groupdict(), "") if match else None
        if match is None or value is None:
            return None
        parts.append(Part(match["label"].rstrip(":"), value, match["unit"] or ""))
    return NumberParse(None, parts=tuple(parts)) if len(parts) > 1 else None


def _value(found: dict[str, str | None], side: str) -> Decimal | None:
    digits = (found[f"{side}n"] or "").replace(",", "")
    if len(digits) in (2, 3) and all(c in _ONE_TO_NINE for c in digits):
        return None  # 三五人 means three to five, not thirty-five
    number = Decimal(digits) if digits[:1].isascii() else parse_numeral(digits)
    return None if number is None else Decimal(number) * _SCALES[found[f"{side}scale"] or ""]


def _is_scaled(found: dict[str, str | None], side: str) -> bool:
    return bool(found[f"{side}scale"]) or any(c in (found[f"{side}n"] or "") for c in "万亿")
