"""People's names: alone, in lists, and with a telephone number in the same cell."""

import re
from dataclasses import dataclass

from lib.chinese.phones import PhoneParse, parse_phone
from lib.chinese.text import fold, remember_short

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_SPACED_NAME = re.compile(rf"{_HAN}(?: ?{_HAN}){{1,3}}")
_SEPARATORS = re.compile(r"[、,;/\n|]| {2,}")
_COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳司马上官诸葛司徒东方独孤南宫夏侯皇甫尉迟公孙慕容令狐长孙宇文轩辕端木百里呼延"
        "东郭南门闻人钟离赫连澹台公冶宗政濮阳太叔申屠",
    )
)
_PHONE_IN_CELL = re.compile(
    r"(?:\+?86)?[ -]?(?:1[3-9][0-9](?:[ -]?[0-9]){8}|0[0-9]{2,3}[ -]?[2-8][0-9]{6,7}"
    r"|(?<![0-9])[2-8][0-9]{6,7}(?![0-9]))|[0-9]\.[0-9]+[eE]\+?[0-9]+"
)
_PHONE_LABEL = re.compile(r"(?:联系)?(?:电话|手机)(?:号码)?[:：]?")
_EDGES = " ,;、:：()/|-\n'"
_NUMBERED = re.compile(r"(?:^|(?<=[\s、,，;；]))[0-9０-９]{1,3}[、.．]\s*")


@dataclass(frozen=True, slots=True)
class PersonParse:
    """A name and a phone from one cell. `phone` is None when the cell has no digits at all."""

    name: str
    phone: PhoneParse | None


@remember_short
def clean_name(text: str) -> str:
    """A name in its one spelling: 张　三 is 张三, １ is 1, other spaces stay single (John Smith)."""
    name = fold(text).strip(",;、:：'")
    compact = name.replace(" ", "")
    return compact if _SPACED_NAME.fullmatch(name) and 2 <= len(compact) <= 4 else name


@remember_short
def clean_unit_name(text: str) -> str:
    """The name of a unit or place: 高州市 档案馆 is 高州市档案馆; spaces between Latin words stay."""
    return re.sub(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])", "", fold(text))


def split_people(text: str) -> tuple[str, ...]:
    """The names in a list such as 李某、王某,张某;赵某 — each once, in the order written.

    One space separates two names only when both are whole: 张三 李四 is two people, 张 三 is one.
    """
    # Only white space that folding would swallow must be saved before it.
    folded = fold(re.sub(r"[\n\r]+|[ \t\u3000]{2,}", "、", _NUMBERED.sub("、", text)))
    names: dict[str, None] = {}
    for piece in _SEPARATORS.split(folded):
        for name in _by_single_space(piece.strip()):
            cleaned = clean_name(name)
            if cleaned:
                names[cleaned] = None
    return tuple(names)


def parse_person(text: str) -> PersonParse:
    """A cell such as 张三,13900001234 or 张三（13900001234）or 13900001234 张三."""
    folded = fold(text)
    match = _PHONE_IN_CELL.search(folded)
    if not match:
        digits = re.search("[0-9]{3,}", folded)
        rest = _PHONE_LABEL.sub("", folded[: digits.start()] if digits else folded)
        return PersonParse(clean_name(rest.strip(_EDGES)), PhoneParse(None, "unreadable") if digits else None)
    around = f"{folded[: match.start()]} {folded[match.end() :]}"
    rest = _PHONE_LABEL.sub("", around)
    if re.search("[0-9]", rest):
        # More digits than one number: a second phone, or a number with a digit too many.
        return PersonParse(
            clean_name(re.sub("[0-9].*$", "", folded).strip(_EDGES)),
            PhoneParse(None, "unreadable"),
        )
    return PersonParse(clean_name(rest.replace("()", "").strip(_EDGES)), parse_phone(match[0].strip()))


def _by_single_space(piece: str) -> list[str]:
    words = piece.split(" ")
    whole = all(len(word) >= 2 and _SPACED_NAME.fullmatch(word) for word in words)
    if len(words) < 2 or not whole or (len(words) == 2 and words[0] in _COMPOUND_SURNAMES):
        return [piece]
    return words
