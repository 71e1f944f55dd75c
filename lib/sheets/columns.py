"""Declaring what a ledger's columns are: the whole knowledge about one kind of form.

Headings are data (Chinese, as they stand in the files); labels are interface text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from django.utils.functional import Promise

from lib.chinese.money import MoneyUnit
from lib.chinese.text import match_key


class Type(StrEnum):
    """What a column holds; `values` says which Python value each gives."""

    TEXT = "text"
    UNIT_NAME = "unit_name"
    NAME = "name"
    NAMES = "names"
    PERSON = "person"
    PHONE = "phone"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"


class Part(StrEnum):
    """Which part of a column a heading stands for; only a person has several."""

    VALUE = "value"
    NAME = "name"
    PHONE = "phone"


class Spot(NamedTuple):
    """A column's part, as a heading names it."""

    column: str
    part: Part


@dataclass(frozen=True, slots=True)
class Option:
    """One of the words a choice column knows."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a ledger.

    `heading` is the official heading; with a slash (组长/姓名) it stands under a group. `precision`
    says how exact a date must be. `unit` is the unit of money when no heading says one. A column
    that is `dropped` is recognised and never read (identity card numbers). `none_words` makes 无,
    / and - mean empty; text keeps them unless asked. `phone_headings` are headings of a person's
    phone that do not follow from the person's own (联系电话 beside 主要负责人).
    """

    name: str
    heading: str
    label: str | Promise = ""
    type: Type = Type.TEXT
    aliases: tuple[str, ...] = ()
    phone_headings: tuple[str, ...] = ()
    required: bool = False
    precision: Literal["day", "month"] = "day"
    unit: MoneyUnit | None = None
    options: tuple[Option, ...] = ()
    dropped: bool = False
    none_words: bool = False
    max_length: int = 2_000
    width: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, the official one first."""
        return (self.heading, *self.aliases)


PHONE_WORDS = ("电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联系号码", "电话(手机)")
NAME_WORDS = ("姓名", "名字")
BOTH_WORDS = (
    "姓名,电话",
    "姓名、电话",
    "姓名及电话",
    "姓名和电话",
    "姓名电话",
    "姓名/电话",
    "姓名,联系电话",
    "姓名、联系电话",
    "姓名及联系电话",
    "姓名 联系电话",
    "姓名+电话",
)
IGNORED_HEADINGS = frozenset(map(match_key, ("序号", "编号", "号", "No", "No.", "序", "行号")))
DROPPED_WORDS = ("身份证", "证件号", "银行卡", "银行账号", "开户", "社保卡")


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of ledger: a code, the name people know, its columns in official order.

    `needs`: how many known headings make a heading row, where the usual number is too many (a sheet of
    a village and one year has two).
    """

    code: str
    label: str | Promise
    columns: tuple[Column, ...]
    title: str = ""
    needs: int = 0
    spots: Mapping[str, Spot] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spots", _spots(self))

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def n_needed(self) -> int:
        """How many known headings a row must have to be the heading row."""
        if self.needs:
            return self.needs
        n_read = sum(not column.dropped for column in self.columns)
        n_required = sum(column.required for column in self.columns)
        return min(4, max(n_required, 2), n_read) if n_read < 6 else 4


_UNIT_BRACKET = re.compile(r"[(（][^()（）]*元[^()（）]*[)）]$")


def heading_key(text: str) -> str:
    """A heading as it is compared: without spaces, line ends, stars and a last colon."""
    return (
        match_key(text)
        .replace("*", "")
        .rstrip(":")
        .replace("、", ",")
        .replace("[", "(")
        .replace("]", ")")
        .replace("【", "(")
        .replace("】", ")")
    )


def _spots(kind: SheetKind) -> dict[str, Spot]:
    """Every heading that the kind knows. Headings spelled out go before those derived."""
    spots: dict[str, Spot] = {}

    def add(text: str, spot: Spot, derived: bool) -> None:
        key = heading_key(text)
        if key in spots and not derived and spots[key] != spot:
            raise ValueError(f"{kind.code}: heading {text!r} names both {spots[key].column} and {spot.column}.")
        spots.setdefault(key, spot)

    for column in kind.columns:
        for heading in column.headings:
            add(heading, Spot(column.name, Part.VALUE), derived=False)
        for heading in column.phone_headings:
            add(heading, Spot(column.name, Part.PHONE), derived=False)
    for column in kind.columns:
        if column.type is Type.MONEY:
            # 投入资金(万元) is also known as 投入资金(元): the bracket says the unit, not the column.
            for heading in column.headings:
                add(_UNIT_BRACKET.sub("", heading), Spot(column.name, Part.VALUE), derived=True)
        if column.type is Type.PERSON:
            for heading in column.headings:
                for word in NAME_WORDS:
                    add(f"{heading}/{word}", Spot(column.name, Part.NAME), derived=True)
                    add(f"{heading}{word}", Spot(column.name, Part.NAME), derived=True)
                for word in PHONE_WORDS:
                    add(f"{heading}/{word}", Spot(column.name, Part.PHONE), derived=True)
                    add(f"{heading}{word}", Spot(column.name, Part.PHONE), derived=True)
                for word in BOTH_WORDS:
                    add(f"{heading}({word})", Spot(column.name, Part.VALUE), derived=True)
                    add(f"{heading}{word}", Spot(column.name, Part.VALUE), derived=True)
    return spots
