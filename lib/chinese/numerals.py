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
_LARGE = "万亿"
_ZEROS = "零〇○"
NUMERAL = "[" + "".join(DIGITS) + "".join(_SMALL) + _LARGE + "]"


def parse_numeral(text: str) -> int | None:
    """The whole number that a Chinese numeral says, or None when it says none.

    三百二 is 320 and 一万五 is 15,000: a bare last digit counts in tens of what stood before it.
    """
    if not text or len(text) > 24:
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    # 一万亿 first: what stands before the last 亿, then before the last 万, are numerals themselves.
    for sign, unit in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(sign)
        if found:
            high = parse_numeral(head) if head else None
            low = _tail(tail, unit)
            # A tail as large as the unit, or a unit of nothing, is not how numbers are said.
            return None if not high or high >= unit or low is None or low >= unit else high * unit + low
    return _section(text)


def _tail(text: str, unit: int) -> int | None:
    """What follows 亿 or 万: nothing, a bare digit (一万五 is 15,000), or a smaller numeral."""
    if not text:
        return 0
    if len(text) == 1 and text in DIGITS:
        return DIGITS[text] * unit // 10
    if text[0] in _ZEROS:
        rest = text[1:]
        return DIGITS[rest] if len(rest) == 1 and rest in DIGITS else parse_numeral(rest)
    return None if all(c in DIGITS for c in text) else parse_numeral(text)


def _section(text: str) -> int | None:
    """A numeral below ten thousand, each unit smaller than the one before it."""
    value, last_unit, after_zero = 0, 10**4, False
    digit: int | None = None
    for c in text:
        if c in _ZEROS:
            if digit is not None or not value or after_zero:
                return None
            after_zero = True
        elif c in DIGITS:
            if digit is not None:
                return None  # 三五 inside a numeral is "three or five", not a number
            digit = DIGITS[c]
        else:
            unit = _SMALL[c]
            if unit >= last_unit or (digit is None and unit != 10):
                return None
            value += (1 if digit is None else digit) * unit
            digit, last_unit, after_zero = None, unit, False
    if digit is None:
        return None if after_zero else value
    shorthand = last_unit in (100, 1000) and not after_zero
    return value + digit * (last_unit // 10 if shorthand else 1)


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
