"""Money in yuan, whatever unit the heading or the cell speaks in."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lib.chinese.numbers import NumberParse, parse_number
from lib.chinese.text import remember_short

MoneyUnit = Literal["yuan", "wan"]
MoneyDoubt = Literal["no_unit", "too_large", "parts", "unreadable"]
UNITS: dict[MoneyUnit, int] = {"yuan": 1, "wan": 10**4}
UNIT_WORDS: dict[str, MoneyUnit] = {
    "元": "yuan",
    "人民币元": "yuan",
    "万元": "wan",
    "万": "wan",
    "人民币万元": "wan",
}

# Over this many 万元 (100 million yuan) a village project is far more likely written in yuan.
MOST_WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class MoneyParse:
    """An amount in yuan, or the doubt that keeps us from one.

    `choices` are the amounts in yuan that the cell can mean, most likely first.
    """

    yuan: Decimal | None
    approx: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    doubt: MoneyDoubt | None = None
    choices: tuple[Decimal, ...] = ()


@remember_short
def parse_money(cell: str | float | int | Decimal, heading_unit: MoneyUnit | None) -> MoneyParse:
    """Read an amount. A unit in the cell (元, 万) goes before the heading's.

    Without any unit the amount is in doubt, as is one above `MOST_WAN` under a 万元 heading.
    """
    number = parse_number(cell)
    if number is None:
        return MoneyParse(None, doubt="unreadable")
    if number.parts:
        return _several(number, heading_unit)
    assert number.value is not None  # only parts leave it empty
    if number.unit not in ("", "元", "元人民币", "块", "块钱", "元整", "圆"):
        return MoneyParse(None, doubt="unreadable")
    if number.unit or number.scaled:
        return _settled(number, 1)
    if heading_unit is None:
        return MoneyParse(
            None,
            doubt="no_unit",
            choices=tuple(plain(number.value * u) for u in UNITS.values()),
        )
    if heading_unit == "wan" and abs(number.value) > MOST_WAN:
        return MoneyParse(
            None,
            doubt="too_large",
            choices=(plain(number.value), plain(number.value * 10**4)),
        )
    return _settled(number, UNITS[heading_unit])


def plain(amount: Decimal) -> Decimal:
    """The amount without trailing zeros and never in exponent form: 14000, not 1.4E+4."""
    return Decimal(format(amount.normalize(), "f"))


def _settled(number: NumberParse, unit: int) -> MoneyParse:
    value, low, high = (None if n is None else plain(n * unit) for n in (number.value, number.low, number.high))
    return MoneyParse(value, approx=number.approx, low=low, high=high)


def _several(number: NumberParse, heading_unit: MoneyUnit | None) -> MoneyParse:
    """财政3万元、自筹2万元: the sum is offered, not assumed."""

    def amounts() -> Iterator[Decimal]:
        for part in number.parts:
            scaled = part.value >= 10**4 or part.unit
            yield part.value * (1 if scaled else UNITS[heading_unit or "yuan"])

    each = tuple(plain(a) for a in amounts())
    return MoneyParse(None, doubt="parts", choices=(plain(Decimal(sum(each))), *dict.fromkeys(each)))
