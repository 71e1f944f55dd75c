"""Telephone numbers: one spelling for each, and what a spreadsheet does to them."""

import re
from dataclasses import dataclass
from typing import Literal

from lib.chinese.text import fold, remember_short

PhoneDoubt = Literal["scientific", "truncated", "several", "unreadable"]

_MOBILE = re.compile(r"(?:\+?0{0,2}86)?(1[3-9][0-9]{9})")
_AREA = re.compile(r"(?:\+?86)?(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([2-8][0-9]{6,7})(?:(?:-|转|ext\.?)([0-9]{1,6}))?")
_LOCAL = re.compile(r"([2-8][0-9]{6,7})(?:(?:-|转)([0-9]{1,6}))?")
_SERVICE = re.compile(r"((?:400|800)-?[0-9]{3}-?[0-9]{4}|1[0-9]{2}|12[0-9]{3}|9[0-9]{4,5})")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_SEVERAL = re.compile(r"[/、,;，；\n|]|\s{2,}|或|(?<=[0-9]{7})\s(?=[0-9]{7})")
_LABEL = re.compile(r"^(?:联系)?(?:电话|手机|手机号码?|tel|mobile)[:：]?", re.IGNORECASE)
_JOINERS = re.compile(r"[\s\-().·_]")


@dataclass(frozen=True, slots=True)
class PhoneParse:
    """A number in its one spelling (13900001234, 0668-6660000, 6660000转12) or a doubt.

    `choices` holds the numbers of a cell that has several.
    """

    number: str | None
    doubt: PhoneDoubt | None = None
    choices: tuple[str, ...] = ()


@remember_short
def parse_phone(cell: str | float | int) -> PhoneParse:
    """Read one telephone number.

    A number cell is safe up to 15 digits, so 13900001234.0 is a phone; text such as 1.39E+10 has
    lost its last digits for good and is refused, as is anything that Excel cut to 15 digits.
    """
    if not isinstance(cell, str):
        if cell != cell or cell < 0 or cell != int(cell):
            return PhoneParse(None, "unreadable")
        cell = str(int(cell))
    text = fold(cell).strip("'’‘` ")
    text = _LABEL.sub("", text).strip()
    if not text:
        return PhoneParse(None, "unreadable")
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        return PhoneParse(None, "scientific")
    digits = re.sub("[^0-9]", "", text)
    if len(digits) >= 15 and digits.endswith("000") and digits == text:
        return PhoneParse(None, "truncated")
    number = _single(text)
    if number:
        return PhoneParse(number)
    pieces = [_single(piece.strip()) for piece in _SEVERAL.split(text) if piece.strip()]
    if len(pieces) > 1 and all(pieces):
        return PhoneParse(None, "several", tuple(dict.fromkeys(p for p in pieces if p)))
    return PhoneParse(None, "unreadable")


def mask_phone(number: str) -> str:
    """The number for people who may not see it whole: 139****1234, 0668-****012."""
    mobile = _MOBILE.fullmatch(number)
    if mobile:
        return f"{number[:3]}****{number[-4:]}"
    area, dash, local = number.rpartition("-")
    if len(local) <= 3:
        return "*" * len(number)
    return f"{area}{dash}{'*' * (len(local) - 3)}{local[-3:]}"


def _single(text: str) -> str | None:
    compact = _JOINERS.sub("", text)
    mobile = _MOBILE.fullmatch(compact)
    if mobile:
        return mobile[1]
    dashed = re.sub(r"[\s()]", "", text)
    land = _AREA.fullmatch(dashed) or _AREA.fullmatch(compact)
    if land:
        return f"{land[1]}-{land[2]}" + (f"转{land[3]}" if land[3] else "")
    local = _LOCAL.fullmatch(dashed)
    if local:
        return local[1] + (f"转{local[2]}" if local[2] else "")
    service = _SERVICE.fullmatch(dashed)
    return service[1] if service else None
