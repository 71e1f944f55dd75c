"""Chinese numerals: 二十, 一百零五, 三万五千, 二〇二四."""

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
NUMERAL = "[" + "".join(DIGITS) + "".join(_SMALL) + "".join(_LARGE) + "]"


def parse_numeral(text: str) -> int | None:
    """The whole number that a Chinese numeral says, or None when it says none.

    三百二 is 320 and 一万五 is 15,000: a bare last digit counts in tens of what stood before it.
    """
    if not text or len(text) > 24:
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total = section = 0
    digit: int | None = None
    zero_before = False
    last_unit = 1
    for c in text:
        if c in DIGITS:
            if digit is not None and digit != 0:
                return None  # 三五 inside a numeral: "three or five", not a number
            zero_before = c in "零〇○"
            digit = DIGITS[c]
        elif c in _SMALL:
            if digit is None and section and c not in "十拾":
                return None
            section += (1 if digit is None else digit) * _SMALL[c]
            digit, last_unit, zero_before = None, _SMALL[c], False
        elif c in _LARGE:
            section += digit or 0
            if section == 0 and total == 0:
                return None
            unit = _LARGE[c]
            total = (total + section) * unit if unit > last_unit and total else total + section * unit
            section, digit, last_unit, zero_before = 0, None, unit, False
        else:
            return None
    if digit is not None:
        shorthand = last_unit >= 100 and text[-2] not in "零〇○" and not zero_before
        section += digit * (last_unit // 10) if shorthand else digit
    return total + section


def numeral(value: int) -> str:
    """The Chinese numeral of 0 … 99,999,999, as offices write it: 二十, 一百零五, 三万零二十."""
    if not 0 <= value < 10**8:
        raise ValueError("numeral() writes 0 to 99,999,999.")
    if value >= 10**4:
        high, low = divmod(value, 10**4)
        gap = "零" if 0 < low < 1000 else ""
        return _below_ten_thousand(high) + "万" + gap + (_below_ten_thousand(low) if low else "")
    return _below_ten_thousand(value)


def _below_ten_thousand(value: int) -> str:
    if value == 0:
        return "零"
    plain = "零一二三四五六七八九"
    out = ""
    gap = False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit == 0:
            gap = bool(out)
            continue
        if gap:
            out += "零"
            gap = False
        out += ("" if digit == 1 and unit == 10 and not out else plain[digit]) + sign
    return out
