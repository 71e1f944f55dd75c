"""What the two forms of export share: flat columns with group and heading, cells as text or number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from lib.sheets.columns import Column, SheetKind, Type
from lib.sheets.readings import DateValue, MoneyValue, NumberValue, PersonValue, Value

Row = Mapping[str, Value | None]
DateStyle = Literal["chinese", "dots", "iso"]
Written = str | float | None


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """One written column: which part of which declared column, under which headings."""

    column: Column
    part: Literal["value", "name", "phone"]
    group: str
    heading: str
    width: int


_WIDTHS: dict[Type, int] = {
    Type.DATE: 14, Type.INTEGER: 8, Type.NUMBER: 9, Type.MONEY: 10, Type.YES_NO: 7, Type.PHONE: 14,
    Type.NAME: 9, Type.PERSON: 9, Type.CHOICE: 10, Type.UNIT_NAME: 20, Type.NAMES: 20, Type.CHOICES: 14,
}  # fmt: skip


def flat_columns(kind: SheetKind) -> list[FlatColumn]:
    """The kind's columns as written: a person takes two, a heading with a slash hangs under its group."""
    flat = []
    for column in kind.columns:
        if column.dropped:
            continue
        width = column.width or _WIDTHS.get(column.type, 16)
        if column.type is Type.PERSON:
            flat.append(FlatColumn(column, "name", column.heading, "姓名", width))
            flat.append(FlatColumn(column, "phone", column.heading, "电话", 14))
        else:
            group, slash, heading = column.heading.partition("/")
            flat.append(FlatColumn(column, "value", group if slash else "", heading if slash else group, width))
    return flat


def money_unit(column: Column) -> int:
    """How many yuan one unit under the column's official heading is."""
    return 10_000 if "万元" in column.heading or column.unit == "wan" else 1


def written(row: Row, flat: FlatColumn, dates: DateStyle, *, in_yuan: bool = False) -> Written:
    """One cell of a row, ready to be written; None for an empty one."""
    value = row.get(flat.column.name)
    match value:
        case None | "" | ():
            return None
        case PersonValue():
            return (value.phone if flat.part == "phone" else value.name) or None
        case DateValue():
            return date_text(value, dates)
        case bool():
            return "是" if value else "否"
        case NumberValue():
            return number_text(value) if value.approx else float(value.value)
        case MoneyValue():
            return _money(value, 1 if in_yuan else money_unit(flat.column))
        case tuple():
            return "、".join(option_label(flat.column, item) for item in value)
        case str():
            return option_label(flat.column, value) if flat.column.type is Type.CHOICE else value


def _money(value: MoneyValue, unit: int) -> Written:
    amount, low, high = (None if n is None else n / unit for n in (value.yuan, value.low, value.high))
    number = NumberValue(amount or Decimal(0), value.approx, low, high)
    return number_text(number) if value.approx else float(number.value)


def number_text(value: NumberValue) -> str:
    """An approximate number in words that read back as the same: 约30, 30余, 近200, 30-40."""
    number = format(value.value.normalize(), "f")
    if value.low is not None and value.high is not None:
        return f"{format(value.low.normalize(), 'f')}-{format(value.high.normalize(), 'f')}"
    if value.high is not None:
        return f"近{number}"
    return f"{number}余" if value.low is not None else f"约{number}"


def option_label(column: Column, code: str) -> str:
    """The word of an option; other words stay as they are."""
    return next((option.label for option in column.options if option.code == code), code)


def date_text(value: DateValue, style: DateStyle) -> str:
    """A date or span in one of the styles: 2024年9月3日, 2024.9.3, 2024-09-03."""
    if value.precision == "month" and (value.start.year, value.start.month) == (value.end.year, value.end.month):
        return _month(value.start, style)
    if value.precision == "ten_days":
        tens = {1: "上旬", 11: "中旬", 21: "下旬"}[value.start.day]
        return f"{value.start.year}年{value.start.month}月{tens}"
    if value.precision == "month":
        return f"{value.start.year}年{value.start.month}月至{value.end.year}年{value.end.month}月"
    start = _day(value.start, style)
    return (
        start
        if value.start == value.end
        else f"{start}{'—' if style == 'chinese' else '~' if style == 'iso' else '-'}{_day(value.end, style)}"
    )


def _day(day: date, style: DateStyle) -> str:
    if style == "iso":
        return day.isoformat()
    return f"{day.year}年{day.month}月{day.day}日" if style == "chinese" else f"{day.year}.{day.month}.{day.day}"


def _month(day: date, style: DateStyle) -> str:
    return f"{day.year}-{day.month:02}" if style == "iso" else f"{day.year}年{day.month}月"


def total(rows: list[Row], column: Column) -> Decimal:
    """The sum of a number or money column, in the unit of its heading."""
    amount = Decimal(0)
    for row in rows:
        value = row.get(column.name)
        if isinstance(value, MoneyValue):
            amount += value.yuan / money_unit(column)
        elif isinstance(value, NumberValue):
            amount += value.value
    return amount
